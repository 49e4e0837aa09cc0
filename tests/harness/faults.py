"""Faults of the disk at every write of a run and of a study.

    python -m tests.harness.faults [--commands run,compare] [--step 1]

Each command is repeated with a fault at its first write, its second, and so on: an error once,
writes that fail from then on (a full disk, a broken one, a refused permission), and a disk that
is full after so many kB. After each, the process must have ended with a sentence or a whole
result, nothing half-written may look whole, and nothing that is not ours may have changed.
Prints the counts, and every trial that breaks a rule; the exit code is 1 if any does.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from underwatch.errors import UserError
from underwatch.storage import MANIFEST, check_folder

COMMANDS = {
    "run": ["run", "atlantic-2018", "--citizens", "300", "--days", "40", "--panel", "2",
            "--checkpoint-minutes", "0.001"],
    "compare": ["compare", "unwatched", "atlantic-2018", "--citizens", "300", "--days", "20",
                "--seeds", "1"],
    "sweep": ["sweep", "plan.yaml", "--workers", "2"],
}  # fmt: skip
LASTING = ("ENOSPC", "EIO", "EACCES")
PLAN = """
title: Small
scenarios: [unwatched, atlantic-2018]
plan: grid
factors: {scoring.association: [0, 0.5]}
seeds: 1
citizens: 300
days: 20
"""
FOREIGN = ("notes.txt", ".z.part-mine/precious.txt", f".z.part-{'0' * 16}/precious.txt",
           ".z.halfway/precious.txt", "zz/run.json")  # fmt: skip
LIMIT_SECONDS = 300


def trial(command: list[str], place: Path, injected: list[str]) -> tuple[int, str, list[str]]:
    """(exit code, standard error, rules that were broken) of one command under one fault.

    place: an empty folder, in which the result is called z. injected: arguments before the command.
    """
    for name in FOREIGN:
        (place / name).parent.mkdir(exist_ok=True)
        (place / name).write_text(name)
    (place / "plan.yaml").write_text(PLAN)
    start = [sys.executable, "-m", *injected]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(os.path.abspath, sys.path))}
    try:
        done = subprocess.run(
            [*start, *command, "--out", "z"], cwd=place, env=environment, timeout=LIMIT_SECONDS,
            capture_output=True, text=True,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return -1, "", ["it does not end"]
    return done.returncode, done.stderr, [*_broken(place, done)]


def _broken(place: Path, done: subprocess.CompletedProcess) -> Iterator[str]:
    """Every rule that a trial broke."""
    if "Traceback" in done.stderr + done.stdout:
        yield "a traceback"
    if done.returncode not in (0, 2):
        yield f"exit code {done.returncode}"
    if done.returncode == 2 and not done.stderr.strip():
        yield "no sentence"
    result = place / "z"
    if done.returncode == 0 and not (result / MANIFEST).is_file():
        yield "exit code 0 without a result"
    for manifest in place.rglob(MANIFEST):
        try:
            check_folder(manifest.parent)
        except UserError as error:
            yield f"half-written and sealed: {error}"
    for name in FOREIGN:
        if not (place / name).is_file() or (place / name).read_text() != name:
            yield f"{name} was changed or removed"
    known = {Path(name).parts[0] for name in FOREIGN}
    for left in place.iterdir():
        if ".part-" in left.name and left.name not in known:
            yield f"{left.name} was left behind"


@contextmanager
def small_disk(kilobytes: int) -> Iterator[Path]:
    """A folder on a disk of its own that holds so much. Raises OSError where that cannot be."""
    with tempfile.TemporaryDirectory() as place:
        mount = ["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs", place]
        if subprocess.run(mount, capture_output=True).returncode:
            raise OSError("no disk of a limited size can be mounted here")
        try:
            yield Path(place)
        finally:
            subprocess.run(["umount", "-l", place], check=True)


def resumes(place: Path, expected: str) -> list[str]:
    """What is wrong with the run that a fault interrupted, once it is resumed without one."""
    resume = [sys.executable, "-m", "underwatch", "resume", "z"]
    done = subprocess.run(resume, cwd=place, capture_output=True, text=True, timeout=LIMIT_SECONDS)
    if done.returncode:
        return [f"resume ends with exit code {done.returncode}: {done.stderr[-300:]}"]
    found = json.loads((place / "z" / "run.json").read_text("utf-8"))["state_hash"]
    return [] if found == expected else ["the resumed run has another state"]


def events(command: list[str]) -> tuple[int, str]:
    """How many writes a command makes, and the state hash of its run; "" for a study."""
    with tempfile.TemporaryDirectory() as place:
        code, err, broken = trial(
            command, Path(place), ["tests.harness.injected", "count", "EIO", "0"]
        )
        assert code == 0 and not broken, (code, err, broken)
        record = json.loads((Path(place) / "z" / "run.json").read_text("utf-8"))
    return int(err.rpartition("events ")[2]), record.get("state_hash", "")


def trials(command: list[str], step: int) -> Iterator[tuple[str, int, str, list[str]]]:
    """(fault, exit code, standard error, broken rules) of each trial of one command."""
    number, expected = events(command)
    for event in range(1, number + 1, step):
        for mode, error in (("once", "EIO"), *(("lasting", error) for error in LASTING)):
            with tempfile.TemporaryDirectory() as place:
                injected = ["tests.harness.injected", mode, error, str(event)]
                code, err, broken = trial(command, Path(place), injected)
                if code == 2 and expected and (Path(place) / "z" / "checkpoint").is_dir():
                    broken += resumes(Path(place), expected)
                yield f"{mode} {error} at {event}", code, err, broken
    for kilobytes in _sizes(step):
        try:
            with small_disk(kilobytes) as place:
                yield f"full at {kilobytes} kB", *trial(command, place, ["underwatch"])
        except OSError as error:
            print(error)
            return


def _sizes(step: int) -> list[int]:
    return [*range(24, 1024, 40 * step), *range(1024, 4096, 200 * step)]


def main() -> int:
    """Run the trials that the command line asks for, and print the counts."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--commands", default=",".join(COMMANDS))
    parser.add_argument("--step", type=int, default=1, help="take only each n-th fault")
    given = parser.parse_args()
    counts: Counter[tuple[str, str, int]] = Counter()
    bad = 0
    for name in given.commands.split(","):
        for fault, code, err, broken in trials(COMMANDS[name], given.step):
            counts[name, fault.rpartition(" at ")[0], code] += 1
            if broken:
                bad += 1
                print(f"{name}, {fault}: exit {code}; {'; '.join(broken)}\n{err[-1500:]}")
    for (name, fault, code), times in sorted(counts.items()):
        print(f"{name:10} {fault:16} exit {code:4} {times:6,}")
    print(f"{sum(counts.values()):,} faults, {bad:,} break a rule.")
    return min(bad, 1)


if __name__ == "__main__":
    sys.exit(main())
