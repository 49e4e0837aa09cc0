"""Intervals over seeds. A seed is one replicate; fewer than three give no interval."""

from collections.abc import Iterable, Sequence
from math import fsum, sqrt
from typing import NamedTuple

import numpy as np

from underwatch.report.few import poisson_interval
from underwatch.report.numbers import COUNTED

LEVEL = 0.95
MIN_SEEDS = 3


class Estimate(NamedTuple):
    """A mean over replicates and its 95 % interval; low and high are None without one."""

    value: float | None
    low: float | None = None
    high: float | None = None


UNDEFINED = Estimate(None)


def estimate(values: Sequence[float], least: int = MIN_SEEDS) -> Estimate:
    """The mean of independent replicates, with Student's interval from `least` replicates on.

    values: one for each replicate; none at all gives an undefined estimate.

    Examples
    --------
    >>> found = estimate([1.0, 2.0, 3.0])
    >>> found.value, round(found.low, 3), round(found.high, 3)
    (2.0, -0.484, 4.484)
    >>> estimate([1.0, 2.0])
    Estimate(value=1.5, low=None, high=None)
    """
    if not values:
        return UNDEFINED
    count = len(values)
    mean = fsum(values) / count
    if count < least:
        return Estimate(mean)
    reach = student(count - 1) * sqrt(variance(values) / count)
    return Estimate(mean, mean - reach, mean + reach)


def of_unit(values: Sequence[float], unit: str) -> Estimate:
    """The same as `estimate` for a measure of one world, with an interval that its unit allows.

    Where a count is the same under every seed, their spread says nothing: the interval is then
    that of a Poisson count, so that no event in three seeds does not read "0 to 0".

    Examples
    --------
    >>> of_unit([0.0, 0.0, 0.0], "restrictions").high.__round__(2)
    1.23
    """
    found = estimate(values)
    if found.low is None or found.low != found.high or unit not in COUNTED:
        return cut(found, unit)
    low, high = poisson_interval(np.array([fsum(values)]))
    return Estimate(found.value, float(low[0]) / len(values), float(high[0]) / len(values))


def cut(found: Estimate, unit: str) -> Estimate:
    """An estimate whose interval keeps to what the unit allows: a count or a share is not below
    zero, and a share not above 100 %. Not for differences.

    Examples
    --------
    >>> cut(Estimate(2.0, -1.0, 5.0), "acts"), cut(Estimate(2.0, -1.0, 5.0), "points")[1:]
    (Estimate(value=2.0, low=0.0, high=5.0), (-1.0, 5.0))
    >>> cut(Estimate(98.0, 95.0, 101.0), "% of adults").high
    100.0
    """
    value, low, high = found
    share = unit.startswith("%") or unit == "of 100"
    if value is None or low is None or high is None or not (share or unit in COUNTED):
        return found
    if value >= 0:
        low = max(low, 0.0)
    if share and value <= 100:
        high = min(high, 100.0)
    return Estimate(value, low, high)


def unpaired_seeds(first: Sequence[float], other: Sequence[float]) -> float | None:
    """How many seeds unpaired worlds would take for an interval as narrow as the paired one.

    K (var A + var B) / var(B - A) of K pairs; None below three pairs, or where all the
    differences are equal.
    """
    count = len(first)
    if count < MIN_SEEDS:
        return None
    spread = variance([b - a for a, b in zip(first, other, strict=True)])
    return count * (variance(first) + variance(other)) / spread if spread > 0 else None


def variance(values: Sequence[float]) -> float:
    """The unbiased sample variance of two values or more."""
    mean = fsum(values) / len(values)
    return fsum((value - mean) ** 2 for value in values) / (len(values) - 1)


def student(freedom: int) -> float:
    """The quantile of Student's t that bounds a two-sided 95 % interval."""
    from scipy import stats  # type: ignore[import-untyped]

    return float(stats.t.ppf((1 + LEVEL) / 2, freedom))


def defined(values: Iterable[float | None]) -> list[float]:
    """The values that are not None."""
    return [value for value in values if value is not None]


def seeds_phrase(seeds: int) -> str:
    """How many seeds a result rests on, and what follows for its intervals.

    Examples
    --------
    >>> seeds_phrase(1), seeds_phrase(5)
    ('1 seed: no interval', '5 seeds: 95 % intervals over seeds')
    """
    many = "1 seed" if seeds == 1 else f"{seeds:,} seeds"
    enough = "95 % intervals over seeds" if seeds >= MIN_SEEDS else "no interval"
    return f"{many}: {enough}"
