"""The points of a sensitivity study as runs: each world once, kept in the ledger of the study."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from underwatch.errors import Problem, UserError
from underwatch.kernel.identity import code_digest
from underwatch.results.ledger import Ledger
from underwatch.scenario import Scenario
from underwatch.scenario.changes import check_days
from underwatch.sensitivities.exploring import Measured, Vector
from underwatch.sensitivities.factors import Factor, changes
from underwatch.study.own_code import OwnCode
from underwatch.study.progress import Report, StudyProgress
from underwatch.study.runs import Outcome
from underwatch.study.shared import by_seed, planned
from underwatch.study.tasks import outcomes_of, run_all

MOST_FAULTS = 5  # refused points that are reported


@dataclass
class Evaluator:
    """Simulates points of the factors of a scenario; worlds that are equal are simulated once.

    derive: makes the world of a point from the scenario at that point. most_runs: of the whole
    study, for the bar.
    """

    scenario: Scenario
    factors: Sequence[Factor]
    measures: Sequence[str]
    days: int
    seeds: tuple[int, ...]
    ledger: Ledger
    most_runs: int
    progress: Report | None = None
    scheduler: str | None = None
    workers: int | None = None
    _resolved: dict[bytes, Scenario] = field(default_factory=dict)  # by the places of the point
    _done: dict[str, list[Outcome]] = field(default_factory=dict)  # hash of a world → by seed

    def __call__(
        self, points: Vector, derive: Callable[[Scenario], Scenario] = lambda world: world
    ) -> Measured:
        """The measures at some points; see `exploring.Evaluate`.

        Raises UserError with the messages of what was refused, or of runs that failed.
        """
        worlds = [derive(world) for world in self._worlds(points)]
        wanted = {world.hash: world for world in worlds}
        self._simulate({key: one for key, one in wanted.items() if key not in self._done})
        found = [self._done[world.hash] for world in worlds]
        return Measured(
            {name: np.array([_mean(one, name) for one in found]) for name in self.measures},
            {name: np.array([_events(one, name) for one in found]) for name in self.measures},
        )

    def check(self, points: Vector) -> None:
        """Refuse points that the scenario refuses, before any run. Raises UserError."""
        self._worlds(points)

    def _worlds(self, points: Vector) -> list[Scenario]:
        worlds: list[Scenario] = []
        faults: dict[Problem, None] = {}
        for point in points:
            try:
                worlds.append(self._world(point))
            except UserError as error:
                faults |= dict.fromkeys(error.problems)
                if len(faults) >= MOST_FAULTS:
                    break
        if faults:
            head = "the ranges of the assumptions do not fit this scenario together:"
            raise UserError([Problem(None, head), *[*faults][:MOST_FAULTS]])
        return worlds

    def _world(self, point: Vector) -> Scenario:
        key = point.tobytes()
        if key not in self._resolved:
            world = self.scenario._replaced(changes(self.factors, point))
            check_days(world, self.days)
            self._resolved[key] = world
        return self._resolved[key]

    def _simulate(self, worlds: Mapping[str, Scenario]) -> None:
        if not worlds:
            return
        seeds = dict.fromkeys(self.seeds, worlds)
        tasks = planned(seeds, self.days, OwnCode())
        before = len(self._done) * len(self.seeds)

        def report(step: StudyProgress) -> None:
            if self.progress is None:
                return
            runs = max(self.most_runs, before + step.of_runs)
            done = before * self.days + step.days
            self.progress(
                StudyProgress(
                    done, max(runs * self.days, done), before + step.runs, runs, step.note,
                    step.failed,
                )
            )  # fmt: skip

        found = run_all(tasks, self.ledger, self.workers, report, self.scheduler, split=True)
        outcomes = by_seed(seeds, tasks, outcomes_of(found))
        for key in worlds:
            self._done[key] = [outcomes[seed][key] for seed in self.seeds]


def ledger_of(folder: Path | None, scenario: Scenario, days: int) -> Ledger:
    """The ledger of all points of a scenario over some days.

    Its entries are named by the world and the seed, so that a study of another design finds in it
    what both have in common.
    """
    text = f"sensitivity {scenario.hash} {days}"
    study = hashlib.sha256(text.encode()).hexdigest()
    return Ledger(folder, study, code_digest(), {"citizens": scenario.society.citizens})


def _mean(outcomes: Iterable[Outcome], measure: str) -> float:
    """The mean over seeds; NaN if the measure is undefined under one of them."""
    values = [one.value(measure) for one in outcomes]
    return float(np.mean([np.nan if value is None else value for value in values]))


def _events(outcomes: Iterable[Outcome], measure: str) -> float:
    """The events over all seeds; NaN if the measure rests on none."""
    counts = [one.events(measure) for one in outcomes]
    known = [count for count in counts if count is not None]
    return float(sum(known)) if known else np.nan
