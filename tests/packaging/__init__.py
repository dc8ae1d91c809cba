"""Tests of what surrounds the code: commands, wheel, imports, documentation, Binder."""
