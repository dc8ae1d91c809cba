"""The graph of a computation as plain data."""
