"""German."""

GERMAN: dict[str, str] = {}
