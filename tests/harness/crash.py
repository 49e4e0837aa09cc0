"""Kill runs at random moments, and resume them: `python -m tests.harness.crash --times 200`.

Each trial starts a run with a checkpoint every few hundredths of a minute, kills it with
SIGKILL after a random time or at a random write of a checkpoint, resumes it (and kills that
once in a while, too), and compares the final state and every table with those of a run that
was never interrupted. It prints counts, and exits with 1 if a trial failed.

At most one interval may be lost: between the newest whole checkpoint and the last stride that
the killed process finished lies no more than the interval, a stride and a write.
"""

import argparse
import json
import os
import random
import shutil
import signal
import sys
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Sequence
from importlib import import_module
from itertools import pairwise
from pathlib import Path

from underwatch.results.interrupted import is_whole
from underwatch.storage import faults

STRIDES = "strides"  # when each stride of the process that runs now ended
LATE = ("netCDF4", "pyarrow.parquet", "underwatch.engine.threads", "underwatch.report.page",
        "underwatch.results.run", "underwatch.results.people", "xarray")  # fmt: skip
WRITES = {"write": (zipfile._ZipWriteFile, "write"), "fsync": (os, "fsync"),
          "rename": (os, "rename"), "unlink": (os, "unlink")}  # fmt: skip
KINDS = {"time": 6, "write": 2, "fsync": 2, "rename": 1, "unlink": 1}
MOST = {"write": 300, "fsync": 45, "rename": 9, "unlink": 25}


BEGUN = ("MANIFEST.sha256", "checkpoint/settings", "checkpoint/result")


class Process:
    """The command line in a fork of this process, which has imported all that takes long.

    It notes when each stride ends. Charts are not drawn: they take longer than the days.
    """

    def __init__(self, place: Path, words: list[str], kind: str, left: int):
        self.place, self.left = place, left
        self.pid = os.fork()
        if self.pid == 0:
            try:
                self._run(words, kind)
            finally:
                os._exit(1)

    def _run(self, words: list[str], kind: str) -> None:
        from underwatch import cli
        from underwatch.engine.simulation import Simulation
        from underwatch.report.rendering import ChartRenderer

        os.chdir(self.place)
        for name, stream in (("printed", sys.stdout), ("complaints", sys.stderr)):
            written = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
            os.dup2(written, stream.fileno())
        if kind:
            module, name = WRITES[kind]
            setattr(module, name, self._counted(getattr(module, name)))
        log, stride = open(STRIDES, "a", buffering=1), Simulation._stride

        def noted(simulation: Simulation, until: int) -> None:
            if not simulation.days_here:
                print(simulation.day, time.monotonic(), file=log)
            stride(simulation, until)
            print(simulation.day, time.monotonic(), file=log)

        Simulation._stride, ChartRenderer._start = noted, lambda _: None
        sys.argv = ["underwatch", *words]
        try:
            cli.main()
        except SystemExit as end:
            sys.stdout.flush()
            os._exit(end.code)

    def _counted(self, write):
        def counted(*args, **options):
            of_rename = write.__name__ == "rename"
            if not of_rename or "checkpoint" in str(args[0]):
                self.left -= 1
                if self.left == 0:
                    os.kill(os.getpid(), signal.SIGKILL)
            return write(*args, **options)

        return counted

    def kill(self) -> None:
        """SIGKILL."""
        os.kill(self.pid, signal.SIGKILL)

    def wait(self) -> int:
        """The exit code, or the number of the signal that ended it, negative."""
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])

    def printed(self) -> dict:
        """What it printed as JSON."""
        return json.loads((self.place / "printed").read_text())

    def complaints(self) -> str:
        """What it printed on standard error."""
        return (self.place / "complaints").read_text().strip()


