"""German."""

GERMAN_ENGINE: dict[str, str] = {}
