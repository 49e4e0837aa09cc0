"""Sums over the ties of citizens, from which the assortativity by score follows."""

from typing import Any, NamedTuple

import numpy as np

from underwatch.model.society.segments import SEGMENT, open_pairs
from underwatch.model.state import SCORED_STORED, score_stored

_AT_ONCE = 8  # segments whose ties are held at once: 3 MB


class Moments(NamedTuple):
    """Sums over the open ties of scored citizens to scored citizens, each seen from both ends.

    Of the scores in sixteenths of a point: how many ties, the sum of the scores at one end and of
    their squares, and that of the products of both ends.
    """

    count: int
    sums: int
    squares: int
    products: int


def moments_of(simulation: Any) -> Moments:
    """The sums over the ties of the citizens whom a Simulation simulates, this evening."""
    begin, end = simulation.own
    segments, made = -(-end // SEGMENT), [0, 0, 0, 0]
    signals = simulation.signals()
    for first in range(begin // SEGMENT, segments, _AT_ONCE):
        pairs = open_pairs(simulation.world, first, min(segments, first + _AT_ONCE))
        here, there = (signals[ends] for ends in pairs)
        both = here & there & np.uint32(SCORED_STORED) != 0
        here, there = (score_stored(words[both]) for words in (here, there))
        found = here.size, here.sum(), here @ here, here @ there
        made = [so_far + int(more) for so_far, more in zip(made, found, strict=True)]
    return Moments(*made)
