"""Runs at points of the parameters: each has a seed of its own, and none is simulated twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from underwatch.calibration.measured import figures_of
from underwatch.calibration.parameters import Parameter, settings_at
from underwatch.results.ledger import Ledger
from underwatch.scenario import Scenario
from underwatch.study.own_code import OwnCode
from underwatch.study.progress import Report, StudyProgress
from underwatch.study.runs import Task
from underwatch.study.shared import by_seed, planned
from underwatch.study.tasks import Found, outcomes_of, run_all


@dataclass
class Simulator:
    """Simulates points of the unit cube; call it with points to get the figures of the targets.

    The runs have consecutive seeds, each its own people and random draws, so that what is due to
    chance averages out over the points and does not shift all of them alike.

    scenario: with the settings of all runs. days: of a run of a wave, and of the last runs, which
    reach the targets that are held out. own: returns the figures. used: seeds taken so far.
    """

    parameters: Sequence[Parameter]
    scenario: Scenario
    days: tuple[int, int]
    own: OwnCode
    ledger: Ledger
    progress: Report | None = None
    scheduler: str | None = None
    workers: int | None = None
    used: int = 0

    def __call__(
        self, units: np.ndarray, replicates: int, stage: str = "", last: bool = False
    ) -> np.ndarray:
        """Figures of every run: float64 (points, replicates, targets); NaN beyond its days.

        units: (points, parameters), each from 0 to 1. stage: a sentence, reported before the runs.
        last: whether these are the last runs.

        Raises UserError if a run fails.
        """
        if stage and self.progress is not None:
            self.progress(StudyProgress(0, 0, 0, 0, stage))
        first = self.scenario.society.seed + self.used
        worlds: dict[int, dict[str, Scenario]] = {}
        for k, point in enumerate(units):
            settings = settings_at(self.parameters, self.scenario, point.tolist())
            world = self.scenario._replaced(settings)
            for replicate in range(replicates):
                worlds[first + k * replicates + replicate] = {world.hash[:16]: world}
        self.used += len(worlds)
        tasks = planned(worlds, self.days[last], self.own)
        outcomes = by_seed(worlds, tasks, outcomes_of(self.run(tasks)))
        figures = figures_of(next(iter(one.values())) for one in outcomes.values())
        return figures.reshape(len(units), replicates, -1)

    def run(self, tasks: Sequence[Task]) -> Found:
        """Run tasks on the workers of the study; none that the ledger has is run again."""
        return run_all(tasks, self.ledger, self.workers, self.progress, self.scheduler)
