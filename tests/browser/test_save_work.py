"""A learner presses "Save my work", and the browser has all of it in one file."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

from playwright.sync_api import expect

from tests.browser.lab import Lab

SETUP = """
import json, os, tempfile
from pathlib import Path
folder = Path(tempfile.mkdtemp())
os.environ["GRADWIDGETS_DATA"] = str(folder / "data")
os.chdir(folder)
import gradwidgets
gradwidgets.save_work()
"""


def test_the_button_says_why_there_is_nothing_and_then_downloads_all(
    lab: Lab, tmp_path: Path
) -> None:
    notebook = lab.open([SETUP], theme="dark")
    notebook.run_all()
    page = notebook.page
    button = page.get_by_role("button", name="Save my work", exact=True)
    status = page.locator(".gw-save").get_by_role("status")
    expect(status).to_have_text("")
    button.focus()
    page.keyboard.press("Enter")
    trouble = page.locator(".gw-save").get_by_role("alert")
    expect(trouble).to_contain_text("There is nothing to save: no notebook in ")
    notebook.kernel("(folder / 'mine.ipynb').write_text('{\"cells\": [1]}')")
    with page.expect_download() as download:
        button.click()
    name = download.value.suggested_filename
    assert re.fullmatch(r"gradwidgets-work-\d{4}-\d\d-\d\d-\d{4}\.zip", name)
    expect(status).to_have_text(
        f"Saved as {name} (0.001 MB): look among your browser's downloads. To get it back: "
        f"gradwidgets restore {name}"
    )
    download.value.save_as(tmp_path / name)
    with zipfile.ZipFile(tmp_path / name) as file:
        assert file.namelist() == ["mine.ipynb", "README.txt"]
        assert file.read("mine.ipynb") == b'{"cells": [1]}'
