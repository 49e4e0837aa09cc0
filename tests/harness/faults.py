"""Faults of the disk at every write of a run and of a study.

    python -m tests.harness.faults [--commands run,compare] [--step 1] [--jobs 2]

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
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import ExitStack, contextmanager
from pathlib import Path
from queue import Queue
from typing import Any, NamedTuple

from tests.harness.prefork import TIMED_OUT, Ended, Server

from underwatch.errors import UserError
from underwatch.results.interrupted import is_whole
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


def trial(
    command: list[str], place: Path, injected: list[str], server: Server
) -> tuple[int, str, list[str]]:
    """(exit code, standard error, rules that were broken) of one command under one fault.

    place: an empty folder, in which the result is called z. injected: what is run, and its
    arguments before the command.
    """
    for name in FOREIGN:
        (place / name).parent.mkdir(exist_ok=True)
        (place / name).write_text(name)
    (place / "plan.yaml").write_text(PLAN)
    module, *words = injected
    done = server.run(module, [*words, *command, "--out", "z"], place, LIMIT_SECONDS)
    if done.code == TIMED_OUT:
        return done.code, done.stderr, ["it does not end"]
    keeps = words[:1] == ["lasting"] and words[1] != "ENOSPC"  # nothing can be removed either
    return done.code, done.stderr, [*_broken(place, done, keeps)]


def _broken(place: Path, done: Ended, keeps: bool) -> Iterator[str]:
    """Every rule that a trial broke; keeps: whether what is written can be removed no more."""
    if "Traceback" in done.stderr + done.stdout:
        yield "a traceback"
    if done.code not in (0, 2):
        yield f"exit code {done.code}"
    if done.code == 2 and not done.stderr.strip():
        yield "no sentence"
    result = place / "z"
    if done.code == 0 and not (result / MANIFEST).is_file():
        yield "exit code 0 without a result"
    for manifest in place.rglob(MANIFEST):
        if any(".part-" in name for name in manifest.relative_to(place).parts):
            continue  # a name that nobody opens
        try:
            check_folder(manifest.parent)
        except UserError as error:
            yield f"half-written and sealed: {error}"
    for name in FOREIGN:
        if not (place / name).is_file() or (place / name).read_text() != name:
            yield f"{name} was changed or removed"
    known = {Path(name).parts[0] for name in FOREIGN}
    for left in place.iterdir():
        if ".part-" in left.name and left.name not in known and not keeps:
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


def goes_on(command: list[str], place: Path, expected: str, server: Server) -> list[str]:
    """What is wrong with the run that a fault interrupted, once it goes on without one.

    It is resumed; if it never began, the same command is given again.
    """
    inside = place / "z" / "checkpoint"
    began = (inside / "settings").exists() or any(inside.glob("day-*"))
    began |= is_whole(inside / "result")
    words = ["resume", "z"] if began else [*command, "--out", "z"]
    done = server.run("underwatch.__main__", words, place, LIMIT_SECONDS)
    if done.code:
        return [f"{words[0]} then ends with exit code {done.code}: {done.stderr[-300:]}"]
    found = json.loads((place / "z" / "run.json").read_text("utf-8"))["state_hash"]
    return [] if found == expected else ["the resumed run has another state"]


def events(command: list[str], server: Server) -> tuple[int, str]:
    """How many writes a command makes, and the state hash of its run; "" for a study."""
    with tempfile.TemporaryDirectory() as place:
        injected = ["tests.harness.injected", "count", "EIO", "0"]
        code, err, broken = trial(command, Path(place), injected, server)
        assert code == 0 and not broken, (code, err, broken)
        record = json.loads((Path(place) / "z" / "run.json").read_text("utf-8"))
    return int(err.rpartition("events ")[2]), record.get("state_hash", "")


class Fault(NamedTuple):
    """A fault at one write of a command, or a disk that is full after so many kB."""

    mode: str
    error: str
    at: int

    def __str__(self) -> str:
        return f"{self.mode} {self.error} at {self.at}"


def faults_of(number: int, step: int, first: int) -> Iterator[Fault]:
    """Every fault of a command that makes so many writes, from the first; by a step, each n-th."""
    for event in range(first, number + 1, step):
        yield Fault("once", "EIO", event)
        yield from (Fault("lasting", error, event) for error in LASTING)
    for kilobytes in [*range(24, 1024, 40 * step), *range(1024, 4096, 200 * step)]:
        yield Fault("disk", "full", kilobytes)


def tried(
    command: list[str], fault: Fault, expected: str, server: Server
) -> tuple[int, str, list[str]]:
    """`trial` under a fault; a run that is left goes on, and ends in the state that it should.

    Raises OSError where no disk of a limited size can be mounted.
    """
    if fault.mode == "disk":
        with small_disk(fault.at) as place:
            return trial(command, place, ["underwatch.__main__"], server)
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        injected = ["tests.harness.injected", fault.mode, fault.error, str(fault.at)]
        code, err, broken = trial(command, place, injected, server)
        if code == 2 and expected and (place / "z" / "checkpoint").is_dir():
            broken += goes_on(command, place, expected, server)
        return code, err, broken


def main() -> int:
    """Run the trials that the command line asks for, and print the counts."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--commands", default=",".join(COMMANDS))
    parser.add_argument("--step", type=int, default=1, help="take only each n-th fault")
    parser.add_argument("--first", type=int, default=1, help="the first write that fails")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="trials at once")
    given = parser.parse_args()
    counts: Counter[tuple[str, str, int]] = Counter()
    bad, begun = 0, time.monotonic()
    with ExitStack() as stack:
        servers = Queue[Server]()
        for _ in range(given.jobs):
            servers.put(stack.enter_context(Server()))

        def one(name: str, fault: Fault, expected: str) -> tuple[str, Fault, Any]:
            server = servers.get()
            try:
                return name, fault, tried(COMMANDS[name], fault, expected, server)
            except OSError as error:
                return name, fault, (0, "", [f"not tried ({error})"])
            finally:
                servers.put(server)

        asked, server = given.commands.split(","), servers.get()
        sizes = {name: events(COMMANDS[name], server) for name in asked}
        servers.put(server)
        pool = stack.enter_context(ThreadPoolExecutor(given.jobs))
        waiting = [
            pool.submit(one, name, fault, expected)
            for name, (number, expected) in sizes.items()
            for fault in faults_of(number, given.step, given.first)
        ]
        for done in as_completed(waiting):
            name, fault, (code, err, broken) = done.result()
            counts[name, f"{fault.mode} {fault.error}", code] += 1
            if broken:
                bad += 1
                print(
                    f"{name}, {fault}: exit {code}; {'; '.join(broken)}\n{err[-1500:]}", flush=True
                )
    for (name, kind, code), times in sorted(counts.items()):
        print(f"{name:10} {kind:16} exit {code:4} {times:6,}")
    minutes = (time.monotonic() - begun) / 60
    print(f"{sum(counts.values()):,} faults, {bad:,} break a rule; {minutes:.1f} minutes.")
    return min(bad, 1)


if __name__ == "__main__":
    sys.exit(main())
