"""What a class needs around the image: values for its JupyterHub, and links that open it."""

from __future__ import annotations

import re
import runpy
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import yaml

from tests.packaging.project import ROOT, source_files

BINDER = ROOT / "binder"
LINKS = runpy.run_path(str(BINDER / "links.py"))

# The settings of chart 4.4 that are used, and what the chart takes for each.
SETTINGS = {
    "singleuser.image.name": str,
    "singleuser.image.tag": str,
    "singleuser.memory.guarantee": str,
    "singleuser.memory.limit": str,
    "singleuser.cpu.guarantee": (int, float),
    "singleuser.cpu.limit": (int, float),
    "singleuser.defaultUrl": str,
    "singleuser.storage.type": str,
    "singleuser.storage.capacity": str,
    "singleuser.storage.homeMountPath": str,
    "singleuser.startTimeout": int,
    "hub.concurrentSpawnLimit": int,
    "hub.activeServerLimit": int,
    "cull.enabled": bool,
    "cull.timeout": int,
    "cull.every": int,
    "cull.maxAge": int,
    "scheduling.userScheduler.enabled": bool,
    "scheduling.podPriority.enabled": bool,
    "scheduling.userPlaceholder.enabled": bool,
    "scheduling.userPlaceholder.replicas": int,
    "prePuller.hook.enabled": bool,
    "prePuller.continuous.enabled": bool,
}

UNITS = {"M": 1, "G": 1000, "Mi": 2**20 / 1e6, "Gi": 2**30 / 1e6}
BAR = 150  # MB of a kernel with everything loaded


def flat(values: dict, prefix: str = "") -> Iterator[tuple[str, object]]:
    """Yield each setting with its dotted name."""
    for name, value in values.items():
        if isinstance(value, dict):
            yield from flat(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value


def megabytes(text: str) -> float:
    """Return an amount of memory as Kubernetes writes it, in MB."""
    number, unit = re.fullmatch(r"([\d.]+)(\w+)", text).groups()
    return float(number) * UNITS[unit]


@pytest.fixture
def values() -> dict:
    return yaml.safe_load((BINDER / "jupyterhub.yaml").read_text(encoding="utf-8"))


def test_every_value_is_a_setting_that_the_chart_knows(values: dict) -> None:
    del values["custom"]  # the chart's place for what is our own
    settings = dict(flat(values))
    assert settings.keys() == SETTINGS.keys()
    for name, value in settings.items():
        assert isinstance(value, SETTINGS[name]), name
        assert isinstance(value, bool) == (SETTINGS[name] is bool), name


def test_the_memory_of_a_server_is_at_least_what_was_measured(values: dict) -> None:
    measured = values["custom"]["measured"]
    assert measured["kernel"] <= measured["kernelCold"] <= BAR
    memory = {name: megabytes(text) for name, text in values["singleuser"]["memory"].items()}
    server = measured["server"] + measured["serverOnHub"]
    assert 1.2 * (server + 2 * measured["kernel"]) <= memory["guarantee"]
    assert server + 5 * measured["kernelCold"] <= memory["limit"]


def test_the_processors_of_a_class_are_enough_for_half_of_it_to_train(values: dict) -> None:
    measured, cpu = values["custom"]["measured"], values["singleuser"]["cpu"]
    assert cpu["guarantee"] >= 0.5 * measured["processorAtFirst"]
    assert cpu["limit"] >= 2 * measured["processorAtFullSpeed"]


def test_the_hub_has_room_for_the_whole_class(values: dict) -> None:
    assert values["custom"]["class"] == 300
    assert values["hub"]["activeServerLimit"] >= 1.1 * values["custom"]["class"]
    placeholders = values["scheduling"]["userPlaceholder"]["replicas"]
    assert placeholders >= 0.1 * values["custom"]["class"]
    assert values["scheduling"]["podPriority"]["enabled"], "placeholders would never make way"


def test_what_the_comment_says_of_the_nodes_is_so(values: dict) -> None:
    text = (BINDER / "jupyterhub.yaml").read_text(encoding="utf-8")
    guarantee = megabytes(values["singleuser"]["memory"]["guarantee"])
    gigabytes = values["custom"]["class"] * guarantee / 1000
    assert f"are {gigabytes:.0f} GB" in " ".join(text.replace("#", "").split())


def test_the_default_page_has_no_query_which_the_server_would_drop(values: dict) -> None:
    assert urlsplit(values["singleuser"]["defaultUrl"]).query == ""


def test_a_home_that_is_kept_hides_nothing_that_is_needed(values: dict) -> None:
    assert values["singleuser"]["storage"]["type"] == "dynamic"
    script = (BINDER / "postBuild").read_text(encoding="utf-8")
    assert "python -m gradwidgets.views.graph.drawing.cache\n" in script  # not into a home


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("https://github.com/some/course", "gh/some/course"),
        ("https://github.com/some/course.git", "gh/some/course"),
        ("https://gitlab.com/some/group/course/", "gl/some%2Fgroup%2Fcourse"),
        ("https://git.school.example/x", "git/https%3A%2F%2Fgit.school.example%2Fx"),
    ],
)
def test_binders_link_opens_a_running_playground(address: str, place: str) -> None:
    link = LINKS["binder_link"](address, "playground")
    assert link == (
        f"https://mybinder.org/v2/{place}/HEAD?urlpath=lab%3Fgradwidgets%3Dplayground"
    )
    assert parse_qs(urlsplit(link).query) == {"urlpath": ["lab?gradwidgets=playground"]}


