"""Between two days: desks call who waits, streets are counted, ties are looked at."""

import numpy as np
from numba import prange

from underwatch.engine.world import TILE
from underwatch.kernel.compile import driver, holder, part
from underwatch.kernel.random import draw, fill
from underwatch.model.response.ties import lets_go
from underwatch.model.society.people import ADULT, DISTRICT, load_person
from underwatch.model.society.ties import SLOTS, lowest, ones
from underwatch.model.state import MARCHED, load_state, put_gone, put_standing
from underwatch.model.streams import DESK_START, RELEASE

DESKS = 4  # court, police, appeals, reviewers


@part
def _places(desk, size, day):
    """Whole places of a fractional daily capacity: desk is 65,536ths a million people."""
    each = desk * size
    return each * (day + 1) // 65_536_000_000 - each * day // 65_536_000_000


@part
def _call(queues, states, lo, hi, places):
    """Call who waits at each desk, in order, while its places last; who waits on, waits.

    A desk is a bit of the queue, and a pair of bits of `standing`: waiting, and called one higher.
    """
    for first in range(lo, hi, 64):  # most days, in most places, nobody waits
        last = min(hi, first + 64)
        anybody = np.uint8(0)
        for i in range(np.uint64(first), np.uint64(last)):
            anybody |= queues[i]
        if anybody == 0:
            continue
        for i in range(first, last):
            for desk in range(DESKS):
                waiting = 2 << 2 * desk
                if queues[i] & (1 << desk) and places[desk] > 0:
                    places[desk] -= 1
                    standing = load_state(states, i).standing
                    put_standing(states, i, (standing & ~waiting) | waiting << 1)


@holder
def close_day(world, d, day, seed, rules):
    """A district's desks call from a turning start; and its street is counted."""
    total = world.people.shape[1]
    start = d * DISTRICT
    size = min(DISTRICT, total - start)
    places = np.empty(DESKS, np.int64)
    places[0] = _places(rules.court_desk, size, day)
    places[1] = _places(rules.police_desk, size, day)
    places[2] = _places(rules.appeal_desk, size, day)
    places[3] = _places(rules.review_desk, size, day)
    turn = start + draw(seed, DESK_START, day, d) % size
    _call(world.queues, world.states, turn, start + size, places)
    _call(world.queues, world.states, start, turn, places)
    shown = world.words[1 - (day & 1)]
    marching = 0
    for i in range(np.uint64(start), np.uint64(start + size)):
        marching += np.int64(shown[i] & np.uint64(MARCHED) != 0)
    world.streets[d] = marching * 65_536 // size


@part
def _choose(world, luck, lo, hi, day, seed, rules, leaving):
    """Whom each of citizens lo … hi − 1 would rather not know: leaving[person], a bit a slot."""
    shown = world.words[1 - (day & 1)]
    fill(luck, lo, hi - lo, day, seed, RELEASE)
    for i in range(lo, hi):
        slots, bits = np.int64(world.slots[i]), 0
        prudence, mine = load_person(world.people, i).prudence, np.int64(shown[i])
        for at in range(world.reach[2 * i], world.reach[2 * i + 2]):
            j, slot = np.int64(world.contacts[at]), lowest(slots)
            slots &= slots - 1
            u, other = np.int64(luck[slot, i - lo]), np.int64(shown[j])  # of nobody, nothing
            bits |= lets_go(slot, prudence, mine, other, u, rules) << slot
        leaving[i] = bits


@holder
def look_at_ties(world, lo, hi, day, seed, rules, leaving):
    """Everyone looks at their ties, and marks those they let go."""
    luck = np.empty((SLOTS, min(TILE, hi - lo)), np.uint32)
    for first in range(lo, hi, TILE):
        _choose(world, luck, first, min(hi, first + TILE), day, seed, rules, leaving)


@part
def close_ties(world, lo, hi, leaving):
    """Ties that either end let go are closed at both."""
    total = world.people.shape[1]
    for i in range(lo, hi):
        slots, gone = np.int64(world.slots[i]), 0
        for at in range(world.reach[2 * i], world.reach[2 * i + 2]):
            j, slot = np.int64(world.contacts[at]), lowest(slots)
            slots &= slots - 1
            if j < total and (leaving[i] | leaving[j]) >> slot & 1:
                gone |= 1 << slot
        if gone:
            put_gone(world.states, i, load_state(world.states, i).gone | gone)
            _weigh(world, i)


@part
def _share_of(world, i):
    """What one of the adults whom citizen i knows weighs, in 65,536ths; 0 if there is none."""
    me = load_person(world.people, i)
    known = ones(np.int64(world.slots[i]) & ~load_state(world.states, i).gone)
    first = i - me.place_in_home
    for j in range(first, first + me.home_size):
        known += load_person(world.people, j).age >= ADULT and j != i
    return 65_536 // known if known else 0


@part
def _weigh(world, i):
    """Close the ties of citizen i that were let go, and weigh those that are open."""
    slots, gone = np.int64(world.slots[i]), load_state(world.states, i).gone
    for at in range(world.reach[2 * i], world.reach[2 * i + 2]):
        if gone >> lowest(slots) & 1:
            world.contacts[at] = world.people.shape[1]
        slots &= slots - 1
    world.shares[i] = _share_of(world, i)


@driver
def weigh(world):
    """Close and weigh the ties of everyone, as their states say."""
    for i in prange(world.people.shape[1]):
        _weigh(world, np.int64(i))  # a parallel loop itself loses what it puts into a tuple's array
