"""Chromium is looked for in the order that `chromium` promises."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.browser import chromium


def program(directory: Path, name: str, exit_code: int = 0) -> Path:
    """Write a program to `directory` that only ends with `exit_code`; return its path."""
    path = directory / name
    path.write_text(f"#!/bin/sh\nexit {exit_code}\n")
    path.chmod(0o755)
    return path


@pytest.fixture
def search_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty directory that is all of PATH, so that the machine's own Chromium is not seen."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("GRADWIDGETS_CHROMIUM", raising=False)
    return tmp_path


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The ways tried after the system's own; each of them fails."""
    ways: list[str] = []

    def fail(name: str) -> str:
        ways.append(name)
        return f"{name} failed"

    monkeypatch.setattr(chromium, "from_playwright", lambda: fail("Playwright"))
    monkeypatch.setattr(chromium, "from_apt", lambda: fail("apt-get"))
    return ways


def test_a_system_chromium_comes_first(search_path: Path, asked: list[str]) -> None:
    program(search_path, "google-chrome")
    path = program(search_path, "chromium")
    assert chromium.provide() == path
    assert asked == []


def test_a_chromium_that_does_not_start_is_passed_over(
    search_path: Path, asked: list[str]
) -> None:
    program(search_path, "chromium", exit_code=1)
    path = program(search_path, "google-chrome")
    assert chromium.provide() == path
    assert asked == []


def test_a_chromium_that_is_named_is_the_only_one_tried(
    search_path: Path, asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    program(search_path, "chromium")
    mine = program(search_path, "mine")
    monkeypatch.setenv("GRADWIDGETS_CHROMIUM", str(mine))
    assert chromium.provide() == mine
    monkeypatch.setenv("GRADWIDGETS_CHROMIUM", str(search_path / "missing"))
    with pytest.raises(chromium.ChromiumNotFound, match="does not start; correct or unset it"):
        chromium.provide()


def test_playwright_is_asked_before_apt(
    search_path: Path, asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = program(search_path, "downloaded")
    monkeypatch.setattr(chromium, "from_playwright", lambda: path)
    assert chromium.provide() == path
    assert asked == []


def test_apt_is_asked_last(
    search_path: Path, asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = program(search_path, "installed")
    monkeypatch.setattr(chromium, "from_apt", lambda: path)
    assert chromium.provide() == path
    assert asked == ["Playwright"]


def test_without_any_chromium_there_is_an_error_that_says_what_was_tried(
    search_path: Path, asked: list[str]
) -> None:
    with pytest.raises(chromium.ChromiumNotFound) as caught:
        chromium.provide()
    assert asked == ["Playwright", "apt-get"]
    for part in ("none that starts is installed", "Playwright failed", "apt-get failed",
                 "Install Chromium or Chrome"):
        assert part in str(caught.value)


def test_programs_of_macos_and_windows_are_found_where_they_are_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    windows = Path(f"{tmp_path}/{chromium.WINDOWS_PATHS[1]}")
    windows.touch()
    found = chromium.candidates({"PROGRAMFILES": str(tmp_path)}, "win32")
    assert list(found) == [windows]
    mac = tmp_path / "Chromium"
    mac.touch()
    monkeypatch.setattr(chromium, "MAC_PATHS", ("/not/there", str(mac)))
    assert list(chromium.candidates({}, "darwin")) == [mac]
    assert list(chromium.candidates({}, "linux")) == []


@pytest.mark.parametrize(
    ("root", "debian", "said"),
    [(False, True, "needs root"), (True, False, "not Debian or Ubuntu")],
)
def test_apt_is_left_alone_where_it_cannot_help(
    monkeypatch: pytest.MonkeyPatch, root: bool, debian: bool, said: str
) -> None:
    monkeypatch.setattr(chromium, "_is_root", lambda: root)
    monkeypatch.setattr(chromium, "_is_debian", lambda: debian)
    monkeypatch.setattr(chromium, "_run", lambda *_, **__: pytest.fail("nothing may be run"))
    assert said in str(chromium.from_apt())


def test_apt_installs_and_the_result_is_looked_up(
    search_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program(search_path, "apt-get")
    monkeypatch.setattr(chromium, "_is_root", lambda: True)
    monkeypatch.setattr(chromium, "_is_debian", lambda: True)
    run = chromium._run
    commands = []

    def installing(*command: str, seconds: float) -> subprocess.CompletedProcess[str]:
        commands.append(command[:2])
        if command[1] == "install":
            program(search_path, "chromium")
        return run(*command, seconds=seconds)

    monkeypatch.setattr(chromium, "_run", installing)
    assert chromium.from_apt() == search_path / "chromium"
    assert commands[:2] == [("apt-get", "update"), ("apt-get", "install")]


def test_a_failed_download_is_told_with_its_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    told = "Error: no such host\n  at f\n}"
    monkeypatch.setattr(
        chromium, "_run",
        lambda *command, seconds: subprocess.CompletedProcess(command, 1, told, ""),
    )
    assert chromium.from_playwright() == "Playwright's download failed (Error: no such host)"


@pytest.mark.parametrize("root", [True, False])
def test_the_sandbox_is_off_for_root_only(monkeypatch: pytest.MonkeyPatch, root: bool) -> None:
    monkeypatch.setattr(chromium, "_is_root", lambda: root)
    arguments = chromium.launch_arguments()
    assert ("--no-sandbox" in arguments) == root
    assert "--disable-background-networking" in arguments


def test_the_chromium_of_this_machine_starts() -> None:
    path = chromium.provide()
    assert os.access(path, os.X_OK)
    assert chromium.starts(path)
