"""From the click on a card of JupyterLab's launcher to the widget: at most 3 s.

    python -m pytest tests/benchmarks/bench_lab.py -s

The kernel is started by the click each time. The first time, the browser loads the notebook's and
the widgets' scripts too.
"""

from __future__ import annotations

import time

from playwright.sync_api import BrowserContext, expect

from tests.browser.extension_page import PLAYGROUND, ExtensionPage
from tests.browser.lab import LabServer

ROUNDS = 5


def test_from_click_to_widget(lab_server: LabServer, browser_context: BrowserContext) -> None:
    seconds = []
    for _ in range(ROUNDS):
        page = ExtensionPage(lab_server, browser_context)
        page.load()
        card = page.card(PLAYGROUND)
        expect(card).to_be_visible(timeout=30_000)
        page.page.wait_for_load_state("networkidle")
        start = time.perf_counter()
        card.click()
        page.expect_playground()
        seconds.append(time.perf_counter() - start)
        page.close()
    print("\nclick to widget:", ", ".join(f"{one:.2f} s" for one in seconds))
