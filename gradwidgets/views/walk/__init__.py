"""The walk through a backward pass."""
