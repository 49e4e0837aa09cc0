"""Invented states: regime, size, place, and whom they trade with.

They have numbers and no names, and no row about any real state goes into them.
"""

from typing import NamedTuple

import numpy as np

from underwatch.model.parameters.units import part
from underwatch.study.diffusion.declaration import Study

# Streams of states, above those of people; never renumber.
REGIME, SIZE, EAST, NORTH, PEOPLE, REPLICATES = range(1 << 18, (1 << 18) + 6)
SIZES = ("small", "middle", "large")
_NEAREST = 0.01  # of the world's width: neighbours are not infinitely near


class States(NamedTuple):
    """All states of a study; nothing in it changes."""

    regime: np.ndarray  # int64 (states): place in REGIMES
    size: np.ndarray  # float64 (states): 1 = the middle state
    size_class: np.ndarray  # int64 (states): place in SIZES
    exporter: np.ndarray  # int64 (states): share of trade with the exporter, 65,536ths
    trade: np.ndarray  # int64 (states, partners): share of trade with each, 65,536ths


def invent(study: Study) -> States:
    """The states of a study's seed.

    Regimes and sizes are dealt by lot, so that their shares are exact. Sizes are
    log-normal. Trade between two is the product of their sizes over a power of
    their distance on a torus, as in gravity models of trade.
    """
    declared, n = study.states, study.states.number
    lots = {s: looked_up(study.seed, s, n + 1) for s in (REGIME, SIZE, EAST, NORTH)}
    edges = np.cumsum(declared.regimes.values)[:-1] * n
    regime = np.searchsorted(np.round(edges), _rank(lots[REGIME][:n]), "right")
    rank = _rank(lots[SIZE][:n])
    size = np.exp(declared.size_spread * _normal(n)[rank])
    weight = np.append(size, declared.exporter_size)  # the exporter stands last
    weights = np.outer(size, weight) / _apart(lots[EAST], lots[NORTH]) ** declared.distance_exponent
    weights[np.arange(n), np.arange(n)] = 0
    shares = part(weights / weights.sum(1, keepdims=True))
    return States(
        regime.astype(np.int64), size, rank * len(SIZES) // n, shares[:, n].copy(),
        shares[:, :n].copy(),
    )  # fmt: skip


def looked_up(seed: int, stream: int, count: int) -> np.ndarray:
    """One draw of 32 bits for each state, as int64."""
    from underwatch.study.diffusion.spread import look_up

    found = np.zeros(count, np.int64)
    look_up(seed, stream, found)
    return found


def _rank(lots: np.ndarray) -> np.ndarray:
    """Each state's place when all are put in the order of their lots."""
    return np.argsort(np.argsort(lots, kind="stable"), kind="stable")


def _normal(n: int) -> np.ndarray:
    """The middles of n equal slices of a standard normal."""
    from statistics import NormalDist

    return np.array([NormalDist().inv_cdf((k + 0.5) / n) for k in range(n)])


def _apart(east: np.ndarray, north: np.ndarray) -> np.ndarray:
    """Distances from each state to each other and to the exporter, of the world's width."""
    square = np.zeros((len(east) - 1, len(east)))
    for lots in (east, north):
        steps = np.abs(lots[:-1, None] - lots[None, :]) / 2**32
        square += np.minimum(steps, 1 - steps) ** 2
    return np.maximum(np.sqrt(square), _NEAREST)
