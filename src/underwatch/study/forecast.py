"""What a study will take, before anything of it runs: time, memory, disk, expected events.

The events are those of a pilot, one run of a small population, in proportion to the citizens. The
time rests on the speed of earlier runs on this machine, or else on that of the pilot.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from math import ceil, log10
from typing import Any

from underwatch.engine.checkpoint import size_of as size_of_checkpoint
from underwatch.engine.ranks import launch
from underwatch.engine.ranks.memory import bytes_of_rank
from underwatch.engine.ranks.memory import check_memory as check_memory_of_run
from underwatch.engine.resources import bytes_for, check_memory, free_bytes, threads_for
from underwatch.measurement.catalogue import LAYERS, MEASURES
from underwatch.measurement.estimates import MIN_EVENTS
from underwatch.study.asked import Size, size_of
from underwatch.study.memory import at_once, cores
from underwatch.study.speed import BUILDING, Speed, measured_speed
from underwatch.study.worlds import in_society

PILOT = 10_000  # citizens
COUNTED = ("imposed", "wrongful", "association_only")
NONE_SEEN = 3  # events that no count of none excludes, at 95 %
# Bytes on disk, as measured with 10,000 to 1,000,000 citizens.
_REPORT, _TALLIES, _PERSON, _MOST_PEOPLE = 450_000, 1_900_000, 24, 1_000_000
_OUTCOME, _IN_STUDY = 6_000, 550_000  # of a run of a study, without tallies and with them
_SAVING = 60  # bytes of memory for each person whom the folder of a run lists, while it is written


@dataclass(frozen=True)
class Forecast:
    """What some runs of one size take, and how many events to expect in one of them.

    runs: how many, or at most. seconds, memory, disk: of all of them; memory and disk in bytes.
    disk_at_end: without checkpoints. at_once: runs at a time. events: measure → group → expected
    in one run; a value below `seen_below` was not seen in the pilot. pilot: its citizens. measured:
    whether the speed is that of earlier runs here. speeds: of one core, in citizen-days a second:
    the one that counts, the slowest and the fastest of those that are known.
    ranks: that share the run. memory_of_rank: of each of them.
    """

    runs: int
    at_most: bool
    citizens: int
    days: int
    seconds: float
    memory: int
    free: int
    disk: int
    at_once: int
    events: dict[str, dict[str, float]]
    seen_below: float
    pilot: int
    measured: bool
    disk_at_end: int
    speeds: tuple[float, float, float]
    ranks: int
    memory_of_rank: int

    def as_json(self) -> dict[str, Any]:
        """The figures for --json."""
        return asdict(self)

    def sentences(self) -> list[str]:
        """The forecast for people, one sentence a line, and how it was estimated."""
        least = "At most " if self.at_most else ""
        runs = "1 run" if self.runs == 1 else f"{self.runs:,} runs"
        how = f"on {self.ranks:,} ranks" if self.ranks > 1 else f"{self.at_once:,} at once"
        lines = [
            f"{least}{runs} of {self.citizens:,} citizens and {self.days:,} days, {how}.",
            f"Time: about {_duration(self.seconds)}. Memory: {self._memory()}. "
            f"Disk: about {_size(self.disk)}{self._later()}.",
        ]
        lines += [_events(self, measure) for measure in self.events]
        speed, slowest, fastest = (f"{each / 1e6:.2g}" for each in self.speeds)
        basis = "the pilot's speed"
        if self.measured:
            basis = "the speed of the last runs on this machine"
        some = f", {slowest} to {fastest} million being known" if slowest != fastest else ""
        lines.append(
            f"Time by {basis}: {speed} million citizen-days a second of a core{some}. Events by a "
            f"pilot: one run of {self.pilot:,} citizens, in proportion. Nothing else was simulated."
        )
        if self.ranks > 1:
            lines.append(
                "The time of messages between ranks is not counted, nor the memory in which rank 0 "
                "gathers the nation if it has it to spare."
            )
        return lines

    def _memory(self) -> str:
        if self.ranks == 1:
            return f"about {_size(self.memory)} ({_size(self.free)} are free)"
        return (
            f"about {_size(self.memory_of_rank)} a rank, {_size(self.memory)} in all "
            f"({_size(self.free)} are free on the machine of rank 0)"
        )

    def _later(self) -> str:
        """What is left on disk, if that is less than half."""
        less = self.disk_at_end < self.disk / 2
        return f" with checkpoints, {_size(self.disk_at_end)} at the end" if less else ""


def forecast(study: Callable[..., Any], *args: Any, **given: Any) -> Forecast:
    """What a study with these arguments will take, and which events to expect from it.

    Parameters
    ----------
    study : `run`, `compare`, `attribute`, `frontier`, `diffusion` or `sweep`.
    args, given : its arguments, which are checked as the study itself checks them.

    Returns
    -------
    Forecast
        `.seconds`, `.memory` and `.disk`, `.events[measure][group]`, and `.sentences()`.

    Raises
    ------
    UserError
        as the study does.

    Examples
    --------
    >>> import underwatch as uw
    >>> found = uw.forecast(uw.compare, "thaw", "unwatched", citizens=2000, days=60, seeds=5)
    >>> found.runs, found.citizens
    (10, 2000)
    """
    return of_size(size_of(study, *args, **given))


def of_size(size: Size) -> Forecast:
    """The forecast for a study of this size."""
    from underwatch.results.run import run

    scenario, runs, days, single = size.scenario, size.runs, size.days, size.single
    citizens = scenario.society.citizens
    ranks = launch.ranks() if single else 1
    free = free_bytes()
    need = bytes_of_rank(citizens, ranks) if single else bytes_for(citizens, size.worlds, True)
    if size.workers is None:  # as the study itself refuses it
        if single:
            check_memory_of_run(citizens)
        else:
            check_memory(citizens, size.worlds, True)
    pilot = min(citizens, PILOT)
    small = in_society(scenario, citizens=pilot)
    with launch.alone():
        run(small, days=1)  # compiles, and loads the compiled code
        clock = time.perf_counter()
        tallies = run(small, days=days, threads=1).tallies
        spent = max(1e-3, time.perf_counter() - clock)
    speed = measured_speed()
    if not speed.measured:
        speed = Speed(pilot * days / spent, min(spent, speed.seconds_a_run))
    most = size.threads or cores()
    processes = 1 if single else min(runs, size.workers or at_once(runs, need, most))
    scale = citizens / pilot
    people = min(citizens, _MOST_PEOPLE)
    folder = _REPORT + _TALLIES + people * _PERSON
    each = folder if size.folders else _OUTCOME + _IN_STUDY * size.keeps_tallies
    left = folder if runs == 1 and size.folders else _REPORT + runs * each
    kept = size_of_checkpoint(citizens, days) if size.folders and not size.workers else 0
    threads = 1 if size.workers else most // processes
    cores_used = _cores_of_run(citizens, size.threads) if single else max(1, threads)
    work = citizens * (days + BUILDING)
    each_run = speed.seconds_a_run + work / speed.citizen_days / cores_used
    events = {name: _by_group(tallies, name, scale) for name in COUNTED}
    return Forecast(
        runs, size.at_most, citizens, days, -(-runs // processes) * each_run,
        processes * ranks * need + size.folders * people * _SAVING, free,
        left + (runs + processes) * kept, processes, events, scale, pilot, speed.measured, left,
        (speed.citizen_days, speed.slowest or speed.citizen_days,
         speed.fastest or speed.citizen_days), ranks, need,
    )  # fmt: skip


def _cores_of_run(citizens: int, threads: int | None) -> float:
    """The cores on which a run computes at once; the ranks of a machine share its cores."""
    if launch.ranks() == 1:
        return threads or threads_for(citizens, cores())
    each: float = cores() / launch.messages().on_this_machine
    return launch.ranks() * min(float(threads or launch.default_threads() or 1), each)


def _by_group(tallies: Any, measure: str, scale: float) -> dict[str, float]:
    counts = tallies[f"{measure}_by_month"].sum(("month", "age", "place", "conviction")).values
    return {
        group: float(count) * scale for group, count in zip(LAYERS["group"], counts, strict=True)
    }


def _events(found: Forecast, measure: str) -> str:
    """One measure: expected by group, and how many citizens 30 events in the rarest need."""
    label = MEASURES[measure].label
    by_group = found.events[measure]
    parts = [f"{group} {_about(count, found.seen_below)}" for group, count in by_group.items()]
    text = f"{label}, expected in one run by group: {', '.join(parts)}."
    rarest, count = min(by_group.items(), key=lambda item: item[1])
    if count >= MIN_EVENTS:
        return text
    if count < found.seen_below:
        likely = _rounded(NONE_SEEN * found.seen_below)
        text = (
            f"{text} In group {rarest} the pilot had none: fewer than about {likely:,} are likely"
        )
        least = _rounded(MIN_EVENTS / NONE_SEEN * found.pilot)
        more = f", and {MIN_EVENTS} need more than {least:,} citizens"
        return f"{text}{more if least > found.citizens else ''}."
    need = _rounded(found.citizens * MIN_EVENTS / count)
    return (
        f"{text} About {_rounded(count):,} in group {rarest}; {MIN_EVENTS} need {need:,} citizens."
    )


def _about(count: float, seen: float) -> str:
    return f"{_rounded(count):,}" if count >= seen else "none seen"


def _rounded(value: float) -> int:
    """A number to two digits, rounded up."""
    if value < 100:
        return ceil(value)
    unit: int = 10 ** (int(log10(value)) - 1)
    return ceil(value / unit) * unit


def _duration(seconds: float) -> str:
    for least, unit, name in ((7200, 3600, "hours"), (100, 60, "minutes")):
        if seconds >= least:
            return f"{seconds / unit:,.0f} {name}"
    return f"{max(1, round(seconds)):,} seconds" if seconds >= 1.5 else "1 second"


def _size(count: int) -> str:
    for unit, name in ((1 << 30, "GiB"), (1 << 20, "MiB")):
        if count >= unit:
            return f"{count / unit:,.1f} {name}"
    return f"{max(1, count >> 10):,} KiB"
