"""A graph on the page, with its tools and its inspector."""
