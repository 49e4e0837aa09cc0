"""The points of a plan: settings of scenario keys, in order."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from math import prod
from typing import Any, NamedTuple

from underwatch.scenario import Scenario
from underwatch.scenario.keys import in_words
from underwatch.scenario.loading.schema import Shape
from underwatch.study.sweep.declaration import GRID, LATIN, LIST, SOBOL, Declared

Point = dict[str, Any]  # scenario key -> value


class Range(NamedTuple):
    """The ends between which a factor is drawn, both included; whole: only whole numbers."""

    low: float
    high: float
    whole: bool


@dataclass(frozen=True)
class Points:
    """All points of a plan in order, and the factors over which they vary.

    factors: key -> the values of a grid, the Range of a draw, or None in a list.
    """

    kind: str
    factors: dict[str, Any]
    points: list[Point]

    @property
    def shape(self) -> tuple[int, ...]:
        """The lengths of the dimensions that the points fill."""
        if self.kind == GRID:
            return tuple(len(values) for values in self.factors.values())
        return (len(self.points),)


def points_of(plan: Declared) -> Points:
    """The points of a plan that has no fault; the same for the same plan on every machine."""
    if plan.plan == GRID:
        values = [plan.factors[key] for key in plan.factors]
        made = [dict(zip(plan.factors, one, strict=True)) for one in product(*values)]
        return Points(GRID, dict(plan.factors), made)
    if plan.plan == LIST:
        return Points(LIST, dict.fromkeys(keys_of(plan)), [dict(run) for run in plan.runs])
    ranges = {
        key: Range(ends["low"], ends["high"], is_whole(key)) for key, ends in plan.factors.items()
    }
    made = [
        {key: _scaled(u, ends) for u, (key, ends) in zip(row, ranges.items(), strict=True)}
        for row in _draws(plan)
    ]
    return Points(plan.plan, dict(ranges), made)


def _draws(plan: Declared) -> Any:
    """One number from 0 to 1 for each point and factor: float64 (points, factors).

    For sobol: the rows of two independent samples A and B, then those of A with each of its
    columns in turn from B (Saltelli's plan), as `Sweep.sensitivity` reads them.
    """
    import numpy as np
    from scipy.stats import qmc

    count, draw_seed = len(plan.factors), plan.seed or 0
    if plan.plan == LATIN:
        return qmc.LatinHypercube(count, rng=np.random.default_rng(draw_seed)).random(plan.drawn)
    both = qmc.Sobol(2 * count, bits=64, rng=np.random.default_rng(draw_seed)).random(plan.drawn)
    first, second = both[:, :count], both[:, count:]
    mixed = []
    for k in range(count):
        some = first.copy()
        some[:, k] = second[:, k]
        mixed.append(some)
    return np.concatenate([first, second, *mixed])


def _scaled(u: float, ends: Range) -> float | int:
    if ends.whole:
        low, high = int(ends.low), int(ends.high)
        return low + min(int(u * (high - low + 1)), high - low)
    return float(ends.low + u * (ends.high - ends.low))


def keys_of(plan: Declared) -> list[str]:
    """The scenario keys that a plan sets."""
    if plan.plan == LIST:
        return [*dict.fromkeys(str(key) for run in plan.runs for key in run)]
    return [*plan.factors]


def shape_of(key: str) -> Shape | None:
    """What a scenario key names; None if it names nothing."""
    shape: Shape | None = Shape.of(Scenario)
    for part in key.split("."):
        shape = shape and shape.child(part)
    return shape


def leaf_of(key: str) -> Shape | None:
    """What a scenario key may hold; None if it names no leaf."""
    shape = shape_of(key)
    return None if shape is None or shape.is_section else shape


def is_whole(key: str) -> bool:
    shape = leaf_of(key)
    return shape is not None and int in shape.parts and float not in shape.parts


def number_of_points(plan: Declared) -> int:
    """How many points a plan has, without making them."""
    if plan.plan == GRID:
        return prod(len(v) if isinstance(v, list) else 1 for v in plan.factors.values())
    if plan.plan == LIST:
        return len(plan.runs)
    return plan.drawn * (len(plan.factors) + 2 if plan.plan == SOBOL else 1)


def number_of_runs(plan: Declared) -> int:
    """How many runs a plan has."""
    seeds = len(plan.seeds) if isinstance(plan.seeds, list) else plan.seeds
    return number_of_points(plan) * len(plan.scenarios) * seeds


def label_of(value: Any) -> str:
    """A value as a label: the same text for the same value."""
    if isinstance(value, dict):
        return "; ".join(f"{in_words(one)} from {day}" for day, one in value.items())
    return in_words(value)
