"""Recover planted parameters: `python -m tests.harness.recovery --trials 40`.

Each trial draws parameters at random from their ranges, simulates a nation with them once, and
takes its figures for published ones. A calibration to these figures then has to find the
parameters. Over all trials, the 90 % interval of every parameter is to hold the planted value in
at least 85 % of the trials. The command prints both for every parameter, and exits with 1 if one is
missed.

The first wave is the same for all trials, because it comes before any comparison with targets; it
is simulated once.
"""

import argparse
import sys
import time
from collections.abc import Sequence
from datetime import timedelta
from math import sqrt
from typing import NamedTuple

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
from underwatch.study.worlds import in_society

LEVEL, WANTED = 0.90, 0.85
FIT = {
    "life.critical_posts_per_year": {"low": 0.5, "high": 4},
    "response.caution": {"low": 2, "high": 8},
    "life.minor_offences_per_year": {"low": 1, "high": 12},
}
MEASURES = {
    "posts intended": {"measure": "would_posts"},
    "posts": {"measure": "posts"},
    "share of acts withheld": {"measure": "chilled_acts", "per": "would_acts", "times": 100},
    "offences": {"measure": "offences"},
}
REPEATED, REPLICATES = 5, 20
APART = 1_000_000  # between the seeds of two trials, and of what is planted


class Trial(NamedTuple):
    """What was planted, and what was found: (parameters,) each, in units of the range.

    found: whether any point was plausible; without one, the interval is empty.
    """

    planted: np.ndarray
    lower: np.ndarray
    upper: np.ndarray
    found: bool
    waves: int
    share: float

    @property
    def inside(self) -> np.ndarray:
        """Whether the interval holds each planted value."""
        return (self.lower <= self.planted) & (self.planted <= self.upper)


class Recovery:
    """Trials that share their first wave."""

    def __init__(self, citizens: int, days: int, points: int, waves: int, seed: int = 2018):
        self.seed = seed
        self.scenario = in_society(Scenario.load("atlantic-2018"), citizens=citizens, seed=seed)
        self.days, self.points, self.waves = days, points, waves
        self.last_day = self.scenario.first_day + timedelta(days - 1)
        self.first: np.ndarray | None = None  # figures of the first wave
        self.repeated: np.ndarray | None = None  # figures of replicates, for the errors of targets
        self.declared = self._declared(dict.fromkeys(MEASURES, (1.0, 1.0)))
        self.parameters: Sequence[Parameter] = parameters_of(self.declared, self.scenario)
        output = output_of(self.declared, self.scenario.first_day, citizens)
        self.own = own_code(None, 30, None, {OUTPUT: output})

    def trial(self, number: int) -> Trial:
        """Plant, simulate, forget, and find."""
        rng = np.random.default_rng([self.seed, number])
        planted = rng.random(len(self.parameters))
        truth = self._simulator(number, planted=True)(planted[None], 1)[0, 0]
        if self.first is None:
            self.first = self._first_wave()
            self.repeated = self._repeated()
        errors = [self._error(k, value) for k, value in enumerate(truth)]
        declared = self._declared(dict(zip(MEASURES, zip(truth, errors, strict=True), strict=True)))
        simulator = self._simulator(number)

        def simulate(
            units: np.ndarray, replicates: int, stage: str = "", last: bool = False
        ) -> np.ndarray:
            if stage.startswith("Wave 1 "):
                return self.first
            if last:  # not part of the trial
                return np.zeros((len(units), replicates, len(MEASURES)))
            return simulator(units, replicates)

        same = np.random.default_rng(self.seed)  # the first wave is drawn with it
        history, sample, _ = found_by(simulate, declared, self.parameters, self.points, same)
        share = history.waves[-1].share
        if not len(sample):
            return Trial(planted, np.ones(3), np.zeros(3), False, len(history.waves), share)
        tail = (1 - LEVEL) / 2
        lower, upper = np.quantile(sample, [tail, 1 - tail], axis=0)
        return Trial(planted, lower, upper, True, len(history.waves), share)

    def _declared(self, figures: dict[str, tuple[float, float]]) -> Targets:
        targets = {
            name: Target(
                value=float(value), standard_error=float(error), confidence="C",
                source="assumption: simulated", by=self.last_day, **MEASURES[name],
            )
            for name, (value, error) in figures.items()
        }  # fmt: skip
        return Targets(
            scenario="atlantic-2018", days=self.days, points=self.points, waves=self.waves,
            fit=FIT, targets=targets, draws=5,
        )  # fmt: skip

    def _simulator(self, number: int, planted: bool = False) -> Simulator:
        """Runs with seeds that no other trial has."""
        used = APART * (2 * (number + 2) + planted)
        return Simulator(
            self.parameters, self.scenario, (self.days, self.days), self.own, Ledger(None, ""),
            used=used,
        )  # fmt: skip

    def _first_wave(self) -> np.ndarray:
        from scipy.stats import qmc

        units = qmc.LatinHypercube(len(FIT), rng=np.random.default_rng(self.seed))
        return self._simulator(-1)(units.random(self.points), self.declared.seeds)

    def _repeated(self) -> np.ndarray:
        """Many replicates of a few points: an error that is off would be off in every trial."""
        units = np.random.default_rng([self.seed, APART]).random((REPEATED, len(FIT)))
        return self._simulator(-2)(units, REPLICATES)

    def _error(self, target: int, value: float) -> float:
        """The standard error of one run. The variance of a count is in proportion to it."""
        of_target = self.repeated[:, :, target]
        variances, means = of_target.var(1, ddof=1), of_target.mean(1)
        return sqrt(variances.sum() / means.sum() * max(value, 0.5 * means.min(), 1e-9))


def report(trials: Sequence[Trial], seconds: float) -> tuple[list[str], bool]:
    """Lines for each parameter, and whether all are found often enough."""
    inside = np.array([trial.inside for trial in trials])
    lines, good = [], True
    for k, name in enumerate(FIT):
        share = inside[:, k].mean()
        width = np.mean([(trial.upper - trial.lower)[k] for trial in trials if trial.found])
        good &= bool(share >= WANTED)
        lines.append(
            f"{name}: planted value inside the 90 % interval in {inside[:, k].sum()} of "
            f"{len(trials)} trials ({100 * share:.0f} %); mean width {100 * width / LEVEL:.0f} % "
            "of that before the fit"
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
    parser.add_argument("--citizens", type=int, default=4_000)
    parser.add_argument("--days", type=int, default=200)
    parser.add_argument("--points", type=int, default=20, help="of each wave")
    parser.add_argument("--waves", type=int, default=2)
    options = parser.parse_args()
    clock = time.perf_counter()
    recovery = Recovery(options.citizens, options.days, options.points, options.waves)
    trials = []
    for number in range(options.trials):
        with one_thread():
            trials.append(recovery.trial(number))
        print(f"trial {number + 1}: {trials[-1].inside.tolist()}", file=sys.stderr, flush=True)
    lines, good = report(trials, time.perf_counter() - clock)
    print("\n".join(lines))
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
