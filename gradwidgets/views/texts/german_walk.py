"""German."""

GERMAN_WALK: dict[str, str] = {}
