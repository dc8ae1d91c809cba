"""Training: steps, their history, and what it falls back to."""
