"""Intervals over seeds. A seed is one replicate; fewer than three give no interval."""

from collections.abc import Iterable, Sequence
from functools import cache
from math import cbrt, fsum, sqrt
from typing import NamedTuple

import numpy as np

from underwatch.report.few import poisson_interval
from underwatch.report.numbers import COUNTED

LEVEL = 0.95
MIN_SEEDS = 3
FEW_EVENTS = 100  # over all seeds; of fewer, the spread of seeds may be small by chance


class Estimate(NamedTuple):
    """A mean over replicates and its 95 % interval; low and high are None without one."""

    value: float | None
    low: float | None = None
    high: float | None = None


UNDEFINED = Estimate(None)


def estimate(values: Sequence[float], least: int = MIN_SEEDS, level: float = LEVEL) -> Estimate:
    """The mean of independent replicates, with Student's interval from `least` replicates on.

    values: one for each replicate; none at all gives an undefined estimate. level: of the
    interval.

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
    reach = student(count - 1, level) * sqrt(variance(values) / count)
    return Estimate(mean, mean - reach, mean + reach)


def of_skewed(values: Sequence[float], least: int) -> Estimate:
    """The mean over unequal units, such as states, with an interval from `least` units on.

    Such values are skewed, and Student's interval then covers too little: 93 % for 30 exponential
    values. Hall's transformation (1992) of Student's t carries the skewness.

    Examples
    --------
    >>> found = of_skewed([0.0, 1.0, 1.0, 1.0, 2.0, 7.0], 6)  # farther on the side of the tail
    >>> found.value, round(found.low, 2), round(found.high, 2)
    (2.0, 0.36, 9.55)
    """
    found, count = estimate(values, least), len(values)
    if found.value is None or found.low is None or found.high is None or found.low == found.high:
        return found
    error, mean = sqrt(variance(values) / count), found.value
    third = fsum((value - mean) ** 3 for value in values)
    skew = third * count / ((count - 1) * (count - 2)) / variance(values) ** 1.5 / sqrt(count)
    if abs(skew) < 1e-9:
        return found
    t = student(count - 1)
    reaches = (cbrt(1 + skew * (end - skew / 6)) for end in (t, -t))
    low, high = (mean - error * 3 / skew * (reach - 1) for reach in reaches)
    return Estimate(mean, low, high)


def of_unit(values: Sequence[float], unit: str) -> Estimate:
    """The same as `estimate` for a measure of one world, with an interval that its unit allows.

    The spread of a few small counts may be small by chance. So the interval of a count is at
    least that of as many independent events where these are fewer than 100 over all seeds, or
    where every seed has the same: no event in three seeds does not read "0 to 0". A share
    without spread has no interval: how many events it rests on is not known here.

    Examples
    --------
    >>> of_unit([0.0, 0.0, 0.0], "restrictions").high.__round__(2)
    1.23
    >>> of_unit([0.0, 0.0, 0.0], "% of adults")
    Estimate(value=0.0, low=None, high=None)
    """
    found = estimate(values)
    if found.low is None or found.high is None:
        return found
    total, flat = fsum(values), found.low == found.high
    counts = unit in COUNTED and all(value >= 0 and value == int(value) for value in values)
    if not counts:
        return Estimate(found.value) if flat and _is_share(unit) else cut(found, unit)
    if flat or total < FEW_EVENTS:
        low, high = (float(end[0]) / len(values) for end in poisson_interval(np.array([total])))
        found = Estimate(found.value, min(found.low, low), max(found.high, high))
    return cut(found, unit)


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
    share = _is_share(unit)
    if value is None or low is None or high is None or not (share or unit in COUNTED):
        return found
    if value >= 0:
        low = max(low, 0.0)
    if share and value <= 100:
        high = min(high, 100.0)
    return Estimate(value, low, high)


def _is_share(unit: str) -> bool:
    return unit.startswith("%") or unit == "of 100"


def ratio_of_means(first: Sequence[float], here: Sequence[float]) -> Estimate:
    """The mean of `here` over the mean of `first`, paired by seed, with Fieller's interval.

    The interval carries the spread of both means and their correlation. None where the mean of
    `first` is not distinguished from zero, for then the ratio may be anything.

    Examples
    --------
    >>> found = ratio_of_means([100.0, 104.0, 96.0], [50.0, 53.0, 47.0])
    >>> round(found.value, 3), round(found.low, 3), round(found.high, 3)
    (0.5, 0.472, 0.523)
    >>> ratio_of_means([1.0, -1.0, 2.0], [1.0, 1.0, 1.0]).low is None
    True
    """
    count = len(first)
    if not count or not fsum(first):
        return UNDEFINED
    a, b = fsum(first) / count, fsum(here) / count
    if count < MIN_SEEDS:
        return Estimate(b / a)
    # {r : |b - r a| <= t s(r) / √K} lies between the roots of a square equation in r.
    share = student(count - 1) ** 2 / count
    both = fsum((x - a) * (y - b) for x, y in zip(first, here, strict=True)) / (count - 1)
    square = a * a - share * variance(first)
    middle = a * b - share * both
    rest = b * b - share * variance(here)
    if square <= 0:
        return Estimate(b / a)
    reach = sqrt(max(0.0, middle * middle - square * rest)) / square
    return Estimate(b / a, middle / square - reach, middle / square + reach)


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


@cache
def student(freedom: int, level: float = LEVEL) -> float:
    """The quantile of Student's t that bounds a two-sided interval of this level."""
    from scipy.special import stdtrit

    return float(stdtrit(freedom, (1 + level) / 2))


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
