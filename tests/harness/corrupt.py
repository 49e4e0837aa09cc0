"""Damage to what is on disk: each is detected and named, or the last good one is used.

    python -m tests.harness.corrupt --times 1000

prints how often each kind of damage to each kind of folder was named, cost nothing but
time, or was missed; the exit code is 1 if any was missed.
"""

import argparse
import random
import shutil
import sys
import tempfile
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import NamedTuple

NAMED, REPLACED, UNHARMED, MISSED = "named", "last good or made again", "not in use", "MISSED"


class Target(NamedTuple):
    """A kind of folder.

    make: writes one. read: reads one of which a file was damaged, and returns an outcome with a
    remark; the name of the damage and the damaged file are given.
    """

    make: Callable[[Path], None]
    read: Callable[[Path, str, Path], tuple[str, str]]


# --- Damage: each changes a folder and returns the file that is no longer as it was.


def _flip(folder: Path, chosen: random.Random) -> Path:
    path = _some(folder, chosen)
    content = bytearray(path.read_bytes())
    content[chosen.randrange(len(content))] ^= 1 << chosen.randrange(8)
    path.write_bytes(content)
    return path


def _truncate(folder: Path, chosen: random.Random) -> Path:
    path = _some(folder, chosen)
    path.write_bytes(path.read_bytes()[: chosen.randrange(1, max(2, path.stat().st_size))])
    return path


def _lengthen(folder: Path, chosen: random.Random) -> Path:
    path = _some(folder, chosen)
    path.write_bytes(path.read_bytes() + chosen.randbytes(chosen.randrange(1, 200)))
    return path


def _empty(folder: Path, chosen: random.Random) -> Path:
    path = _some(folder, chosen)
    path.write_bytes(b"")
    return path


def _remove(folder: Path, chosen: random.Random) -> Path:
    path = _some(folder, chosen)
    path.unlink()
    return path


def _add(folder: Path, chosen: random.Random) -> Path:
    beside = _some(folder, chosen)
    path = beside.with_name(f"{chosen.randrange(10**6)}{beside.suffix}")
    shutil.copyfile(beside, path)
    return path


def _swap(folder: Path, chosen: random.Random) -> Path:
    one, other = chosen.sample(_files(folder), 2)
    first, second = one.read_bytes(), other.read_bytes()
    one.write_bytes(second)
    other.write_bytes(first)
    return one


def _link(folder: Path, chosen: random.Random) -> Path:
    path = _some(folder, chosen)
    moved = folder.parent / "moved"
    path.rename(moved)
    path.symlink_to(moved)
    return path


DAMAGES = {"flip": _flip, "truncate": _truncate, "lengthen": _lengthen, "empty": _empty,
           "remove": _remove, "add": _add, "swap": _swap, "link": _link}  # fmt: skip


def _files(folder: Path) -> list[Path]:
    return sorted(p for p in folder.rglob("*") if p.is_file() and p.stat().st_size > 1)


def _some(folder: Path, chosen: random.Random) -> Path:
    return chosen.choice(_files(folder))


# --- Run folders


def make_run(folder: Path) -> None:
    import underwatch as uw

    run = uw.run("atlantic-2018", citizens=300, days=20, panel=3, observe=_observed, every=7)
    run.save(folder)


def _mean_risk(columns) -> float:
    return float(columns.risk.mean())


_observed = {"mean risk": _mean_risk}


def _read_run(folder: Path, damage: str, hurt: Path) -> tuple[str, str]:
    import underwatch as uw
    from underwatch.errors import UserError

    try:
        uw.load(folder)
    except UserError as error:
        named = hurt.name in str(error) or damage == "swap"
        return (NAMED if named else MISSED), str(error)
    return MISSED, "it was read"


# --- Compile caches


def _double(values):
    total = 0
    for value in values:
        total += 2 * value
    return total


def _treble(values):
    total = 0
    for value in values:
        total += 3 * value
    return total


def _called(folder: Path) -> tuple[list[int], int]:
    """(what both functions return, how many of them were in the cache), as in a new process."""
    import numpy as np

    from underwatch.kernel.compile import serial

    functions = [serial(function, str(folder)) for function in (_double, _treble)]
    results = [int(function(np.arange(4))) for function in functions]
    return results, sum(sum(function.stats.cache_hits.values()) for function in functions)


def _make_cache(folder: Path) -> None:
    _called(folder)


def _read_cache(folder: Path, damage: str, hurt: Path) -> tuple[str, str]:
    results, hits = _called(folder)
    if results != [12, 18]:
        return MISSED, f"the functions returned {results}"
    if damage == "add":
        return UNHARMED, ""
    if hits > 1 or _called(folder)[1] != 2:
        return MISSED, "the damaged file was read, or was not replaced"
    return REPLACED, ""


# --- Checkpoints


@cache
def _settings():
    from underwatch.results.settings import settings_of
    from underwatch.scenario import Scenario

    return settings_of(Scenario.load("atlantic-2018"), citizens=300, days=24, threads=1)


@cache
def _population():
    from underwatch.engine.population import build

    return build(_settings().scenario)


def _simulation():
    """A run on its first morning."""
    import numpy as np

    from underwatch.engine.simulation import Simulation

    settings = _settings()
    nobody = np.zeros(0, np.int64)
    return Simulation(settings.scenario, _population(), settings.days, nobody, settings.chunk)