class Trials:
    """A small nation that is run, killed and resumed again and again."""

    def __init__(self, place: Path, citizens: int, days: int, minutes: float, threads: int):
        self.place, self.minutes, self.threads = place, minutes, threads
        self.words = ["run", "atlantic-2018", "--citizens", str(citizens), "--days", str(days),
                      "--set", "first_day=2019-06-01", "--quiet"]  # fmt: skip
        self.options = ["--checkpoint-minutes", str(minutes), "--json"]
        self.counts: Counter[str] = Counter()
        self.worst = 0.0  # seconds that were simulated twice
        for name in LATE:
            import_module(name)
        self.start([*self.words, "--out", "compiled"]).wait()
        begun = time.monotonic()
        ended = self.start([*self.words, *self.options, "--out", "whole"])
        ended.wait()
        self.printed = ended.printed()
        self.seconds = time.monotonic() - begun

    def start(self, words: list[str], kind: str = "", left: int = 0) -> "Process":
        """Start the command line; it kills itself at the write of this kind and number, if any."""
        return Process(self.place, words, kind, left)

    def one(
        self, number: int, draws: random.Random, kinds: Sequence[str] = tuple(KINDS)
    ) -> list[str]:
        """One trial; what went wrong, mostly nothing.

        kinds: how the process may be killed.
        """
        out = f"trial-{number}"
        folder, wrong = self.place / out, []
        words = [*self.words, *self.options, "--out", out]
        for _ in range(1 + (draws.random() < 0.3)):
            kind = draws.choices(kinds, [KINDS[kind] for kind in kinds])[0]
            if not self._kill(words, kind, draws):
                self.counts["not killed: the run ended first"] += 1
            else:
                self.counts[f"killed by {kind}"] += 1
                wrong += self._look(folder)
            begun = any((folder / name).exists() for name in BEGUN)
            words = ["resume", out, *self.options, "--quiet"] if begun else words
        threads = ["--threads", str(draws.randint(1, self.threads))]
        ended = self.start([*words, *threads])
        if code := ended.wait():
            return [*wrong, f"exit {code}: {ended.complaints()[-500:]}"]
        if ended.printed()["state_hash"] != self.printed["state_hash"]:
            wrong.append("another state hash")
        wrong += [f"another {name}" for name in self._other_tables(folder)]
        wrong += faults(folder)
        shutil.rmtree(folder)
        return wrong

    def _kill(self, words: list[str], kind: str, draws: random.Random) -> bool:
        (self.place / STRIDES).unlink(missing_ok=True)
        if kind == "time":
            running = self.start(words)
            time.sleep(draws.uniform(0.02, 1.05) * self.seconds)
            running.kill()
        else:
            running = self.start(words, kind, draws.randint(1, MOST[kind]))
        return running.wait() == -signal.SIGKILL

    def _look(self, folder: Path) -> list[str]:
        """What the killed run left, and how much of its work is lost."""
        kept = sorted(folder.glob("checkpoint/day-*"), reverse=True)
        whole = [place for place in kept if not faults(place)]
        saving = any(folder.glob("checkpoint/result*")) or (folder / "run.json").exists()
        wrong = []
        if len(kept) > 2:
            wrong.append(f"{len(kept)} checkpoints are kept")
        if len(whole) < len(kept) and not saving:  # when it is saved, they are removed
            wrong.append("a checkpoint has its name before it is whole")
        self.counts["killed inside a checkpoint write"] += any(folder.glob("checkpoint/.day-*"))
        self.counts["killed while the run was saved"] += saving
        self.counts["resumed from a checkpoint"] += bool(whole)
        log = self.place / STRIDES
        rows = [line.split() for line in log.read_text().splitlines()] if log.exists() else []
        ends = {int(day): float(when) for day, when in rows}
        result = is_whole(folder / "checkpoint/result")
        complete = result or (folder / "run.json").exists()  # checkpoints are then removed
        if ends and not complete:
            times = [*ends.values()]
            last = int(whole[0].name[4:]) if whole else min(ends)
            lost = times[-1] - ends.get(last, times[0])
            longest = max([b - a for a, b in pairwise(times)], default=0)
            self.worst = max(self.worst, lost)
            if lost > 60 * self.minutes + 2 * longest:  # a write and a stride, and another
                found = f"{len(kept)} kept, of days {[each.name for each in whole]} whole"
                wrong.append(f"{lost:.2f} s lost, strides of up to {longest:.2f} s; {found}")
        return wrong

    def _other_tables(self, folder: Path) -> list[str]:
        names = ("people.parquet", "panel.parquet", "tallies.nc")
        return [
            name for name in names
            if (folder / name).read_bytes() != (self.place / "whole" / name).read_bytes()
        ]  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--times", type=int, default=200)
    parser.add_argument("--citizens", type=int, default=40_000)
    parser.add_argument("--days", type=int, default=2393)
    parser.add_argument("--checkpoint-minutes", type=float, default=0.03)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    draws, failed = random.Random(given.seed), 0
    with tempfile.TemporaryDirectory() as place:
        trials = Trials(Path(place), given.citizens, given.days, given.checkpoint_minutes,
                        os.cpu_count() or 1)  # fmt: skip
        print(f"without a crash: {trials.seconds:.1f} s, {trials.printed['state_hash']}")
        for number in range(given.times):
            wrong = trials.one(number, draws)
            failed += bool(wrong)
            if wrong:
                print(f"trial {number}: {'; '.join(wrong)}", flush=True)
            elif number % 10 == 9:
                print(f"{number + 1} trials, {failed} failed", flush=True)
        for name, count in sorted(trials.counts.items()):
            print(f"{count:6} {name}")
        print(f"{given.times:6} trials; {failed} failed; at most {trials.worst:.2f} s lost")
        resumed = trials.counts["resumed from a checkpoint"]
        if 4 * resumed < given.times:
            print(f"Only {resumed} resumed from a checkpoint: the run is too short for this trial.")
            return 1
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
