"""In Notebook 7, where every notebook has a page of its own, links and palette do the same."""

from __future__ import annotations

import re
from urllib.parse import urlencode

import nbformat
from playwright.sync_api import BrowserContext, expect

from tests.browser.extension_page import ExtensionPage
from tests.browser.fixtures import RESULTS
from tests.browser.lab import LabServer, errors_text, new_notebook

# Notebook 7.6 reports these on its own list of files and page, with and without gradwidgets: its
# settings come later than what asks for them.
OF_NOTEBOOK = re.compile(
    r"Cannot (convert undefined or null to object"
    r"|read properties of (undefined \(reading 'schema'|null \(reading 'updateRenderOption')\))"
    # its list of files may ask for a folder before the command for that is there
    r"|Command 'filebrowser:open-path' not registered"
)


FOREIGN = "gradwidgets-course/02_backward.ipynb"


class NotebookPage(ExtensionPage):
    """A page of Notebook 7 on the list of a folder's files."""

    def load(self, **query: str) -> None:
        """Load the list of files; `query` is a link's."""
        parameters = urlencode({"token": self.server.token, **query})
        self.page.goto(f"{self.server.url}/tree/{self.name}?{parameters}", wait_until="commit")


def test_a_link_opens_a_running_playground(
    lab_server: LabServer, browser_context: BrowserContext
) -> None:
    page = NotebookPage(lab_server, browser_context)
    try:
        page.load(gradwidgets="playground")
        page.expect_playground()
        page.expect_folded()
        assert page.page.url == f"{lab_server.url}/notebooks/{page.name}/playground.ipynb"
        assert page.files() == ["playground.ipynb"]
        page.screenshot(RESULTS / "notebook7.png")
        page.load(gradwidgets="lesson-99")
        expect(page.dialog).to_contain_text("gradwidgets=lesson-99", timeout=30_000)
        page.page.keyboard.press("Enter")
        expect(page.dialog).to_have_count(0)
        page.page.get_by_role("menuitem", name="View").click()
        page.page.get_by_role("menuitem", name="Activate Command Palette").click()
        page.page.locator(".lm-CommandPalette-input:visible").fill("Open lesson")
        page.page.get_by_role("menuitem", name="Open lesson…").last.click()
        with browser_context.expect_page() as opened:
            page.dialog.get_by_role("button", name="Open").click()
        opened.value.locator(".jp-InputPrompt", has_text="[1]:").wait_for(timeout=60_000)
        opened.value.close()
        nbformat.write(new_notebook(["open('ran', 'w').close()"]), page.folder / FOREIGN)
        page.load(gradwidgets="lesson-02")
        expect(page.line).to_be_visible(timeout=60_000)
        assert page.page.url == f"{lab_server.url}/notebooks/{page.name}/{FOREIGN}"
        expect(page.page.locator(".jp-InputPrompt").first).to_have_text("[ ]:")
        assert not (page.folder / "gradwidgets-course" / "ran").exists()
        page.screenshot(RESULTS / "notebook7-first-cell.png")
        page.line.get_by_role("button", name="Run the first cell").click()
        expect(page.page.locator(".jp-InputPrompt").first).to_have_text("[1]:")
        expect(page.line).to_have_count(0)
        assert (page.folder / "gradwidgets-course" / "ran").exists()
        errors = [error for error in page.take_errors() if not OF_NOTEBOOK.search(error)]
        assert not errors, errors_text(errors)
    finally:
        page.close()
