"""Recover planted parameters: `python -m tests.harness.recovery --trials 40`.

Each trial draws parameters at random from their ranges, simulates a nation with them once, and
takes its figures for published ones. A calibration to these figures then has to find the
parameters. Over all trials, the 90 % interval of every parameter is to hold the planted value in
at least 85 % of the trials. The command prints both for every parameter, and exits with 1 if one is
missed. Intervals that are right hold it in 90 % of all trials, and in fewer than 34 of 40 once in
ten times; so the command also says whether the share is below 90 % by more than chance.

A calibration takes the errors of published figures as they are stated, so that they have to be
right. The error of one run depends on the planted values: the variance of posts over their number
grows from 1.2 to 4 over these ranges, because critical people differ in how much they post. So the
logarithm of variance over mean is fitted, as a linear function of the parameters, to replicates of
many points.

These ratios are the same for all trials of a seed. Everything else of a trial is its own: what is
planted, both waves, their design, and the seeds of their runs. So trials are nearly independent,
and an unlucky first wave counts once. Trials run side by side, one on each core.
"""

import argparse
import sys
import time
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, NamedTuple

import numpy as np

from underwatch.calibration.calibrating import found_by
from underwatch.calibration.declaration import Target
from underwatch.calibration.emulator import one_thread
from underwatch.calibration.measured import OUTPUT, output_of
from underwatch.calibration.parameters import Parameter, parameters_of
from underwatch.calibration.simulating import Simulator
from underwatch.calibration.targets import Targets
from underwatch.results.ledger import Ledger
from underwatch.scenario import Scenario
from underwatch.study.own_code import own_code
from underwatch.study.runs import run_in_worker
from underwatch.study.scheduling import Job, run_jobs
from underwatch.study.worker import Failure
from underwatch.study.worlds import in_society

LEVEL, WANTED = 0.90, 0.85
FIT = {
    "life.critical_posts_per_year": {"low": 0.5, "high": 4},
    "response.caution": {"low": 2, "high": 8},
    "life.minor_offences_per_year": {"low": 1, "high": 12},
}
# Errors of targets are taken to be independent. Those of posts and of intended posts are not: their
# correlation is 0.90 to 0.98 over these ranges. So posts are no target beside intended posts.
MEASURES = {
    "posts intended": {"measure": "would_posts"},
    "share of acts withheld": {"measure": "chilled_acts", "per": "would_acts", "times": 100},
    "offences": {"measure": "offences"},
}
REPEATED, REPLICATES = 20, 20  # points, and runs of each, that the errors of targets are fitted to
APART = 1_000_000  # between the seeds of two trials, and of what is planted


class Plan(NamedTuple):
    """The size of every trial."""

    citizens: int = 4_000
    days: int = 200
    points: int = 20
    waves: int = 2
    seed: int = 2018


class Trial(NamedTuple):
    """What was planted, and what was found: (parameters,) each, in units of the range.

    rank: the share of the posterior below the planted value. width: of the 90 % interval.
    """

    rank: np.ndarray
    width: np.ndarray
    waves: int
    share: float

    @property
    def inside(self) -> np.ndarray:
        """Whether the interval holds each planted value."""
        return np.abs(self.rank - 0.5) <= LEVEL / 2

    @property
    def found(self) -> bool:
        """Whether any point was plausible; without one, the interval is empty."""
        return bool(np.isfinite(self.width).all())


class Here(Simulator):
    """Runs in this process, which is one of several that each do a trial."""

    def run(self, tasks: Sequence[Any]) -> Any:
        """Run tasks one after another."""
        return {task.key: run_in_worker(task, lambda _: None) for task in tasks}


class Recovery:
    """What all trials of a plan have in common."""

    def __init__(self, plan: Plan):
        self.plan = plan
        scenario = Scenario.load("atlantic-2018")
        self.scenario = in_society(scenario, citizens=plan.citizens, seed=plan.seed)
        self.last_day = self.scenario.first_day + timedelta(plan.days - 1)
        self.declared = self._declared(dict.fromkeys(MEASURES, (1.0, 1.0)))
        self.parameters: Sequence[Parameter] = parameters_of(self.declared, self.scenario)
        output = output_of(self.declared, self.scenario.first_day, plan.citizens)
        self.own = own_code(None, 30, None, {OUTPUT: output})

    def trial(self, number: int, ratios: np.ndarray) -> Trial:
        """Plant, simulate, forget, and find. ratios: of `ratios`."""
        planted = np.random.default_rng([self.plan.seed, number]).random(len(self.parameters))
        figures = self.simulator(number, planted=True)(planted[None], 1)[0, 0]
        errors = np.sqrt(np.exp(np.r_[1, planted] @ ratios) * np.maximum(figures, 1e-9))
        stated = zip(figures, errors, strict=True)
        declared = self._declared(dict(zip(MEASURES, stated, strict=True)))
        simulator = self.simulator(number)

        def simulate(
            units: np.ndarray, replicates: int, stage: str = "", last: bool = False
        ) -> np.ndarray:
            if last:  # not part of the trial
                return np.zeros((len(units), replicates, len(MEASURES)))
            return simulator(units, replicates)

        chance = np.random.default_rng([self.plan.seed, number, APART])
        with one_thread():
            history, sample, _ = found_by(
                simulate, declared, self.parameters, self.plan.points, chance
            )
        waves, share = len(history.waves), history.waves[-1].share
        if not len(sample):
            nowhere = np.full(len(FIT), np.nan)
            return Trial(nowhere, nowhere, waves, share)
        tail = (1 - LEVEL) / 2
        lower, upper = np.quantile(sample, [tail, 1 - tail], axis=0)
        return Trial((sample < planted).mean(0), upper - lower, waves, share)

    def _declared(self, figures: dict[str, tuple[float, float]]) -> Targets:
        targets = {
            name: Target(
                value=float(value), standard_error=float(error), confidence="C",
                source="assumption: simulated", by=self.last_day, **MEASURES[name],
            )
            for name, (value, error) in figures.items()
        }  # fmt: skip
        return Targets(
            scenario="atlantic-2018", days=self.plan.days, points=self.plan.points,
            waves=self.plan.waves, fit=FIT, targets=targets, draws=5,
        )  # fmt: skip

    def simulator(self, number: int, planted: bool = False) -> Simulator:
        """Runs with seeds that no other trial has."""
        return Here(
            self.parameters, self.scenario, (self.plan.days,) * 2, self.own, Ledger(None, ""),
            used=APART * (2 * (number + 2) + planted),
        )  # fmt: skip


