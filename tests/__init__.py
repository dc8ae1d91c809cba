"""Tests of gradwidgets: one directory for each part of the package, and one for each kind of run."""
