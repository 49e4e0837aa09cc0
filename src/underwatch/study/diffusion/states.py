"""Invented states: regime, size, location, and shares of trade.

They have numbers and no names, and no data about any real state enter them.
"""

from typing import NamedTuple

import numpy as np

from underwatch.kernel.compile import parallel, prange
from underwatch.kernel.random import draw
from underwatch.model.parameters.units import part
from underwatch.study.diffusion.declaration import Study

# Streams of random draws for states, above those for people; never renumber.
REGIME, SIZE, EAST, NORTH, PEOPLE, REPLICATES, TRIALS = range(1 << 18, (1 << 18) + 7)
SIZES = ("small", "middle", "large")
_NEAREST = 0.01  # of the width of the torus: the least distance


class States(NamedTuple):
    """All states of a study; they do not change over the years."""

    regime: np.ndarray  # int64 (states): index in REGIMES
    size: np.ndarray  # float64 (states): 1 = the median state
    size_class: np.ndarray  # int64 (states): index in SIZES
    exporter: np.ndarray  # int64 (states): share of trade with the exporter, 65,536ths
    trade: np.ndarray  # int64 (states, partners): share of trade with each, 65,536ths


def invent(study: Study) -> States:
    """The states of a study's seed.

    Regimes and sizes are assigned by rank of a random draw, so that their shares are exact.
    Sizes are log-normal. Trade between two states is the product of their sizes divided by a
    power of their distance on a torus, as in gravity models of trade.
    """
    declared, n = study.states, study.states.number
    draws = {s: draw_for_states(study.seed, s, n + 1) for s in (REGIME, SIZE, EAST, NORTH)}
    edges = np.cumsum(declared.regimes.values)[:-1] * n
    regime = np.searchsorted(np.round(edges), _rank(draws[REGIME][:n]), "right")
    rank = _rank(draws[SIZE][:n])
    size = np.exp(declared.size_spread * _normal(n)[rank])
    weight = np.append(size, declared.exporter_size)  # the exporter is the last
    distances = _distances(draws[EAST], draws[NORTH])
    weights = np.outer(size, weight) / distances**declared.distance_exponent
    weights[np.arange(n), np.arange(n)] = 0
    shares = part(weights / weights.sum(1, keepdims=True))
    return States(
        regime.astype(np.int64), size, rank * len(SIZES) // n, shares[:, n].copy(),
        shares[:, :n].copy(),
    )  # fmt: skip


def draw_for_states(seed: int, stream: int, count: int) -> np.ndarray:
    """One draw of 32 bits for each of `count` states: int64 (count)."""
    found = np.zeros(count, np.int64)
    fill_draws(seed, stream, found)
    return found


def _rank(draws: np.ndarray) -> np.ndarray:
    """The rank of each state by its draw, from 0."""
    return np.argsort(np.argsort(draws, kind="stable"), kind="stable")


def _normal(n: int) -> np.ndarray:
    """The standard normal quantiles at the midpoints of n equal slices."""
    from statistics import NormalDist

    return np.array([NormalDist().inv_cdf((k + 0.5) / n) for k in range(n)])


def _distances(east: np.ndarray, north: np.ndarray) -> np.ndarray:
    """Distances from each state to the others and the exporter, as shares of the width."""
    square = np.zeros((len(east) - 1, len(east)))
    for places in (east, north):
        steps = np.abs(places[:-1, None] - places[None, :]) / 2**32
        square += np.minimum(steps, 1 - steps) ** 2
    return np.maximum(np.sqrt(square), _NEAREST)


@parallel
def fill_draws(seed, stream, found):
    """found[k]: the draw of state k in a stream."""
    for k in prange(found.shape[0]):
        found[k] = draw(seed, stream, 0, k)
