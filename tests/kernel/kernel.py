"""A real kernel, driven as JupyterLab drives it: cells, messages of a page, and its stop button."""

from __future__ import annotations

from queue import Empty

from jupyter_client.manager import start_new_kernel

from tests.packaging.project import ROOT

TIMEOUT = 60  # seconds


class Kernel:
    """Runs cells in a kernel of its own, and stands in for the page of its widgets."""

    def __init__(self) -> None:
        self.manager, self.client = start_new_kernel(cwd=str(ROOT))

    def close(self) -> None:
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)

    def run(self, code: str) -> str:
        """Run a cell, and return what it prints or answers; an error of its ends the test."""
        told: list[str] = []

        def keep(message: dict) -> None:
            content = message["content"]
            told.append(content.get("text") or content.get("data", {}).get("text/plain", ""))

        reply = self.client.execute_interactive(
            code, output_hook=keep, timeout=TIMEOUT, stop_on_error=False
        )
        assert reply["content"]["status"] == "ok", reply["content"]
        return "".join(told).strip()

    def begin(self, code: str) -> None:
        """Begin to run a cell, and do not wait for its end."""
        self.client.execute(code)

    def value(self, expression: str) -> str:
        """Return the repr of an expression."""
        return self.run(f"print(repr(({expression})))")

    def send(self, widget: str, content: dict) -> None:
        """Send a message to a widget, by the expression that gives it, as its page does."""
        message = self.client.session.msg(
            "comm_msg",
            {
                "comm_id": self.run(f"print({widget}.model_id)"),
                "data": {"method": "custom", "content": content},
            },
        )
        self.client.shell_channel.send(message)

    def press(self, name: str, value: object = None, panel: str = "playground.page.buttons") -> None:
        """Press a button of a panel, or set another control."""
        self.send(panel, {"name": name, "value": value})

    def wait_until(self, condition: str) -> None:
        """Let the kernel's loop turn until a condition holds."""
        self.run(
            "import asyncio\n"
            "for _ in range(2000):\n"
            f"    if {condition}: break\n"
            "    await asyncio.sleep(0.005)\n"
            f"else: raise AssertionError({condition!r})"
        )

    def wait_for_print(self, words: str) -> None:
        """Wait until the kernel prints something, in or between cells."""
        while True:
            try:
                message = self.client.get_iopub_msg(timeout=TIMEOUT)
            except Empty:
                raise AssertionError(f"nobody has printed {words!r}") from None
            if message["msg_type"] == "stream" and words in message["content"]["text"]:
                return

    def interrupt(self) -> None:
        """Interrupt the kernel, as the stop button does."""
        self.manager.interrupt_kernel()