def test_the_links_of_a_hub_open_the_same() -> None:
    hub, address = "https://hub.school.example/", "https://git.school.example/course?x=1&y"
    assert LINKS["hub_link"](hub, "lesson-03") == (
        "https://hub.school.example/hub/user-redirect/lab?gradwidgets=lesson-03"
    )
    link = urlsplit(LINKS["pull_link"](hub, address, "course", "2027"))
    assert link.path == "/hub/user-redirect/git-pull"
    assert parse_qs(link.query) == {
        "repo": [address], "branch": ["2027"], "urlpath": ["lab?gradwidgets=course"]
    }  # fmt: skip


def test_a_link_may_open_the_classroom_view() -> None:
    address, hub = "https://github.com/some/course", "https://hub.example"
    asked = "lab?gradwidgets=playground&view=classroom"
    link = LINKS["binder_link"](address, "playground", in_class=True)
    assert parse_qs(urlsplit(link).query) == {"urlpath": [asked]}
    assert LINKS["hub_link"](hub, "playground", in_class=True) == f"{hub}/hub/user-redirect/{asked}"
    pulled = urlsplit(LINKS["pull_link"](hub, address, "playground", in_class=True))
    assert parse_qs(pulled.query)["urlpath"] == [asked]


def test_links_are_printed_for_a_repository_and_a_hub(capsys: pytest.CaptureFixture) -> None:
    arguments = ["--repository", "https://github.com/some/course", "--hub", "https://hub.example"]
    assert LINKS["main"](arguments) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 2 * len(LINKS["OPENS"]) + 1
    assert any("/v2/gh/some/course/HEAD?" in line for line in lines)
    assert lines[-1].startswith(
        "JupyterHub, newest files first: https://hub.example/hub/user-redirect/git-pull?"
        "repo=https%3A%2F%2Fgithub.com%2Fsome%2Fcourse&branch=main&"
    )


def test_without_an_address_it_says_where_to_write_it(
    capsys: pytest.CaptureFixture, tmp_path: Path
) -> None:
    project = tmp_path / "pyproject.toml"
    project.write_text("[project]\nname = 'x'\n")
    assert LINKS["repository"](project) is None
    project.write_text("[project]\nname = 'x'\n[project.urls]\nRepository = 'https://a.example'\n")
    assert LINKS["repository"](project) == "https://a.example"
    if LINKS["repository"]() is None:
        assert LINKS["main"]([]) == 1
        assert "[project.urls]\nRepository = " in capsys.readouterr().err


def test_the_repositorys_address_stands_in_one_place_only() -> None:
    address = LINKS["repository"]()
    for path in source_files():
        if path == "pyproject.toml" or path.startswith("tests/"):
            continue
        data = (ROOT / path).read_bytes()
        assert not re.search(rb"mybinder\.org/v2/\w+/[\w%]", data), path  # only put together
        assert address is None or address.encode() not in data, path
    note = (BINDER / "README.md").read_text(encoding="utf-8")
    assert ("it is not there yet" in note) == (address is None)
