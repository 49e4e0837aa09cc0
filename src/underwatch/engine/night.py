"""Between two days: queues are served, protesters are counted, ties are reviewed."""

import numpy as np

from underwatch.engine.world import TILE
from underwatch.kernel.compile import nopython, nopython_nrt, parallel, prange
from underwatch.kernel.random import draw, fill
from underwatch.model.response.ties import dissolves
from underwatch.model.society.people import ADULT, DISTRICT, load_person
from underwatch.model.society.ties import SLOTS, lowest, ones
from underwatch.model.state import MARCHED, load_state, put_dissolved, put_standing
from underwatch.model.streams import DISSOLVE, QUEUE_START

QUEUES = 4  # court, police, appeals, reviewers


@nopython
def _places(queue, size, day):
    """Today's whole places of a daily capacity, given in 65,536ths a million people."""
    each = queue * size
    return each * (day + 1) // 65_536_000_000 - each * day // 65_536_000_000


@nopython
def _serve(queues, states, lo, hi, places):
    """Serve each queue in order while its places last.

    A queue is a bit of `queues`, and two bits of `standing`: waiting, and one higher, served.
    """
    for first in range(lo, hi, 64):  # on most days, most queues are empty
        last = min(hi, first + 64)
        anybody = np.uint8(0)
        for i in range(np.uint64(first), np.uint64(last)):
            anybody |= queues[i]
        if anybody == 0:
            continue
        for i in range(first, last):
            for queue in range(QUEUES):
                waiting = 2 << 2 * queue
                if queues[i] & (1 << queue) and places[queue] > 0:
                    places[queue] -= 1
                    standing = load_state(states, i).standing
                    put_standing(states, i, (standing & ~waiting) | waiting << 1)


@nopython
def _adults(world, start, size):
    """The number of adults of a district."""
    adults = 0
    for i in range(np.uint64(start), np.uint64(start + size)):
        adults += load_person(world.people, i).age >= ADULT
    return max(1, adults)


@nopython_nrt
def close_day(world, d, day, seed, params):
    """Serve a district's queues from a random start, and count its protesters."""
    total = world.people.shape[1]
    start = d * DISTRICT
    size = min(DISTRICT, total - start)
    places = np.empty(QUEUES, np.int64)
    places[0] = _places(params.court_capacity, size, day)
    places[1] = _places(params.police_capacity, size, day)
    places[2] = _places(params.appeal_capacity, size, day)
    places[3] = _places(params.review_capacity, size, day)
    first = start + draw(seed, QUEUE_START, day, d) % size
    _serve(world.queues, world.states, first, start + size, places)
    _serve(world.queues, world.states, start, first, places)
    flags = world.flags[1 - (day & 1)]
    marching = 0
    for i in range(np.uint64(start), np.uint64(start + size)):
        marching += np.int64(flags[i] & np.uint8(MARCHED) != 0)
    world.protesting[d] = marching * 65_536 // _adults(world, start, size) if marching else 0


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
