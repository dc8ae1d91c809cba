"""A learner's own training loop, watched while it runs."""
