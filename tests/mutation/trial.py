"""One trial: a copy of the tree with one fault, and the tests that should notice it.

Tests with the kernels as plain Python run in a process that is forked from one which has
imported the libraries; nothing is compiled. Tests with the compiler run in a new process, with a
folder of their own for compiled code.
"""

import contextlib
import importlib
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

from tests.mutation.faults import SOURCES, Fault

ROOT = Path(__file__).parents[2]
COPIED = ("src", "tests", "reference", "scenarios", "docs", "README.md", "pyproject.toml")
CAUGHT, SURVIVED, LATE, BROKEN = "caught", "survived", "out of time", "broken"


class Outcome(NamedTuple):
    """result: one of the four words above. by: the first test that failed; empty if none."""

    result: str
    by: str
    seconds: float


def copied(folder: Path) -> Path:
    """A copy of the tree in a folder, without compiled files."""
    tree = folder / "tree"
    for name in COPIED:
        if (ROOT / name).is_dir():
            ignored = shutil.ignore_patterns("__pycache__", "gallery", "*.svg", "*.png")
            shutil.copytree(ROOT / name, tree / name, ignore=ignored)
        elif (ROOT / name).exists():
            shutil.copy(ROOT / name, tree / name)
    (folder / "twin").mkdir()
    return tree


def tried(fault: Fault | None, tests: tuple[str, ...], compiled: bool, tree: Path,
          limit: float) -> Outcome:  # fmt: skip
    """Run tests on the tree with a fault, or without one; the tree is as before afterwards."""
    begin = time.monotonic()
    with _planted(fault, tree):
        run = _compiled if compiled else _forked
        code, output = run(tests, tree, limit)
    seconds = time.monotonic() - begin
    failed = [line.split(" ")[1] for line in output.splitlines() if line.startswith("FAILED ")]
    if code is None:
        return Outcome(LATE, "", seconds)
    if failed:
        return Outcome(CAUGHT, failed[0], seconds)
    if code == 0:
        return Outcome(SURVIVED, "", seconds)
    return Outcome(BROKEN, output[-2000:], seconds)


@contextlib.contextmanager
def _planted(fault: Fault | None, tree: Path):
    """The tree with a fault in it."""
    if fault is None:
        yield
        return
    file = tree / SOURCES / fault.file
    source, before = file.read_text("utf-8"), file.stat()
    file.write_text(fault.applied(source), "utf-8")
    # Python takes a compiled file for the source's by its size and its second.
    os.utime(file, (before.st_atime, time.time() + 1 + hash(fault.name) % 10**6))
    try:
        yield
    finally:
        file.write_text(source, "utf-8")
        os.utime(file, (before.st_atime, before.st_mtime))


def _options(tests: tuple[str, ...]) -> list[str]:
    # Without the options of the whole suite; -x: the first failure is enough.
    options = ["-o", "addopts=", "-x", "-q", "--tb=no", "-rf", "-W", "ignore"]
    return [*options, "-p", "no:cacheprovider", *tests]


def _environment(tree: Path) -> dict[str, str]:
    paths = os.pathsep.join(str(tree / part) for part in ("src", ".", "tests"))
    return {
        "PYTHONPATH": paths, "XDG_CACHE_HOME": str(tree.parent / "cache"),
        "UNDERWATCH_TWIN_DAYS": str(tree.parent / "twin"),
    }  # fmt: skip


def _compiled(tests: tuple[str, ...], tree: Path, limit: float) -> tuple[int | None, str]:
    try:
        done = subprocess.run(
            [sys.executable, "-m", "pytest", *_options(tests)], cwd=tree, timeout=limit,
            env=os.environ | _environment(tree), capture_output=True, text=True,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return None, ""
    return done.returncode, done.stdout


def _forked(tests: tuple[str, ...], tree: Path, limit: float) -> tuple[int | None, str]:
    """Exit code (None: out of time) and output of pytest in a child of this process."""
    output = tree.parent / "output"
    _import_libraries()
    child = os.fork()
    if child == 0:
        _run_tests(tests, tree, output)
    end = time.monotonic() + limit
    while time.monotonic() < end:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status), output.read_text("utf-8", "replace")
        time.sleep(0.2)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return None, ""


def _import_libraries() -> None:
    """What every trial needs, once for all; nothing of the package."""
    for name in ("hypothesis", "numba", "pandas", "pydantic", "pytest", "scipy.special", "xarray"):
        importlib.import_module(name)


def _run_tests(tests: tuple[str, ...], tree: Path, output: Path) -> None:
    """In the child: pytest on the tree, with the kernels as plain Python. Never returns."""
    code = 3
    try:
        out = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        os.dup2(out, 1)
        os.dup2(out, 2)
        os.environ.update(_environment(tree))
        os.chdir(tree)
        sys.dont_write_bytecode = False  # the next trial reads what this one compiled
        for name in [name for name in sys.modules if name.partition(".")[0] == "tests"]:
            del sys.modules[name]
        sys.path[:0] = [str(tree / "src"), str(tree), str(tree / "tests")]
        import pytest

        code = int(pytest.main([*_options(tests), "-p", "tests.mutation.plain"]))
        sys.stdout.flush()
    finally:
        os._exit(code)
