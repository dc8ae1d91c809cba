"""How a graph is laid out and drawn."""