@cache
def _expected() -> str:
    run = _simulation()
    run.run()
    return run.hash()


def _make_checkpoints(folder: Path) -> None:
    from underwatch.engine.checkpoint import Checkpoints

    run, kept = _simulation(), Checkpoints(folder)
    for day in (8, 16):
        run.run(day)
        kept.save(run)


def _read_checkpoints(folder: Path, damage: str, hurt: Path) -> tuple[str, str]:
    from underwatch.engine.checkpoint import Checkpoints

    notes: list[str] = []
    run = _simulation()
    Checkpoints(folder, note=notes.append).resume(run)
    day = run.day
    run.run()
    if run.hash() != _expected():
        return MISSED, f"resumed from day {day}, the run ends in another state: {notes}"
    is_newest = hurt.parent.name == "day-00016"
    named = any(hurt.name in note or damage == "swap" for note in notes)
    if is_newest and (day == 16 or not named):
        return MISSED, f"it was used, or not named: {notes}"
    return (REPLACED if is_newest else UNHARMED), f"day {day}: {notes}"


# --- Ledgers


_RUNS = 40


def _content(k: int) -> dict:
    import numpy as np

    return {"value": k, "days": np.full(60, k)}


def _make_ledger(folder: Path) -> None:
    from underwatch.results.ledger import Ledger

    with Ledger(folder, "a study", "its code", {"citizens": 300}) as ledger:
        for k in range(_RUNS):
            ledger.put(f"run {k}", _content(k))
        ledger.put_all({}, {"bad": "It failed."})


def _read_ledger(folder: Path, damage: str, hurt: Path) -> tuple[str, str]:
    """Every entry is as it was written, or is not there and done again."""
    from underwatch.errors import UserError
    from underwatch.results.ledger import FILE, Ledger

    try:
        with Ledger(folder, "a study", "its code", {"citizens": 300}) as ledger:
            found = {k: ledger.get(f"run {k}") for k in range(_RUNS)}
            bad = ledger.get("bad")
            notes = ledger.notes
            ledger.put("run 0", _content(0))
            again = ledger.get("run 0")
    except UserError as error:
        return (NAMED if hurt.name in str(error) else MISSED), str(error)
    lost = [k for k, entry in found.items() if entry is None]
    for k, entry in [*found.items(), (0, again)]:
        if entry is not None and repr(entry.content) != repr(_content(k)):
            return MISSED, f"run {k} is read as {entry}"
    if again is None or (bad is not None and bad.message != "It failed."):
        return MISSED, "an entry that was put is lost, or a failure has another message"
    if (lost or bad is None) and not notes and damage != "remove":
        return MISSED, f"{len(lost)} runs are lost without a note"
    return (REPLACED if lost or notes else UNHARMED), f"{hurt.name == FILE}: {notes}"


TARGETS = {
    "run": Target(make_run, _read_run), "cache": Target(_make_cache, _read_cache),
    "checkpoint": Target(_make_checkpoints, _read_checkpoints),
    "ledger": Target(_make_ledger, _read_ledger),
}  # fmt: skip


def trials(times: int, seed: int, kinds: list[str]) -> Iterator[tuple[str, str, str, str]]:
    """(kind of folder, kind of damage, outcome, remark) of each trial, the kinds in turn."""
    chosen = random.Random(seed)
    with tempfile.TemporaryDirectory() as place, _quiet():
        for kind in kinds:
            TARGETS[kind].make(Path(place) / kind / "whole")
        for k in range(times):
            kind, damage = kinds[k % len(kinds)], [*DAMAGES][k // len(kinds) % len(DAMAGES)]
            copy = Path(place) / "trial" / "copy"
            shutil.copytree(Path(place) / kind / "whole", copy)
            hurt = DAMAGES[damage](copy, chosen)
            try:
                outcome, remark = TARGETS[kind].read(copy, damage, hurt)
            except Exception as error:  # a traceback for the user
                outcome, remark = MISSED, repr(error)
            yield kind, damage, outcome, f"{hurt.relative_to(copy)}: {remark}"
            shutil.rmtree(copy.parent)


@contextmanager
def _quiet() -> Iterator[None]:
    """Without the notes on what was damaged, of which there is one for each trial."""
    import os

    from underwatch.storage import private

    before = os.environ.get(private._REPORTED)
    os.environ[private._REPORTED] = "1"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            yield
        finally:
            if before is None:
                del os.environ[private._REPORTED]


def main() -> int:
    """Run the trials that the command line asks for, and print the counts."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--times", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kinds", default=",".join(TARGETS), help="of folders, with commas")
    given = parser.parse_args()
    counts: Counter[tuple[str, str, str]] = Counter()
    for kind, damage, outcome, remark in trials(given.times, given.seed, given.kinds.split(",")):
        counts[kind, damage, outcome] += 1
        if outcome == MISSED:
            print(f"{MISSED}: {damage} of a {kind}: {remark}")
    for (kind, damage, outcome), times in sorted(counts.items()):
        print(f"{kind:12} {damage:10} {outcome:25} {times:6,}")
    missed = sum(n for (_, _, outcome), n in counts.items() if outcome == MISSED)
    print(f"{given.times:,} corruptions, {missed:,} missed.")
    return min(missed, 1)


if __name__ == "__main__":
    sys.exit(main())
