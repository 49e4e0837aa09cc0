"""Worlds that are equal up to a date: that part of the run is simulated once for all of them.

Two worlds with the same people are the same to the bit until the first day on which their
resolved parameters differ. So a world branches off another on the evening before that day, and
its result is that of a run of its own.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from heapq import heapify, heapreplace
from pathlib import Path
from typing import Any

from underwatch.kernel.identity import code_digest
from underwatch.results.ledger import Ledger
from underwatch.scenario import Scenario
from underwatch.scenario.changes import changes
from underwatch.study.memory import cores
from underwatch.study.own_code import OwnCode
from underwatch.study.progress import Report
from underwatch.study.runs import Outcome, Task
from underwatch.study.scheduling import SMALL
from underwatch.study.tasks import outcomes_of, run_all

MOST_WORLDS = 16  # in one task, which one core simulates
Branches = dict[str, tuple[str, int]]  # world -> (the world that it branches off, the day)
ByWorld = Mapping[str, Scenario]


def branches(worlds: ByWorld, days: int) -> Branches:
    """Which worlds share their first days with which, and until which day.

    Returns
    -------
    dict
        world -> (an earlier world, the first day on which the parameters of the two differ;
        `days` if they never do). A world that shares no day with an earlier one is left out.

    Examples
    --------
    >>> base = Scenario.load("atlantic-2018")
    >>> late = base.with_({"safeguards.no_speech": {"2014-06-24": 1}})
    >>> branches({"base": base, "late": late, "other": Scenario.load("unwatched")}, days=30)
    {'late': ('base', 10)}
    """
    dates = {name: _days_of_change(scenario, days) for name, scenario in worlds.items()}
    found: Branches = {}

    def split(names: Sequence[str], since: int) -> None:
        """Divide worlds that are equal before day `since`."""
        first, *others = names
        while others:
            coming = [day for name in (first, *others) for day in dates[name] if day >= since]
            if not coming:
                found.update((other, (first, days)) for other in others)
                return
            day = min(coming)
            alike: dict[bytes, list[str]] = {}
            for name in (first, *others):
                alike.setdefault(_parameters(worlds[name], day), []).append(name)
            (_, *others), *apart = alike.values()
            for some in apart:
                if day:
                    found[some[0]] = (first, day)
                split(some, day + 1)
            since = day + 1

    if worlds:
        split(list(worlds), 0)
    return found


def _days_of_change(scenario: Scenario, days: int) -> list[int]:
    return [(day - scenario.first_day).days for day in changes(scenario, days)]


def _parameters(scenario: Scenario, day: int) -> bytes:
    """The parameters that hold on a day; on the first day, with what the people depend on."""
    from datetime import timedelta

    from underwatch.model.parameters import params_on

    held = params_on(scenario, scenario.first_day + timedelta(day)).tobytes()
    if day:
        return held
    return held + f"{scenario.first_day} {scenario.society.model_dump_json()}".encode()


def grouped(worlds: ByWorld, shared: Branches) -> list[tuple[dict[str, Scenario], Branches]]:
    """Worlds that share days together, at most `MOST_WORLDS` at once, with their branches."""

    def family(name: str) -> list[str]:
        """A world and all that branch off it, those with most days in common side by side."""
        off = sorted((-day, world) for world, (of, day) in shared.items() if of == name)
        return [name, *(one for _, world in off for one in family(world))]

    groups = []
    for root in (name for name in worlds if name not in shared):
        names = family(root)
        for k in range(0, len(names), MOST_WORLDS):
            some = names[k : k + MOST_WORLDS]
            groups.append(({name: worlds[name] for name in some}, _within(some, shared)))
    return groups


def _within(names: Sequence[str], shared: Branches) -> Branches:
    """The branches among some worlds, where one they branch off may be missing."""

    def ancestors(name: str) -> dict[str, int]:
        """The worlds that a world comes from, with the number of days that it shares with each."""
        days, found = 1 << 62, {name: 1 << 62}
        while name in shared:
            name, day = shared[name]
            days = min(days, day)
            found[name] = days
        return found

    made: Branches = {}
    for k, name in enumerate(names[1:], 1):
        mine = ancestors(name)
        common = [
            (min(day, theirs[one]), other)
            for other in names[:k]
            for theirs in [ancestors(other)]
            for one, day in mine.items()
            if one in theirs
        ]
        if common:
            day, other = max(common, key=lambda found: found[0])
            made[name] = (other, day)
    return made


def run_worlds(
    worlds: Mapping[int, ByWorld],
    days: int,
    *,
    own: OwnCode,
    diverge_day: int = 0,
    keep_tallies: bool = False,
    ledger: Ledger | None = None,
    progress: Report | None = None,
    scheduler: str | None = None,
) -> dict[int, dict[str, Outcome]]:
    """Simulate worlds under each seed; days that worlds have in common are simulated once.

    Parameters
    ----------
    worlds : seed -> world -> scenario.
    diverge_day : the day on which all worlds branch off the first, whatever their parameters
        are before it; 0 if each world counts from its first day.
    ledger : keeps finished runs; see `opened`.
    scheduler : the address of a Dask scheduler; without it, the cores of this machine.

    Returns
    -------
    dict
        seed -> world -> outcome, in the order of `worlds`; the same to the bit however the
        worlds are grouped.

    Raises
    ------
    UserError
        with the messages of all runs that failed, when the others are finished.
    """
    tasks = planned(worlds, days, own, diverge_day, keep_tallies)
    found = outcomes_of(run_all(tasks, ledger, progress=progress, scheduler=scheduler))
    return by_seed(worlds, tasks, found)


def planned(
    worlds: Mapping[int, ByWorld], days: int, own: OwnCode, diverge_day: int = 0,
    keep_tallies: bool = False,
) -> list[Task]:  # fmt: skip
    """The tasks of some worlds, grouped where that ends the study sooner; see `run_worlds`."""
    alone: list[Task] = []
    together: list[Task] = []
    known: dict[tuple[str, ...], list[tuple[dict[str, Scenario], Branches]]] = {}
    for seed, by_name in worlds.items():
        names = tuple(by_name)
        if names not in known:
            if diverge_day:
                first, *others = names
                off = dict.fromkeys(others, (first, diverge_day))
                known[names] = [(dict(by_name), off)]
            else:
                known[names] = grouped(by_name, branches(by_name, days))
        together += [_task(some, seed, days, off, keep_tallies, own) for some, off in known[names]]
        alone += [
            _task({name: one}, seed, days, {}, keep_tallies, own) for name, one in by_name.items()
        ]
    return together if diverge_day or _is_shorter(together, alone) else alone


def by_seed(
    worlds: Mapping[int, ByWorld], tasks: Iterable[Task], found: Mapping[str, Mapping[str, Any]]
) -> dict[int, dict[str, Any]]:
    """seed -> world -> what was found of it, in the order of `worlds`."""
    made: dict[int, dict[str, Any]] = {seed: {} for seed in worlds}
    for task in tasks:
        made[task.seed] |= found[task.key]
    return {seed: {name: made[seed][name] for name in worlds[seed]} for seed in worlds}


def _task(
    worlds: dict[str, Scenario], seed: int, days: int, off: Branches, keep_tallies: bool,
    own: OwnCode,
) -> Task:  # fmt: skip
    names = json.dumps([list(worlds), sorted(off.items())])
    digest = hashlib.sha256(names.encode()).hexdigest()[:16]
    return Task(f"{seed}-{digest}", worlds, seed, days, off, keep_tallies, own)


def opened(
    folder: str | Path | None, worlds: Mapping[int, ByWorld], days: int, own: OwnCode,
    diverge_day: int = 0, about: Mapping[str, Any] | None = None,
) -> Ledger:  # fmt: skip
    """The ledger of a study of some worlds, however these are grouped into tasks; to be entered.

    folder: where it is; without one, nothing is kept. about: a description for its readers.
    """
    hashes = {
        str(seed): [[name, scenario.hash] for name, scenario in by_name.items()]
        for seed, by_name in worlds.items()
    }
    some = next(iter(next(iter(worlds.values())).values()))
    text = json.dumps([hashes, days, diverge_day, own.digest])
    study = hashlib.sha256(text.encode()).hexdigest()
    stated = {"citizens": some.society.citizens} | dict(about or {})
    return Ledger(folder, study, code_digest(), stated)


def _is_shorter(together: Sequence[Task], alone: Sequence[Task]) -> bool:
    """Whether shared days make a study end sooner on the cores of this machine.

    Worlds that share days are simulated by one core, so that other cores may have none.
    """
    size = next(iter(alone[0].worlds.values())).society.citizens
    if size * sum(task.lengths for task in alone) <= SMALL:
        return True
    return makespan([t.lengths for t in together]) <= makespan([t.lengths for t in alone])


def makespan(lengths: Iterable[int], wanted: int | None = None) -> float:
    """The days until the last of some tasks ends, when each core takes the longest one left.

    wanted: how many cores; by default those of this machine.

    Examples
    --------
    >>> makespan([6, 3, 2, 2], 2), makespan([4], 2)
    (7.0, 2.0)
    """
    most = wanted or cores()
    ordered = sorted(lengths, reverse=True)
    workers = min(most, len(ordered))
    ends = [0.0] * workers
    heapify(ends)
    for length in ordered:
        heapreplace(ends, ends[0] + length)
    return max(ends) / max(1, most // workers)
