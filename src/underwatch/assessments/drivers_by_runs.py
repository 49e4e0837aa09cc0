"""Drivers of a measure that only runs know: ends of ranges over seeds, turning points by bisection.

All sets of figures are run with the same seeds, so that the change from one end of a range to the
other is that of the input (common random numbers). A turning point is sought within the range
alone, and only for an input whose change is more than chance.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import fmean

from underwatch.assessments.drivers import MOST, label, ranges_of
from underwatch.assessments.result import Deployment, Driver
from underwatch.assessments.wholes import moved
from underwatch.study.statistics import estimate

BISECTIONS = 5  # a turning point is known to a 32nd of the part of the range that holds it

Figures = Mapping[str, float]
BySeed = Sequence[float | None]  # the measure under each seed; None where it is not defined
Run = Callable[[Sequence[Figures]], Sequence[BySeed]]  # each of several sets of figures


@dataclass(frozen=True)
class _Bracket:
    """Two values of an input, between which the measure crosses its limit."""

    path: str
    below: float  # where the measure is below its limit
    above: float

    @property
    def middle(self) -> float:
        """Half way, in the logarithm if both values are above zero."""
        one, other = self.below, self.above
        return math.sqrt(one * other) if min(one, other) > 0 else (one + other) / 2


def drivers_by_runs(
    deployment: Deployment, measure: str, limit: float, run: Run
) -> tuple[Driver, ...]:
    """The five inputs that move the measure most over their ranges, one at a time."""
    values, ranged = deployment.values, ranges_of(deployment)
    wanted = [values, *(moved(values, path, float(end or 0)) for path, figure in ranged.items()
                        for end in (figure.low, figure.high))]  # fmt: skip
    declared, *ends = run(wanted)
    found = [
        made
        for path, low, high in zip(ranged, ends[::2], ends[1::2], strict=True)
        if (made := _driver(deployment, path, measure, low, high)) is not None
    ]
    found = sorted(found, key=lambda one: -one.swing)[:MOST]
    here = _mean(declared)
    brackets = [] if here is None else [
        bracket for one in found if one.sought for bracket in _brackets(one, here, limit)
    ]  # fmt: skip
    turns = _bisected(brackets, values, limit, run)
    return tuple(_turned(one, turns.get(one.path, [])) for one in found)


def _driver(
    deployment: Deployment, path: str, measure: str, low: BySeed, high: BySeed
) -> Driver | None:
    """One input from end to end of its range; None where it moves nothing or is not defined."""
    both = [(one, other) for one, other in zip(low, high, strict=True)
            if one is not None and other is not None]  # fmt: skip
    at_low, at_high = (fmean(pair[k] for pair in both) for k in (0, 1)) if both else (0.0, 0.0)
    if at_low == at_high:
        return None
    change = estimate([other - one for one, other in both])
    figure = deployment.figures[path]
    apart = change.low is None or change.high is None or change.low > 0 or change.high < 0
    return Driver(
        path, label(path), float(figure.value), float(figure.low or 0), float(figure.high or 0),
        measure, at_low, at_high, sought=apart, everywhere=False, change_low=change.low,
        change_high=change.high,
    )  # fmt: skip


def _brackets(driver: Driver, here: float, limit: float) -> list[_Bracket]:
    """The parts of the range, to either side of the declared value, that cross the limit."""
    found = []
    for end, there in ((driver.low, driver.at_low), (driver.high, driver.at_high)):
        if end != driver.value and (here - limit) * (there - limit) <= 0 and here != there:
            below, above = (driver.value, end) if here < there else (end, driver.value)
            found.append(_Bracket(driver.path, below, above))
    return found


def _bisected(
    brackets: list[_Bracket], values: Figures, limit: float, run: Run
) -> dict[str, list[tuple[float, float]]]:
    """Every bracket narrowed, all in step, so that the runs of one step are made together."""
    for _ in range(BISECTIONS if brackets else 0):
        middles = run([moved(values, each.path, each.middle) for each in brackets])
        brackets = [
            each if (at := _mean(by_seed)) is None
            else _Bracket(each.path, each.middle, each.above) if at < limit
            else _Bracket(each.path, each.below, each.middle)
            for each, by_seed in zip(brackets, middles, strict=True)
        ]  # fmt: skip
    found: dict[str, list[tuple[float, float]]] = {}
    for each in brackets:
        found.setdefault(each.path, []).append(
            (min(each.below, each.above), max(each.below, each.above))
        )
    return found


def _turned(driver: Driver, turns: list[tuple[float, float]]) -> Driver:
    """The driver with the turning point that is nearest to the declared value, if it has any."""
    if not turns:
        return driver
    low, high = min(turns, key=lambda ends: abs(sum(ends) / 2 - driver.value))
    return replace(driver, turning_point=(low + high) / 2, turning_low=low, turning_high=high)


def _mean(by_seed: BySeed) -> float | None:
    known = [value for value in by_seed if value is not None]
    return fmean(known) if known else None
