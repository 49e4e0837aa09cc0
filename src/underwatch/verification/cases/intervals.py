"""Coverage of the intervals that are printed: how often each holds the truth."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np

from underwatch.assessments import ranges
from underwatch.assessments.deployment import Deployer, Deployment, Figure, Period
from underwatch.assessments.worlds import comparing
from underwatch.measurement.summary import LINES
from underwatch.report.series.decisions import compared, poisson_interval
from underwatch.study.attribute import Plan, estimates_of
from underwatch.study.bands import band
from underwatch.study.differences import paired
from underwatch.study.shapley import coalitions_of, sample_orders
from underwatch.study.statistics import estimate, of_skewed, of_unit, ratio_of_means
from underwatch.study.sweep.sensitivity import estimated
from underwatch.verification.case import Case, Check

_NOMINAL, _SHORT = 0.95, 0.01
_WHOLE = 20_000  # replicates of a whole verification
Ends = tuple[float, float, float]  # low, truth, high


def coverage(replicates: int, seed: int) -> list[Check]:
    """Case 37: how often the truth lies inside, of each interval function of the package."""
    rng = np.random.default_rng(seed)
    checks = [
        _covered(label, [one(rng) for _ in range(replicates)], label in _TO_THE_POINT)
        for label, one in _QUICK.items()
    ]
    if replicates >= _WHOLE:
        checks += [
            _covered(label, [one(rng) for _ in range(replicates // times)])
            for label, (one, times) in _LONG.items()
        ]
    return [*checks, _of_inputs(rng, replicates)]


def _covered(label: str, found: list[Ends | None], to_the_point: bool = False) -> Check:
    """The share of intervals that hold the truth; a replicate without an interval is left out.

    to_the_point: whether it covers what it says and no more, so that a wider one is wrong, too.
    """
    ends = np.array([one for one in found if one is not None])
    inside = (ends[:, 0] <= ends[:, 1]) & (ends[:, 1] <= ends[:, 2])
    share = float(inside.mean())
    return Check(
        label, 100 * _NOMINAL, 100 * share, "%",
        error=100 * float(np.sqrt(_NOMINAL * (1 - _NOMINAL) / len(ends))),
        band=None if to_the_point else (100 * (_NOMINAL - _SHORT), 100.0),
        replicates=len(ends), role="statistic",
    )  # fmt: skip


def _mean(seeds: int) -> Callable[[np.random.Generator], Ends]:
    """Student's interval of a mean over seeds."""

    def one(rng: np.random.Generator) -> Ends:
        found = estimate(rng.normal(7.0, 2.0, seeds).tolist())
        return found.low or 0.0, 7.0, found.high or 0.0

    return one


def _difference(rng: np.random.Generator) -> Ends:
    """The paired difference of two worlds whose seeds have much in common."""
    common = rng.normal(50.0, 5.0, 5)
    first, here = (common + rng.normal(0.0, 1.0, 5) for _ in range(2))
    found = paired("b", LINES["trust"], first.tolist(), (here + 2.0).tolist())
    return found.low or 0.0, 2.0, found.high or 0.0


def _ratio(rng: np.random.Generator) -> Ends | None:
    """The ratio of two means, paired by seed."""
    common = rng.normal(50.0, 8.0, 5)
    found = ratio_of_means((common + rng.normal(0, 4, 5)).tolist(),
                           (0.6 * common + rng.normal(0, 4, 5)).tolist())  # fmt: skip
    return None if found.low is None or found.high is None else (found.low, 0.6, found.high)


def _states(rng: np.random.Generator) -> Ends:
    """The mean over thirty states as unequal as exponential values."""
    found = of_skewed(rng.exponential(3.0, 30).tolist(), 30)
    return found.low or 0.0, 3.0, found.high or 0.0


def _count(mean: float, seeds: int) -> Callable[[np.random.Generator], Ends]:
    """The interval of a count over seeds, where the count is a few events or many."""

    def one(rng: np.random.Generator) -> Ends:
        found = of_unit(rng.poisson(mean, seeds).astype(float).tolist(), "restrictions")
        return found.low or 0.0, mean, found.high or 0.0

    return one