def ratios(units: np.ndarray, figures: np.ndarray) -> np.ndarray:
    """What the logarithm of variance over mean is: float64 (1 + parameters, targets).

    units: (points, parameters). figures: (points, replicates, targets). The logarithm of an
    estimated variance is too low on average, by an amount that depends on the replicates alone.
    """
    from scipy.special import digamma

    freedom = (figures.shape[1] - 1) / 2
    logs = np.log(figures.var(1, ddof=1) / figures.mean(1)) - digamma(freedom) + np.log(freedom)
    terms = np.column_stack([np.ones(len(units)), units])
    return np.linalg.lstsq(terms, logs, rcond=None)[0]


def tried(plan: tuple[int, ...], number: int, fitted: np.ndarray, _: Any = None) -> tuple[Any, ...]:
    """One trial, as plain values: what a worker process returns."""
    return tuple(Recovery(Plan(*plan)).trial(number, fitted))


def simulated(
    plan: tuple[int, ...], number: int, unit: np.ndarray, place: int, replicates: int, _: Any = None
) -> np.ndarray:
    """Replicates of one point, which has a place among others: float64 (replicates, targets)."""
    simulator = Recovery(Plan(*plan)).simulator(number)
    simulator.used += place * replicates
    return simulator(unit[None], replicates)[0]


def side_by_side(plan: Plan, function: Any, calls: Sequence[tuple[Any, ...]], runs: int) -> list:
    """The result of every call, in order; runs: of one call."""
    found: dict[int, Any] = {}

    def deliver(job: Job, result: Any) -> None:
        if isinstance(result, Failure):
            raise RuntimeError(result.message)
        found[int(job.key)] = result
        if function is tried:
            inside = Trial(*result).inside.tolist()
            print(f"trial {job.key}: {inside}", file=sys.stderr, flush=True)

    jobs = [
        Job(str(k), function, (tuple(plan), *call), runs * plan.days, plan.citizens)
        for k, call in enumerate(calls)
    ]
    run_jobs(jobs, deliver)
    return [found[k] for k in range(len(calls))]


def trials_of(plan: Plan, count: int) -> list[Trial]:
    """So many trials, and before them the runs that they share."""
    from scipy.stats import qmc

    chance = np.random.default_rng([plan.seed, APART])
    units = qmc.LatinHypercube(len(FIT), rng=chance).random(REPEATED)
    calls = [(-1, unit, k, REPLICATES) for k, unit in enumerate(units)]
    fitted = ratios(units, np.array(side_by_side(plan, simulated, calls, REPLICATES)))
    runs = 1 + plan.waves * 2 * plan.points
    return [
        Trial(*one) for one in side_by_side(plan, tried, [(k, fitted) for k in range(count)], runs)
    ]


def report(trials: Sequence[Trial], seconds: float) -> tuple[list[str], bool]:
    """Lines for each parameter, and whether all are found often enough."""
    from scipy.stats import binom

    inside = np.array([trial.inside for trial in trials])
    ranks = np.array([trial.rank for trial in trials])
    lines, good = [], True
    for k, name in enumerate(FIT):
        held = int(inside[:, k].sum())
        width = np.mean([trial.width[k] for trial in trials if trial.found])
        good &= held >= WANTED * len(trials)
        lines.append(
            f"{name}: planted value inside the 90 % interval in {held} of {len(trials)} trials "
            f"({100 * held / len(trials):.0f} %; so few or fewer with a probability of "
            f"{binom.cdf(held, len(trials), LEVEL):.2f} if intervals are right), below it in "
            f"{(ranks[:, k] < 0.05).sum()}, above it in {(ranks[:, k] > 0.95).sum()}; mean width "
            f"{100 * width / LEVEL:.0f} % of that before the fit"
        )
    lost = sum(not trial.found for trial in trials)
    shares = np.median([trial.share for trial in trials])
    lines.append(
        f"all parameters: {100 * inside.mean():.1f} % of {inside.size} intervals; {lost} trials "
        f"without a plausible point; {100 * shares:.2g} % of the space left (median); "
        f"{seconds:.0f} s"
    )
    return lines, good


def main() -> int:
    """Run the trials and print what they found; 1 if a parameter is missed too often."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--trials", type=int, default=40)
    for name, default in Plan._field_defaults.items():
        parser.add_argument(f"--{name}", type=int, default=default)
    options = vars(parser.parse_args())
    clock = time.perf_counter()
    trials = trials_of(Plan(*(options[name] for name in Plan._fields)), options["trials"])
    lines, good = report(trials, time.perf_counter() - clock)
    print("\n".join(lines))
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
