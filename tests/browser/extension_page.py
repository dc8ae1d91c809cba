"""What people do with the extension: cards, palette and links, in a folder of their own."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlencode

from playwright.sync_api import BrowserContext, Locator, expect

from tests.browser.lab import LabServer, WatchedPage, errors_text

PLAYGROUND = "Neural network playground"
COURSE = "Backpropagation course"

KERNEL_TEXT = """
async (code) => {
    const {kernel} = window.jupyterapp.shell.currentWidget.sessionContext.session;
    const future = kernel.requestExecute({code, store_history: false});
    let text = "";
    future.onIOPub = ({content}) => { text += content.text ?? ""; };
    const {content} = await future.done;
    return content.status === "ok" ? text : `${content.ename}: ${content.evalue}`;
}
"""

# A session that is still starting is not in the server's list yet, and would outlive its page.
SESSIONS_STARTED = """
() => Promise.race([
    Promise.all([...(window.jupyterapp?.shell.widgets("main") ?? [])]
        .map((widget) => widget.sessionContext?.ready)).then(() => {}),
    new Promise((done) => setTimeout(done, 10_000)),
])
"""

RUN_AND_SAVED = """
() => {
    const {content, context} = window.jupyterapp.shell.currentWidget;
    const cell = content.widgets.find((cell) => cell.model.type === "code");
    return cell.model.executionCount !== null && !context.model.dirty;
}
"""


class ExtensionPage(WatchedPage):
    """A page of JupyterLab whose file browser shows a folder, empty at first.

    Attributes
    ----------
    folder : Path
        Where the folder is on the disk.
    """

    def __init__(self, server: LabServer, context: BrowserContext, *, theme: str = "light",
                 viewport: tuple[int, int] = (1280, 800)) -> None:
        super().__init__(context, viewport)
        self.server = server
        self.name = uuid.uuid4().hex[:8]
        self.folder = server.files / self.name
        self.folder.mkdir()
        server.set_theme(theme)

    def load(self, **query: str) -> None:
        """Load the page; `query` is a link's."""
        parameters = urlencode({"token": self.server.token, **query})
        self.page.goto(f"{self.server.url}/lab/workspaces/{self.name}/tree/{self.name}"
                       f"?{parameters}", wait_until="commit")
        self.page.wait_for_function("window.jupyterapp?.restored.then(() => true)")

    def card(self, label: str) -> Locator:
        """Return a card of the launcher."""
        return self.page.locator(".jp-LauncherCard").filter(has_text=label)

    def choose(self, label: str) -> None:
        """Choose a command in the palette, with the keyboard."""
        self.page.keyboard.press("Control+Shift+c")
        self.page.locator(".lm-CommandPalette-input:visible").fill(label)
        first = self.page.locator(".lm-CommandPalette-item.lm-mod-active:visible")
        expect(first.locator(".lm-CommandPalette-itemLabel")).to_have_text(label)
        self.page.keyboard.press("Enter")

    @property
    def playground(self) -> Locator:
        """The playground in the notebook in front."""
        return self.page.locator(".jp-NotebookPanel:visible .gw-playground")

    @property
    def dialog(self) -> Locator:
        """The dialog that is open."""
        return self.page.locator(".jp-Dialog-content")

    @property
    def tab(self) -> Locator:
        """The name of the document in front."""
        return self.page.locator("#jp-main-dock-panel .lm-TabBar-tab.lm-mod-current")

    def expect_playground(self) -> None:
        """Wait until the playground is there: a kernel has to start for it."""
        expect(self.playground).to_be_visible(timeout=60_000)

    def expect_folded(self) -> None:
        """Wait until the code of the cell with the playground is out of sight, but can be had."""
        cell = self.page.locator(".jp-CodeCell").filter(has=self.page.locator(".gw-playground"))
        expect(cell.locator(".jp-InputPlaceholder")).to_be_visible()
        expect(cell.locator(".jp-InputArea-editor")).to_be_hidden()

    @property
    def line(self) -> Locator:
        """The line above the notebook in front whose first cell was not run."""
        return self.page.locator(".jp-NotebookPanel:visible").get_by_role("status").filter(
            has_text="The first cell was not run"
        )

    def expect_saved(self) -> None:
        """Wait until the first code cell of the notebook in front has run, and the file says so."""
        self.page.wait_for_function(RUN_AND_SAVED)

    def wait_for_kernel(self) -> None:
        """Wait until the kernel of the notebook in front is idle."""
        self.page.wait_for_function(
            "window.jupyterapp.shell.currentWidget?.sessionContext?.kernelDisplayStatus === 'idle'"
        )

    def in_kernel(self, code: str) -> str:
        """Run code in the kernel of the notebook in front; return what it prints, or its error."""
        return self.page.evaluate(KERNEL_TEXT, code)

    def files(self) -> list[str]:
        """Return the names in the folder, without checkpoints."""
        return sorted(path.name for path in self.folder.iterdir() if path.name[0] != ".")

    def close(self) -> None:
        """Close the page, and shut down the kernels of the folder."""
        if not self.page.is_closed():
            self.page.evaluate(SESSIONS_STARTED)
        super().close()
        self.end_kernels()

    def end_kernels(self) -> None:
        """Shut down the kernels of the folder."""
        for session in self.server.request("GET", "sessions"):
            if session["path"].startswith(f"{self.name}/"):
                self.server.request("DELETE", f"sessions/{session['id']}")


@contextmanager
def extension_page(server: LabServer, context: BrowserContext, **options: object
                   ) -> Iterator[ExtensionPage]:
    """Open a page; at the end, fail if the browser has reported an error in it."""
    page = ExtensionPage(server, context, **options)
    try:
        yield page
        errors = page.take_errors()
        assert not errors, errors_text(errors)
    finally:
        page.close()
