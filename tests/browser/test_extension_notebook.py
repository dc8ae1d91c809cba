"""In Notebook 7, where every notebook has a page of its own, links and palette do the same."""

from __future__ import annotations

from playwright.sync_api import BrowserContext, expect

from tests.browser.extension_page import ExtensionPage
from tests.browser.fixtures import RESULTS
from tests.browser.lab import LabServer, errors_text


class NotebookPage(ExtensionPage):
    """A page of Notebook 7 on the list of a folder's files."""

    def load(self, **query: str) -> None:
        """Load the list of files; `query` is a link's."""
        from urllib.parse import urlencode

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
        with browser_context.expect_page() as opened:
            page.choose("Neural network playground")
        expect(opened.value.locator(".gw-playground")).to_be_visible(timeout=60_000)
        opened.value.close()
        errors = page.take_errors()
        assert not errors, errors_text(errors)
    finally:
        page.close()
