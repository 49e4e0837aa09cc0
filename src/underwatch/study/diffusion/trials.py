"""Trial nations: what a group of organs does to the same people, measured once and remembered.

A state that adopts a group learns what it does from a trial: a small nation with the groups
that the state held before, and the same people with the new group as well. Both nations are
simulated day by day by the code of any run. States with the same groups and the same population
measure the same, so a trial is simulated once, whoever asks for it.
"""

from collections.abc import Callable
from datetime import date, timedelta

import numpy as np
from numba import get_num_threads

from underwatch.engine.simulation import Progress
from underwatch.errors import UserError
from underwatch.results.ledger import Ledger
from underwatch.results.run import run
from underwatch.scenario import Scenario
from underwatch.scenario.dated import Dated
from underwatch.study.diffusion.declaration import Study
from underwatch.study.diffusion.goals import GOALS, TALLIES, changes
from underwatch.study.diffusion.nations import value_at, with_values
from underwatch.study.diffusion.states import TRIALS, draw_for_states
from underwatch.study.scheduling import Job, run_jobs
from underwatch.study.worker import Failure

MEASURED = 365  # days at the end of a trial


class TrialNations:
    """The change in every goal by the groups that a nation holds, in each trial population.

    worlds: before and after, as `Nations.worlds` gives them. kept: trials that are finished;
    the others are added.
    """

    def __init__(
        self, study: Study, worlds: tuple[Scenario, Scenario], kept: Ledger,
        progress: Callable[[Progress], None] | None = None, scheduler: str | None = None,
    ):  # fmt: skip
        self.study, self.worlds, self.kept = study, worlds, kept
        self.scheduler = scheduler
        self.seeds = draw_for_states(study.seed, TRIALS, study.trials.populations)
        self.report = progress or (lambda _: None)
        self.sums: dict[int, np.ndarray] = {}

    def __call__(self, groups: frozenset[str]) -> np.ndarray:
        """Changes against the same people without any organ: float64 (populations, goals)."""
        bare, held = self._sums(frozenset()), self._sums(groups)
        return np.array([changes(_named(a), _named(b)) for a, b in zip(bare, held, strict=True)])

    def _sums(self, groups: frozenset[str]) -> np.ndarray:
        """Tallies over the measured days of each population: int64 (populations, tallies)."""
        code = sum(1 << k for k, name in enumerate(self.study.offers) if name in groups)
        if code not in self.sums:
            self.report(Progress("trials", len(self.sums), 0))
            key = f"trial-{code:04}"
            entry = self.kept.get(key)
            sums = None if entry is None or entry.failed else entry.content
            if sums is None:
                sums = self._simulated(groups)
                self.kept.put(key, sums)
            self.sums[code] = sums
        return self.sums[code]

    def _simulated(self, groups: frozenset[str]) -> np.ndarray:
        """The sums of each population, simulated on the workers of the study."""
        found: dict[str, list[int]] = {}

        def deliver(job: Job, sums: list[int] | Failure) -> None:
            if isinstance(sums, Failure):
                raise UserError(f"A trial nation could not be simulated. {sums.message}")
            found[job.key] = sums

        jobs = [
            Job(str(seed), sums_of, (scenario,), scenario.days, scenario.society.citizens)
            for seed in map(int, self.seeds)
            for scenario in [trial_scenario(self.study, self.worlds, groups, seed)]
        ]
        run_jobs(jobs, deliver, scheduler=self.scheduler)
        return np.array([found[job.key] for job in jobs])


def sums_of(scenario: Scenario, report: Callable[[int], None]) -> list[int]:
    """The tallies of a trial nation over its measured days."""
    tallies = run(scenario, threads=get_num_threads()).tallies
    return [int(tallies[name].values[-MEASURED:].sum()) for name in TALLIES]


def _named(sums: np.ndarray) -> dict[str, int]:
    return dict(zip(TALLIES, sums.tolist(), strict=True))


def trial_scenario(
    study: Study, worlds: tuple[Scenario, Scenario], groups: frozenset[str], seed: int
) -> Scenario:
    """A nation that holds some groups from its first day to its last."""
    before, after = worlds
    first = date(study.years.first, 1, 1)
    last = first + timedelta(days=study.trials.days - 1)
    changed = {
        key: Dated(value_at(after, key).on(first))
        for name in study.offers if name in groups
        for key in study.offers[name].switches
    }  # fmt: skip
    people = {"citizens": study.nations.citizens, "seed": seed}
    society = before.society.model_copy(update=people)
    update = {"first_day": first, "last_day": last, "society": society}
    return with_values(before.model_copy(update=update), changed)


def effects(study: Study, measured: Callable[[frozenset[str]], np.ndarray]) -> np.ndarray:
    """What each group adds to those that it requires, mean over trial populations.

    measured: as `TrialNations`. float64 (groups, goals).
    """
    found = np.zeros((len(study.offers), len(GOALS)))
    for k, name in enumerate(study.offers):
        below = required(study, name)
        found[k] = (measured(below | {name}) - measured(below)).mean(0)
    return found


def required(study: Study, name: str) -> frozenset[str]:
    """All groups that a state must hold before a group."""
    found: set[str] = set()
    open_ = [*study.offers[name].after]
    while open_:
        other = open_.pop()
        if other not in found:
            found.add(other)
            open_ += study.offers[other].after
    return frozenset(found)