def _share(percent: float, adults: int, seeds: int) -> Callable[[np.random.Generator], Ends | None]:
    """The interval of a share over seeds, cut at 0 and 100 %."""

    def one(rng: np.random.Generator) -> Ends | None:
        drawn = 100 * rng.binomial(adults, percent / 100, seeds) / adults
        found = of_unit(drawn.tolist(), "% of adults")
        return None if found.low is None else (found.low, percent, found.high or 0.0)

    return one


def _events(mean: float) -> Callable[[np.random.Generator], Ends]:
    """The exact interval of a count of events in one run."""

    def one(rng: np.random.Generator) -> Ends:
        low, high = poisson_interval(np.array([rng.poisson(mean)]))
        return float(low[0]), mean, float(high[0])

    return one


def _groups(expected: tuple[float, ...]) -> Callable[[np.random.Generator], Ends | None]:
    """The ratio of the most affected group to the least, as the sentence of a report gives it."""

    def one(rng: np.random.Generator) -> Ends | None:
        cases = rng.poisson(expected)
        text = compared(np.array(list("ABCD")[: len(expected)]), cases, cases / 1e4)
        ends = re.search(r"interval[^\d]*(?:\d+ pairs of groups )?([\d.,]+) to ([\d.,]+)\)", text)
        if ends is None:
            return None
        truth = expected[int(cases.argmax())] / expected[int(cases.argmin())]
        return float(ends[1].replace(",", "")), truth, float(ends[2].replace(",", ""))

    return one


def _band(rng: np.random.Generator) -> Ends:
    """The band around a line of a chart, at one point of it."""
    values = rng.normal(3.0, 1.0, (4, 2))
    found = band(values.mean(0), values)
    return (0.0, 1.0, 0.0) if found is None else (float(found[0][1]), 3.0, float(found[1][1]))


def _assessed(rng: np.random.Generator) -> Ends:
    """The interval over seeds of an assessment's measure."""
    runs = [(float(value), 500) for value in rng.normal(40.0, 3.0, 10)]
    found = comparing.estimate(("x", "all", None), "as declared", ("x", "points"), None, None, runs)
    assert found is not None
    return found.chance_low or 0.0, 40.0, found.chance_high or 0.0


def _attributed(rng: np.random.Generator) -> Ends:
    """A share of an attribution by sampled orders: seeds are the clusters, orders are not."""
    keys, seeds = ("a", "b", "c"), range(5)
    orders = {seed: sample_orders(keys, 4, int(rng.integers(1 << 30))) for seed in seeds}
    plan = Plan({seed: coalitions_of(orders[seed]) for seed in seeds}, orders)
    values: dict[tuple[int, frozenset[str]], float | int | None] = {}
    for seed in seeds:
        worth = dict(zip(keys, (np.array([3.0, 2.0, 1.0]) + rng.normal(0, 1, 3)).tolist(),
                         strict=True))  # fmt: skip
        for some in plan.coalitions[seed]:
            together = 0.5 if {"a", "b"} <= some else 0.0
            values[seed, some] = sum(worth[key] for key in some) + together
    # The share of the smallest component; the largest takes what rounding leaves.
    found = estimates_of(keys, plan, values, 6.5)[0]["c"]
    return found.low or 0.0, 1.0, found.high or 0.0


def _indices(rng: np.random.Generator) -> Ends:
    """The bootstrap interval of a Sobol' index over points, of a sum of two factors."""
    samples = 256
    a, b = rng.random((2, 2, samples))
    points = [a, b, np.array([b[0], a[1]]), np.array([a[0], b[1]])]
    values = np.concatenate([2 * one[0] + one[1] for one in points])
    row = estimated(values, samples)[0]
    return row["first_low"], 0.8, row["first_high"]


