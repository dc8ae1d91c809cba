"""Whether a learner's backward pass is right, and if not, why."""
