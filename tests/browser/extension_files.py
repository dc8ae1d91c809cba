"""The modules of the extension on a page that has nothing else: no JupyterLab and no kernel."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, Route

from gradwidgets.lab.assemble import assemble

TYPES = {".js": "text/javascript", ".json": "application/json"}


@contextmanager
def page_of_files(browser: Browser) -> Iterator[Page]:
    """Open a page of a server that has only the files of the extension."""
    folder = tempfile.TemporaryDirectory()
    (static,) = assemble(Path(folder.name)).glob("static/*")

    def answer(route: Route) -> None:
        path = static / route.request.url.rpartition("/")[2]
        if path.is_file():
            route.fulfill(body=path.read_bytes(), content_type=TYPES[path.suffix])
        else:
            route.fulfill(body="<!doctype html>", content_type="text/html")

    context = browser.new_context()
    context.route("**/*", answer)
    page = context.new_page()
    page.goto("http://gradwidgets.test/")
    try:
        yield page
    finally:
        context.close()
        folder.cleanup()
