"""The design of a sensitivity study, whatever is evaluated at its points.

First a Latin hypercube over all factors gives the band of each measure. Then trajectories over
all factors screen them (Morris); the factors that move a measure most get Sobol' indices, from
points at which all others stay as declared.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from underwatch.errors import UserError
from underwatch.measurement.estimates import MIN_EVENTS

Vector = npt.NDArray[np.float64]
LEVELS = 4  # of a factor in a trajectory
RESAMPLES = 500
LEVEL = 0.95
BAND = (0.05, 0.95)  # quantiles
FEWEST = 4  # trajectories or base points of which anything is estimated


class Design(NamedTuple):
    """How many points: of the band, trajectories, base points of the indices, factors in them.

    draws: the seed of the points. With samples = 0 there are no indices.
    """

    band: int = 64
    trajectories: int = 8
    samples: int = 64
    matter: int = 8
    draws: int = 1

    def most_points(self, factors: int) -> int:
        """The number of points, of those with indices at most."""
        mattering = min(self.matter, factors)
        return (
            1 + self.band + self.trajectories * (factors + 1) + self.samples * (mattering + 2)
        )  # fmt: skip


class Measured(NamedTuple):
    """What was evaluated at some points: measure → float64 (points), NaN where undefined.

    events: on how many each value rests, NaN where it does not rest on events.
    """

    values: Mapping[str, Vector]
    events: Mapping[str, Vector]

    def part(self, some: slice) -> Measured:
        """Some of the points."""
        return Measured(
            {name: one[some] for name, one in self.values.items()},
            {name: one[some] for name, one in self.events.items()},
        )


class Effect(NamedTuple):
    """How far a factor moves a measure over its range (Morris).

    size: the mean of the absolute effects, with its 95 % interval over trajectories. mean: that
    of the signed ones; spread: their standard deviation, large where the effect depends on other
    factors or is no line.
    """

    factor: int
    size: float
    low: float
    high: float
    mean: float
    spread: float


class Index(NamedTuple):
    """Sobol' indices of a factor, as shares of the variance, with 95 % intervals (bootstrap)."""

    factor: int
    first: float
    first_low: float
    first_high: float
    total: float
    total_low: float
    total_high: float


class Explored(NamedTuple):
    """All that was found: at the declared point, over the band, and of each factor.

    effects and indices: by measure, largest first; empty where they cannot be estimated.
    """

    declared: Measured
    band: Measured
    effects: dict[str, list[Effect]]
    indices: dict[str, list[Index]]
    mattering: tuple[int, ...]


Evaluate = Callable[[Vector], Measured]


def explore(evaluate: Evaluate, factors: int, design: Design) -> Explored:
    """Evaluate a function over all its factors.

    evaluate: gets points, float64 (points, factors) from 0 to 1, NaN for "as declared".

    Examples
    --------
    >>> def plane(points):
    ...     values = 3 * points[:, 0] + points[:, 1]
    ...     return Measured({"y": values}, {"y": np.full(len(points), np.nan)})
    >>> found = explore(plane, 2, Design(band=16, samples=16))
    >>> [(one.factor, round(one.size, 6)) for one in found.effects["y"]]
    [(0, 3.0), (1, 1.0)]
    """
    first = np.concatenate([np.full((1, factors), np.nan), latin(factors, design)])
    paths = screening(factors, design)
    found = evaluate(np.concatenate([first, paths]))
    declared, band = found.part(slice(0, 1)), found.part(slice(1, 1 + design.band))
    screened = found.part(slice(1 + design.band, None))
    effects = {name: effects_of(paths, values, design) for name, values in screened.values.items()}
    enough = [name for name, counts in found.events.items() if not few_events(counts)]
    mattering = most_important({name: effects[name] for name in enough}, design.matter)
    indices: dict[str, list[Index]] = {name: [] for name in effects}
    if design.samples and mattering:
        some = saltelli(len(mattering), design)
        points = np.full((len(some), factors), np.nan)
        points[:, list(mattering)] = some
        values = evaluate(points).values
        indices = {name: indices_of(values[name], mattering, design) for name in effects}
    return Explored(declared, band, effects, indices, mattering)


