"""The points that a network learns from."""
