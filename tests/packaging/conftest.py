"""What the tests of packaging share."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.packaging.project import pip


@pytest.fixture(scope="session")
def wheel_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout, built once for all tests."""
    directory = tmp_path_factory.mktemp("wheel")
    pip(sys.executable, "wheel", "--no-deps", "--wheel-dir", str(directory), ".")
    (path,) = directory.glob("*.whl")
    return path