def few_events(counts: Vector) -> int | None:
    """The median number of events over points if it is too small to compare; else None."""
    known = counts[~np.isnan(counts)]
    if not known.size:
        return None
    middle = int(np.median(known))
    return middle if middle < MIN_EVENTS else None


def most_important(effects: Mapping[str, Sequence[Effect]], most: int) -> tuple[int, ...]:
    """The factors with the largest effects: the first of every measure, then the second …"""
    chosen: dict[int, None] = {}
    longest = max((len(some) for some in effects.values()), default=0)
    for rank in range(longest):
        for some in effects.values():
            if rank < len(some) and some[rank].size > 0 and len(chosen) < most:
                chosen[some[rank].factor] = None
    return tuple(chosen)


def check_installed() -> None:
    """Refuse to go on without SALib, which is an extra. Raises UserError."""
    from importlib.util import find_spec

    if find_spec("SALib") is None:
        raise UserError(
            "sensitivity needs SALib; install it with `pip install 'underwatch[sensitivity]'`."
        )


# --- Points


def _problem(factors: int) -> dict[str, Any]:
    names = [str(k) for k in range(factors)]
    return {"num_vars": factors, "names": names, "bounds": [[0.0, 1.0]] * factors}


def latin(factors: int, design: Design) -> Vector:
    from scipy.stats import qmc

    drawn = qmc.LatinHypercube(factors, rng=np.random.default_rng(design.draws))
    return np.asarray(drawn.random(design.band))


def screening(factors: int, design: Design) -> Vector:
    """Trajectories: float64 (trajectories × (factors + 1), factors)."""
    from SALib.sample import morris

    drawn = morris.sample(
        _problem(factors), design.trajectories, num_levels=LEVELS, seed=design.draws
    )
    return np.asarray(drawn)


def saltelli(factors: int, design: Design) -> Vector:
    """Points of Sobol' indices: float64 (samples × (factors + 2), factors)."""
    from SALib.sample import sobol

    drawn = sobol.sample(
        _problem(factors), design.samples, calc_second_order=False, seed=design.draws
    )
    return np.asarray(drawn)


# --- Estimates


def effects_of(paths: Vector, values: Vector, design: Design) -> list[Effect]:
    """The effects of all factors, largest first; trajectories with an undefined value are left out.

    Empty if fewer than `FEWEST` trajectories are left.
    """
    from SALib.analyze import morris

    factors = paths.shape[1]
    whole = ~np.isnan(values.reshape(-1, factors + 1)).any(1)
    if whole.sum() < FEWEST:
        return []
    kept = np.repeat(whole, factors + 1)
    made = morris.analyze(
        _problem(factors), paths[kept], values[kept], num_levels=LEVELS, conf_level=LEVEL,
        num_resamples=RESAMPLES, seed=design.draws,
    )  # fmt: skip
    found = [
        Effect(k, size, max(0.0, size - wide), size + wide, mean, spread)
        for k, (size, wide, mean, spread) in enumerate(
            zip(*(map(float, made[name]) for name in ("mu_star", "mu_star_conf", "mu", "sigma")),
                strict=True)
        )
    ]  # fmt: skip
    return sorted(found, key=lambda one: -one.size)


def indices_of(values: Vector, mattering: Sequence[int], design: Design) -> list[Index]:
    """The indices of the factors that matter, largest total first.

    Base points with an undefined value are left out. Empty if fewer than `FEWEST` are left, or
    if the measure does not vary.
    """
    from SALib.analyze import sobol

    blocks = values.reshape(-1, len(mattering) + 2)
    whole = ~np.isnan(blocks).any(1)
    kept = blocks[whole].ravel()
    if whole.sum() < FEWEST or np.ptp(kept) == 0:
        return []
    made = sobol.analyze(
        _problem(len(mattering)), kept, calc_second_order=False, num_resamples=RESAMPLES,
        conf_level=LEVEL, seed=design.draws,
    )  # fmt: skip
    found = []
    for k, factor in enumerate(mattering):
        first, total = float(made["S1"][k]), float(made["ST"][k])
        wide, wider = float(made["S1_conf"][k]), float(made["ST_conf"][k])
        ends = first - wide, first + wide, total, total - wider, total + wider
        found.append(Index(factor, first, *ends))
    return sorted(found, key=lambda one: -one.total)
