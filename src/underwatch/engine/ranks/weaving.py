"""The parts of the social graph that one rank pairs, by the kernels of society/ties.py."""

import numpy as np

from underwatch.kernel.compile import nopython, nopython_nrt, parallel, prange, serial
from underwatch.kernel.random import key, unshuffled
from underwatch.model.society.people import BLOCK, DISTRICT
from underwatch.model.society.segments import LOCAL, SEGMENT
from underwatch.model.society.ties import (
    _CIRCLE,
    _LOCAL,
    _NEIGHBOURS,
    _OPEN,
    BAND,
    CIRCLE,
    NEIGHBOURS,
    ONLINE,
    _choose,
    _likeness,
    _pair_near,
    _pair_online,
    _put,
    _store,
    circles,
    units,
)


@serial
def deal_bands(places, total, seed):
    """Fill int64 (4, bands) with the bands of each online slot in the order of its circles."""
    for s in range(ONLINE):
        deal = key(seed, _CIRCLE, LOCAL + s)
        for place in range(places.shape[1]):
            places[s, place] = unshuffled(place, places.shape[1], deal, 0)


@nopython
def _alone(pairs, lo, hi, first_slot, last_slot):
    """Pair citizens lo … hi − 1 with nobody in some slots."""
    for i in range(lo, hi):
        for slot in range(first_slot, last_slot):
            _put(pairs, i, slot, i)


@nopython_nrt
def _weave_circle(pairs, people, part, places, seed, likeness):
    total, every = people.shape[1], circles(people.shape[1])
    circle, slot = part // ONLINE, LOCAL + part % ONLINE
    first = circle * CIRCLE
    last = places.shape[1] if circle == every - 1 else first + CIRCLE
    for place in range(first, last):
        start = places[slot - LOCAL, place] * BAND
        _alone(pairs, start, min(total, start + BAND), slot, slot + 1)
    _pair_online(pairs, people, circle, every, slot, seed, likeness)


@parallel
def weave_circles(pairs, people, parts, places, seed, census):
    """Pair the members of some circles, each in one online slot.

    parts: int64 (k), 4 × circle + slot − 12; places: as `deal_bands` fills them.
    """
    likeness = _likeness(census[0].likeness)
    for p in prange(parts.shape[0]):
        _weave_circle(pairs, people, parts[p], places, seed, likeness)


@parallel
def weave_near(pairs, people, begin, end, seed, census):
    """Pair citizens begin … end − 1, who live in whole districts, in the local slots."""
    total, likeness = people.shape[1], _likeness(census[0].likeness)
    for part in prange((end - begin + BLOCK - 1) // BLOCK):
        unit = begin // BLOCK + np.int64(part)
        lo = unit * BLOCK
        _alone(pairs, lo, min(end, lo + BLOCK), 0, LOCAL)
    for part in prange((end - begin + BLOCK - 1) // BLOCK):
        unit = begin // BLOCK + np.int64(part)
        for near in range(2):
            size, first, last = BLOCK, 0, NEIGHBOURS
            own_key = key(seed, _NEIGHBOURS, unit)
            if not near:
                if unit * BLOCK % DISTRICT:
                    continue
                size, first, last = DISTRICT, NEIGHBOURS, LOCAL
                own_key = key(seed, _LOCAL, unit * BLOCK // DISTRICT)
            place = unit * BLOCK // size
            if place < units(total, size):
                _pair_near(pairs, people, place, size, first, last, own_key, likeness)


@parallel
def choose(pairs, ties, people, begin, end, seed):
    """Set which pairs of citizens begin … end − 1 are candidate ties, and which of them open."""
    open_key = key(seed, _OPEN, 0)
    for part in prange((end - begin + SEGMENT - 1) // SEGMENT):
        lo = begin + np.int64(part) * SEGMENT
        for i in range(lo, min(end, lo + SEGMENT)):
            _choose(pairs, ties, people, i, open_key)


@parallel
def store(pairs, ties, begin, end):
    """Store the ties of citizens begin … end − 1, segment by segment."""
    for part in prange((end - begin + SEGMENT - 1) // SEGMENT):
        lo = begin + np.int64(part) * SEGMENT
        _store(pairs, ties, lo, min(end, lo + SEGMENT))
