"""Print the links that start the image: `python binder/links.py [--hub ADDRESS] [--repository …]`.

The repository's address stands in one place, `project.urls` of pyproject.toml, under the name
Repository; `--repository` is for a copy of it elsewhere. With `--hub`, the links of a JupyterHub
come too: one that opens the playground, and one that first brings a repository's newest notebooks
(nbgitpuller, which the image holds). With `--classroom`, they open the classroom view.
"""

from __future__ import annotations

import argparse
import sys
import tomllib
from pathlib import Path
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))  # nothing has to be installed for this
from gradwidgets.engine.sharing.links import binder_of_repository, query_of  # noqa: E402

OPENS = {"playground": "the playground", "course": "the course", "lesson-03": "lesson 3"}

UNKNOWN = (
    "The repository's address is not known yet. When it is, write it into pyproject.toml:\n"
    '[project.urls]\nRepository = "https://…"\n'
    "Until then, give it: python binder/links.py --repository https://…"
)


def repository(pyproject: Path = ROOT / "pyproject.toml") -> str | None:
    """Return the repository's address, or None while it is not known."""
    project = tomllib.loads(pyproject.read_text(encoding="utf-8"))["project"]
    return project.get("urls", {}).get("Repository")


def binder_link(
    address: str, opens: str, branch: str = "HEAD", *, in_class: bool = False
) -> str:
    """Return the link with which Binder builds the repository and opens a playground or lesson."""
    return f"{binder_of_repository(address, branch)}?{_urlpath(opens, in_class)}"


def hub_link(hub: str, opens: str, *, in_class: bool = False) -> str:
    """Return the link that opens a playground or lesson on a JupyterHub with this image."""
    return f"{hub.rstrip('/')}/hub/user-redirect/{_lab(opens, in_class)}"


def pull_link(
    hub: str, address: str, opens: str, branch: str = "main", *, in_class: bool = False
) -> str:
    """Return the link that brings a repository's newest files into the home, and then opens it."""
    query = urlencode({"repo": address, "branch": branch})
    return f"{hub.rstrip('/')}/hub/user-redirect/git-pull?{query}&{_urlpath(opens, in_class)}"


def _lab(opens: str, in_class: bool) -> str:
    return f"lab?{query_of(opens, in_class=in_class)}"


def _urlpath(opens: str, in_class: bool) -> str:
    return urlencode({"urlpath": _lab(opens, in_class)})


def main(arguments: list[str] | None = None) -> int:
    """Print the links; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--hub", metavar="ADDRESS", help="of a JupyterHub that uses this image")
    parser.add_argument("--repository", metavar="ADDRESS", default=repository())
    parser.add_argument("--branch", help="the default one, if not given (main, for nbgitpuller)")
    parser.add_argument("--classroom", action="store_true", help="open the classroom view")
    given = parser.parse_args(arguments)
    view = {"in_class": given.classroom}
    if given.hub:
        for opens, name in OPENS.items():
            print(f"JupyterHub, {name}: {hub_link(given.hub, opens, **view)}")
    if not given.repository:
        print(UNKNOWN, file=sys.stderr)
        return 1
    for opens, name in OPENS.items():
        link = binder_link(given.repository, opens, given.branch or "HEAD", **view)
        print(f"Binder, {name}: {link}")
    if given.hub:
        link = pull_link(given.hub, given.repository, "course", given.branch or "main", **view)
        print(f"JupyterHub, newest files first: {link}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
