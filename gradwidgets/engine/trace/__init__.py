"""What a learner's own `backward` does when it is called."""
