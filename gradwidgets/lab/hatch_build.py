"""What hatchling calls while it builds the wheel: JupyterLab's extension goes into it."""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

EXTENSIONS = "share/jupyter/labextensions"


class LabExtensionHook(BuildHookInterface):
    """Adds the extension, and to an ordinary wheel the notebooks; an editable one finds its own."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Put the extension together, and tell hatchling where it belongs."""
        sys.path.insert(0, self.root)
        try:
            from gradwidgets.lab.assemble import assemble
        finally:
            sys.path.remove(self.root)
        self.made = Path(tempfile.mkdtemp(prefix="gradwidgets-lab-"))
        extension = assemble(self.made)
        build_data["shared_data"][str(extension)] = f"{EXTENSIONS}/{extension.name}"
        if version != "editable":
            build_data["force_include"][str(Path(self.root, "notebooks"))] = (
                "gradwidgets/notebooks"
            )

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Remove what was put together: the wheel holds it now."""
        shutil.rmtree(self.made, ignore_errors=True)
