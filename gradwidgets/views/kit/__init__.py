"""What widgets are made of: panels, sheets, status lines, themes, stills."""
