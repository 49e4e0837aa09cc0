"""A whole small run, from the command to the prompt, with the compiled code at hand.

Prints wall time and processor time of the whole process and of those that it starts, over several
runs, the stages of one of them from inside, and how long the help takes. The first run, which
compiles what is not compiled yet, is not counted. Python's own bytecode is kept in any case: a
setting that it be not (PYTHONDONTWRITEBYTECODE) would cost every run half a second.
"""

import argparse
import importlib.abc
import importlib.machinery
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import wraps
from pathlib import Path
from statistics import median
from typing import Any

# Module, function and label of what is timed from inside.
STAGES = (
    ("underwatch.cli", "main", "the command"),
    ("underwatch.scenario.scenario", "reading", "reading the scenario"),
    ("underwatch.results.settings", "settings_of", "checking the run"),
    ("underwatch.engine.population", "build", "building the nation"),
    ("underwatch.engine.simulation", "Simulation.__init__", "the first morning"),
    ("underwatch.engine.simulation", "Simulation.run", "the days"),
    ("underwatch.results.reservation", "Reservation.complete", "writing"),
    ("underwatch.results.run_result", "Run.report", "the page"),
    ("underwatch.report.rendering", "ChartRenderer.__call__", "charts"),
    ("underwatch.results.folder", "write_netcdf", "tallies.nc"),
    ("underwatch.results.folder", "write_parquet", "Parquet"),
    ("underwatch.cli.run", "print_run", "printing"),
)
QUICK = (
    ("import underwatch", ("-c", "import underwatch")),
    ("underwatch --help", ("-m", "underwatch", "--help")),
    ("underwatch run --help", ("-m", "underwatch", "run", "--help")),
)


def timed(arguments: Sequence[str], home: str | None = None) -> tuple[float, float]:
    """Seconds of wall time and of processor time of a Python process and its children.

    home: where it runs and keeps compiled code; None for where this process does.
    """
    environment = plain() | ({"XDG_CACHE_HOME": home} if home else {})
    begun, before = time.perf_counter(), os.times()
    subprocess.run(
        [sys.executable, *arguments], check=True, capture_output=True, env=environment, cwd=home
    )
    wall, after = time.perf_counter() - begun, os.times()
    spent = after.children_user + after.children_system
    return wall, spent - before.children_user - before.children_system


def plain() -> dict[str, str]:
    """The environment, without what would keep Python from keeping its bytecode."""
    return {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}


def command(given: argparse.Namespace, folder: Path) -> list[str]:
    """The arguments of `underwatch` for the run that is timed."""
    sizes = ["--citizens", str(given.citizens), "--days", str(given.days)]
    return ["run", given.scenario, *sizes, "--out", str(folder)]


class _Patching(importlib.abc.MetaPathFinder):
    """Replaces functions of modules when those are imported, so that none is imported early."""

    def __init__(self, timer: Callable[[Callable, str], Callable]):
        self.timer = timer

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        if name not in {module for module, _, _ in STAGES}:
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path, target)
        if spec is None or spec.loader is None:
            return spec
        execute = spec.loader.exec_module

        def exec_module(module: Any) -> None:
            execute(module)
            for place, function, label in STAGES:
                if place == name:
                    *inside, last = function.split(".")
                    owner = getattr(module, inside[0]) if inside else module
                    setattr(owner, last, self.timer(getattr(owner, last), label))

        spec.loader.exec_module = exec_module  # type: ignore[method-assign]
        return spec


def from_inside(arguments: Sequence[str]) -> None:
    """Run a command in this process, and print its stages on standard error."""
    origin, depth, rows = time.perf_counter(), [0], []

    def timer(function: Callable, label: str) -> Callable:
        @wraps(function)
        def run(*args: Any, **options: Any) -> Any:
            begun, spent = time.perf_counter(), time.process_time()
            row = [depth[0], label, begun - origin, 0.0, 0.0]
            rows.append(row)
            depth[0] += 1
            try:
                return function(*args, **options)
            finally:
                depth[0] -= 1
                row[3:] = time.perf_counter() - begun, time.process_time() - spent

        return run

    sys.meta_path.insert(0, _Patching(timer))
    sys.argv = ["underwatch", *arguments]
    from underwatch.__main__ import main

    try:
        main()
    finally:
        print(f"{'stage':30}  begins  lasts  processor", file=sys.stderr)
        for level, label, begins, lasts, processor in rows:
            name = "  " * level + label
            print(f"{name:30} {begins:7.3f} {lasts:6.3f} {processor:10.3f}", file=sys.stderr)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("scenario", nargs="?", default="atlantic-2018")
    parser.add_argument("--citizens", type=int, default=100_000)
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--inside", metavar="FOLDER", help="run once, here, and print the stages")
    given = parser.parse_args()
    if given.inside:
        from_inside(command(given, Path(given.inside)))
        return
    with tempfile.TemporaryDirectory() as place:
        runs = [
            timed(["-m", "underwatch", *command(given, Path(place) / str(k))])
            for k in range(given.runs + 1)
        ][1:]
        for name, each in (("wall", 0), ("processor", 1)):
            found = [run[each] for run in runs]
            print(f"{name:10} best {min(found):.2f} s, median {median(found):.2f} s")
        inside = [sys.executable, "-m", "bench.warm", *sys.argv[1:], "--inside", f"{place}/inside"]
        made = subprocess.run(inside, check=True, capture_output=True, text=True, env=plain())
        print(made.stderr.rstrip())
        for name, arguments in QUICK:
            found = [timed(arguments)[0] for _ in range(given.runs)]
            print(f"{name:24} best {min(found):.3f} s, median {median(found):.3f} s")


if __name__ == "__main__":
    main()
