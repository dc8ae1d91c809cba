"""An experiment as text: recipes and links."""
