"""Between two days: desks call who waits, streets are counted, ties are looked at."""

import numpy as np
from numba import prange

from underwatch.draws import DESK_START, draw
from underwatch.engine.law import driver, part
from underwatch.engine.world import today_of
from underwatch.response.state import MARCHED, load_state, put_gone, put_standing
from underwatch.response.ties import parted
from underwatch.society.people import ADULT, DISTRICT, load_person
from underwatch.society.ties import SLOTS

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
        for i in range(first, last):
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


@part
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
    for i in range(start, start + size):
        marching += (shown[i] & np.uint64(MARCHED)) != 0
    world.streets[d] = marching * 65_536 // size


@part
def look_at_ties(world, lo, hi, day, seed, rules):
    """Everyone looks at their ties; those let go are closed at both ends."""
    total = world.people.shape[1]
    shown = world.words[1 - (day & 1)]
    today = today_of(day, seed, rules)
    for i in range(lo, hi):
        me = load_person(world.people, i)
        if me.age < ADULT:
            continue
        gone = 0
        for slot in range(SLOTS):
            j = np.int64(world.ties[i, slot])
            if j >= total:
                continue
            other = load_person(world.people, j)
            if parted(i, j, slot, me.prudence, other.prudence, np.int64(shown[i]),
                      np.int64(shown[j]), today, rules):  # fmt: skip
                gone |= 1 << slot
                world.ties[i, slot] = total
        if gone:
            put_gone(world.states, i, load_state(world.states, i).gone | gone)
            world.shares[i] = share_of(world.people, world.ties, i)


@part
def share_of(people, ties, i):
    """What one of the adults whom citizen i knows weighs, in 65,536ths; 0 if there is none."""
    me = load_person(people, i)
    known = 0
    first = i - me.place_in_home
    for j in range(first, first + me.home_size):
        known += load_person(people, j).age >= ADULT and j != i
    for slot in range(SLOTS):
        known += ties[i, slot] < people.shape[1]
    return 65_536 // known if known else 0


@driver
def weigh(people, ties, states, shares):
    """Close the ties that were let go, and weigh those that are open."""
    total = people.shape[1]
    for i in prange(total):
        gone = load_state(states, i).gone
        for slot in range(SLOTS):
            if gone >> slot & 1:
                ties[i, slot] = total
        shares[i] = share_of(people, ties, i)
