"""German."""

GERMAN_COURSE: dict[str, str] = {}
