"""Intervals over seeds as bands around the lines of a chart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from underwatch.report.series import Series
from underwatch.study.statistics import MIN_SEEDS, student

Band = tuple[np.ndarray, np.ndarray]  # (low, high), each with a value for every x


def band(line: np.ndarray, by_seed: np.ndarray) -> Band | None:
    """The 95 % interval of each point of a line; None with fewer than three seeds.

    line: one value for each x. by_seed: float64[seeds, x], the same under each seed; a point
    that is undefined under some seed has no interval.
    """
    seeds = len(by_seed)
    if seeds < MIN_SEEDS:
        return None
    reach = student(seeds - 1) * by_seed.std(axis=0, ddof=1) / np.sqrt(seeds)
    return line - reach, line + reach


def with_bands(series: Series, by_seed: Sequence[Mapping[str, np.ndarray]]) -> Series:
    """A series with the 95 % interval of each line over seeds, where there are enough.

    by_seed: the lines of the same series under each seed, by label.
    """
    found = dict(series.bands or {})
    for label, line in series.lines.items():
        each = [lines[label] for lines in by_seed if label in lines]
        if len(each) == len(by_seed) and all(values.shape == line.shape for values in each):
            made = band(line, np.array(each))
            found |= {label: made} if made is not None else {}
    return series._replace(bands=found or None)
