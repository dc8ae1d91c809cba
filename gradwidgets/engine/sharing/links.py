"""Where a link that starts this on Binder leads; it needs nothing but the standard library."""

from __future__ import annotations

import re
from collections.abc import Mapping
from importlib import metadata
from urllib.parse import quote

BINDER = "https://mybinder.org/v2"


def query_of(opens: str, recipe: str = "", in_class: bool = False) -> str:
    """Return what stands after the question mark of a link that JupyterLab's extension reads.

    Parameters
    ----------
    opens : str
        "playground", "course" or a lesson as in "lesson-03".
    recipe : str, optional
        The text of a playground's recipe.
    in_class : bool, default=False
        Whether it opens in the classroom view.
    """
    shared = f"&recipe={quote(recipe, safe='')}" if recipe else ""
    return f"gradwidgets={opens}{shared}{'&view=classroom' if in_class else ''}"


def binder_of_this_kernel(environ: Mapping[str, str]) -> str:
    """Return what a link to this kernel's own image on Binder begins with; "" anywhere else."""
    host, request = environ.get("BINDER_LAUNCH_HOST", ""), environ.get("BINDER_REQUEST", "")
    if not re.match(r"https?://[^/\s]", host) or not request:
        return ""
    return f"{host.rstrip('/')}/{request.lstrip('/')}"


def binder_of_repository(address: str, branch: str = "HEAD") -> str:
    """Return what a link that starts a repository on Binder begins with; "" if there is none."""
    address = address.strip().rstrip("/").removesuffix(".git")
    if found := re.fullmatch(r"https?://github\.com/([\w.-]+)/([\w.-]+)", address):
        return f"{BINDER}/gh/{found[1]}/{found[2]}/{quote(branch, safe='')}"
    if found := re.fullmatch(r"https?://gitlab\.com/([\w.-]+(?:/[\w.-]+)+)", address):
        return f"{BINDER}/gl/{quote(found[1], safe='')}/{quote(branch, safe='')}"
    if re.match(r"https?://[^/\s]+/\S", address):
        return f"{BINDER}/git/{quote(address, safe='')}/{quote(branch, safe='')}"
    return ""


def repository_address() -> str:
    """Return the repository's address from the installed package's metadata, or "".

    There it comes from ``project.urls`` of pyproject.toml, the only place where it stands.
    """
    try:
        urls: list[str] = metadata.metadata("gradwidgets").get_all("Project-URL") or []
    except metadata.PackageNotFoundError:
        return ""
    named = dict(line.split(", ", 1) for line in urls if ", " in line)
    return named.get("Repository", "")
