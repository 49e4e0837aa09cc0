"""Sums over the ties of citizens, from which the assortativity by score follows."""

from typing import Any, NamedTuple

import numpy as np

from underwatch.kernel.bits import ones
from underwatch.kernel.compile import kernel, nopython, serial
from underwatch.model.society.people import DISTRICT
from underwatch.model.society.segments import SEGMENT, near_slots
from underwatch.model.state import SCORE_BITS, SCORED_STORED

_SCORE = (1 << SCORE_BITS) - 1


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
    first = begin // SEGMENT
    found = np.zeros((-(-end // SEGMENT) - first, len(Moments._fields)), np.int64)
    add_up_ties(simulation.world, simulation.signals(), first, found)
    return Moments(*(sum(column.tolist()) for column in found.T))  # of any size


@serial
def add_up_ties(world, signals, first, found):
    """Write the sums over the ties of segment first + k into found[k]; each is below 2^54.

    On one thread: the counts of a run may first be read in a process that was forked from its own.
    """
    for k in range(found.shape[0]):
        _of_segment(world, signals, first + k, found[k])


@nopython
def _of_segment(world, signals, s, found):
    lo = s * SEGMENT
    mask, start = near_slots(world, lo), lo // DISTRICT * DISTRICT
    near, wide = world.starts[0, s], world.starts[1, s]
    for i in range(lo, min(signals.shape[0], lo + SEGMENT)):
        opened = np.int64(world.slots[i])
        nears, wides = ones(opened & mask), ones(opened & ~mask)
        if signals[i] & np.uint32(SCORED_STORED):
            own = np.int64(signals[i]) & _SCORE
            for place in range(near, near + nears):
                _add(own, signals[start + np.int64(world.near[place])], found)
            for place in range(wide, wide + wides):
                _add(own, signals[world.wide[place]], found)
        near += nears
        wide += wides


@kernel
def _add(own, signals, found):
    """Add a tie of a scored citizen, unless the contact is not scored."""
    if signals & np.uint32(SCORED_STORED):
        found[0] += 1
        found[1] += own
        found[2] += own * own
        found[3] += own * (np.int64(signals) & _SCORE)
