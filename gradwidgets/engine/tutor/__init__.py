"""What keeps a network from learning, and what to try."""
