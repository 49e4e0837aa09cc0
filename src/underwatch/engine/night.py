"""Between two days: protesters are counted, ties are reviewed (and see queues.py)."""

import numpy as np

from underwatch.engine.world import TILE
from underwatch.kernel.compile import nopython, nopython_nrt, parallel, prange
from underwatch.kernel.random import fill
from underwatch.model.response.ties import dissolves
from underwatch.model.society.people import ADULT, DISTRICT, load_person
from underwatch.model.society.ties import SLOTS, lowest, ones
from underwatch.model.state import MARCHED, load_state, put_dissolved
from underwatch.model.streams import DISSOLVE


@nopython
def count_protesters(world, d, day):
    """Count a district's protesters of the day."""
    total = world.people.shape[1]
    start = d * DISTRICT
    size = min(DISTRICT, total - start)
    flags = world.flags[1 - (day & 1)]
    marching = 0
    for i in range(np.uint64(start), np.uint64(start + size)):
        marching += np.int64(flags[i] & np.uint8(MARCHED) != 0)
    world.protesting[d] = marching * 65_536 // size


@nopython
def _choose(world, draws, lo, hi, day, seed, params, dissolving):
    """The ties that each of citizens lo … hi − 1 dissolves: dissolving[person], a bit a slot."""
    shown = world.signals[1 - (day & 1)]
    fill(draws, lo, hi - lo, day, seed, DISSOLVE)
    for i in range(lo, hi):
        slots, bits = np.int64(world.slots[i]), 0
        prudence, own = load_person(world.people, i).prudence, np.int64(shown[i])
        for at in range(world.reach[2 * i], world.reach[2 * i + 2]):
            j, slot = np.int64(world.contacts[at]), lowest(slots)
            slots &= slots - 1
            u, other = np.int64(draws[slot, i - lo]), np.int64(shown[j])  # 0 if nobody is there
            bits |= dissolves(slot, prudence, own, other, u, params) << slot
        dissolving[i] = bits


@nopython_nrt
def review_ties(world, lo, hi, day, seed, params, dissolving):
    """Citizens review their ties and set the bits of those that they dissolve."""
    draws = np.empty((SLOTS, min(TILE, hi - lo)), np.uint32)
    for first in range(lo, hi, TILE):
        _choose(world, draws, first, min(hi, first + TILE), day, seed, params, dissolving)


@nopython
def close_ties(world, lo, hi, dissolving):
    """Close the ties that either end dissolved, at both ends."""
    total = world.people.shape[1]
    for i in range(lo, hi):
        slots, dissolved = np.int64(world.slots[i]), 0
        for at in range(world.reach[2 * i], world.reach[2 * i + 2]):
            j, slot = np.int64(world.contacts[at]), lowest(slots)
            slots &= slots - 1
            if j < total and (dissolving[i] | dissolving[j]) >> slot & 1:
                dissolved |= 1 << slot
        if dissolved:
            put_dissolved(world.states, i, load_state(world.states, i).dissolved | dissolved)
            _weigh(world, i)


@nopython
def _share_of(world, i):
    """65,536 divided by the number of adults whom citizen i knows; 0 if there is none."""
    traits = load_person(world.people, i)
    known = ones(np.int64(world.slots[i]) & ~load_state(world.states, i).dissolved)
    first = i - traits.place_in_home
    for j in range(first, first + traits.home_size):
        known += load_person(world.people, j).age >= ADULT and j != i
    return 65_536 // known if known else 0


@nopython
def _weigh(world, i):
    """Close the dissolved ties of citizen i, and set the share of one contact."""
    slots, dissolved = np.int64(world.slots[i]), load_state(world.states, i).dissolved
    for at in range(world.reach[2 * i], world.reach[2 * i + 2]):
        if dissolved >> lowest(slots) & 1:
            world.contacts[at] = world.people.shape[1]
        slots &= slots - 1
    world.shares[i] = _share_of(world, i)


@parallel
def weigh(world):
    """Close the ties that are dissolved in the states, and set everyone's shares."""
    for i in prange(world.people.shape[1]):
        _weigh(world, np.int64(i))  # a parallel loop loses its own writes to it