_QUICK: dict[str, Callable[[np.random.Generator], Ends | None]] = {
    "Mean over 3 seeds (Student)": _mean(3),
    "Mean over 10 seeds (Student)": _mean(10),
    "Difference of two worlds, 5 seeds (paired t)": _difference,
    "Ratio of two means, 5 seeds (Fieller)": _ratio,
    "Mean over 30 skewed states (Hall)": _states,
    "Count of 0.5 events a seed, 3 seeds": _count(0.5, 3),
    "Count of 6 events a seed, 5 seeds": _count(6.0, 5),
    "Count of 60 events a seed, 5 seeds": _count(60.0, 5),
    "Share of 0.5 % of 2,000 adults, 5 seeds": _share(0.5, 2_000, 5),
    "Share of 10 % of 2,000 adults, 5 seeds": _share(10.0, 2_000, 5),
    "Count of 3 events in one run (exact)": _events(3.0),
    "Count of 30 events in one run (exact)": _events(30.0),
    "Band of a chart, 4 seeds (Student)": _band,
    "Measure of an assessment, 10 seeds (Student)": _assessed,
    "Ratio of two groups, 160 and 80 events": _groups((160.0, 80.0)),
    "Ratio of the extreme ones of four equal groups, 60 events each": _groups((60.0,) * 4),
}  # fmt: skip
# Student's intervals of normal values cover 95 %, neither less nor more.
_TO_THE_POINT = {
    "Mean over 3 seeds (Student)", "Mean over 10 seeds (Student)",
    "Difference of two worlds, 5 seeds (paired t)", "Band of a chart, 4 seeds (Student)",
    "Measure of an assessment, 10 seeds (Student)",
}  # fmt: skip
# Intervals that take milliseconds, with how many times fewer replicates; not in a quick run.
_LONG: dict[str, tuple[Callable[[np.random.Generator], Ends | None], int]] = {
    "Share of an attribution by sampled orders (clustered by seed)": (_attributed, 4),
    "Sobol' index over 256 points (bootstrap)": (_indices, 20),
}


def _of_inputs(rng: np.random.Generator, replicates: int) -> Check:
    """The interval that ranges of inputs leave: how many of other draws of the inputs it holds."""
    figures = {"a": Figure(10.0, 5.0, 30.0), "b": Figure(0.2, 0.1, 0.3), "c": Figure(2, 0, 5)}
    nowhere = Deployment("watch-list camera", "", "", "", Deployer("", "", ""), "",
                         Period("2026-01-01", 1, 1.0), (), {"x": figures})  # fmt: skip

    def answer(values: dict[str, float]) -> dict[tuple[str, str, float | None], float]:
        made = values["x.a"] * values["x.b"] + values["x.c"]
        return {("y", "all", None): made}

    drawn = [answer(values) for values in ranges.drawn_inputs(nowhere)]
    low, high, _ = ranges.intervals(drawn)["y", "all", None]
    other = [ranges.quantile(one, rng.random(10 * replicates)) for one in figures.values()]
    values = other[0] * other[1] + other[2]
    return _covered("What the ranges of inputs leave (256 draws)",
                    [(low or 0.0, float(value), high or np.inf) for value in values])  # fmt: skip


CASES = (
    Case(
        37, "Coverage of intervals",
        "Every printed interval: study.statistics, study.differences, study.attribute, "
        "study.bands, study.sweep.sensitivity, report.series.decisions, assessments.ranges, "
        "assessments.worlds.comparing",
        "Nominal level of 95 %: met by Student's, short by at most one point otherwise", "C",
        "exact", coverage, replicates=_WHOLE, quick=4_000, seconds=110,
        slow="the intervals of sampled orders and of Sobol' indices take milliseconds each",
        notices="Normal quantiles for Student's: 3 seeds would cover 81 %. Orders pooled as "
        "independent: an interval 3 times too narrow would cover 50 %.",
        note="Student's intervals of normal values have to cover 95 %, neither less nor more. Of "
        "the others 94 % and more is accepted: exact intervals of small counts cover more than "
        "their level. What is drawn is known, so the truth is too.",
    ),
)  # fmt: skip
