"""Between two days: protesters and offenders are counted, ties are reviewed (and see queues.py)."""

import numpy as np

from underwatch.engine.signals import AHEAD
from underwatch.engine.world import APART, TILE
from underwatch.kernel.bits import lowest, ones
from underwatch.kernel.compile import fetch, nopython, nopython_nrt, parallel, prange
from underwatch.kernel.random import fill, key
from underwatch.model.response.ties import dissolves, most_likely_refusal, opening, turnover_draw
from underwatch.model.society.people import ADULT, DISTRICT, load_person
from underwatch.model.society.ties import LOCAL, SLOTS
from underwatch.model.state import MARCHED, OFFENDED, in_lanes
from underwatch.model.streams import DISSOLVE, TURNOVER


@nopython
def _adults(world, start, size):
    """The number of adults of a district."""
    adults = 0
    for i in range(np.uint64(start), np.uint64(start + size)):
        adults += load_person(world.people, i).age >= ADULT
    return max(1, adults)


@nopython
def count_protesters(world, d, day):
    """Count a district's protesters of the day, and the adults who offended seriously."""
    total = world.people.shape[1]
    start = d * DISTRICT
    size = min(DISTRICT, total - start)
    flags = world.flags[1 - (day & 1)]
    marching, offending = 0, 0
    for i in range(np.uint64(start), np.uint64(start + size)):
        marching += np.int64(flags[i] & np.uint16(MARCHED) != 0)
        offending += np.int64(flags[i] & np.uint16(OFFENDED) != 0)
    adults = _adults(world, start, size) if marching | offending else 1
    world.protesting[d] = marching * 65_536 // adults
    world.offending[d] = (offending << 24) // adults


@nopython
def choose_ties(world, draws, lo, hi, day, seed, params, choices):
    """What each of citizens lo … hi − 1 chooses of their candidates: choices[person].

    A bit a slot says which tie the citizen refuses, of those that are open or would open, and a
    bit sixteen higher which ties turn over. A tie with a child stays closed.
    """
    shown = world.signals[1 - (day & 1)]
    month_key, last = key(seed, TURNOVER, day), world.contacts.shape[0] - 1
    widest = opening(2 * SLOTS, params)
    fill(draws, lo, hi - lo, day, seed, DISSOLVE)
    for i in range(lo, hi):
        traits, choices[i] = load_person(world.people, i), np.uint32(0)
        if traits.age < ADULT:
            continue
        slots, begin = np.int64(world.candidate_slots[i]), np.int64(world.candidate_reach[2 * i])
        closed, turned, refused = slots & ~np.int64(world.slots[i]), 0, 0
        absent = np.int64(world.absent[i])
        vacant = ones(absent)
        for at in range(begin, world.candidate_reach[2 * i + 2]):
            j, slot = np.int64(world.candidates[at]), lowest(slots)
            slots &= slots - 1
            opens = closed >> slot & 1
            u, turns = turnover_draw(month_key, i, j, slot), widest if opens else params.ties_end
            if u < turns:  # for few, so that it is predicted
                if opens:
                    turns = opening(vacant + ones(np.int64(world.absent[j])), params)
                turned |= int(u < turns) << slot
        turned &= ~absent
        slots = np.int64(world.slots[i])  # now those that are open
        prudence, own = traits.prudence, np.int64(in_lanes(shown[i]))
        most = most_likely_refusal(prudence, params)
        for at in range(world.reach[2 * i], world.reach[2 * i + 2]):
            slot = lowest(slots)
            slots &= slots - 1
            fetch(shown, world.contacts[min(at + AHEAD, last)])
            u = np.int64(draws[slot, i - lo])
            if u < most:  # most draws decide without a look at the contact
                other = np.int64(in_lanes(shown[world.contacts[at]]))
                refused |= dissolves(slot, prudence, own, other, u, params) << slot
        slots = turned & closed  # and those that would open
        while slots:
            slot = lowest(slots)
            slots &= slots - 1
            j = world.candidates[begin + ones(np.int64(world.candidate_slots[i]) & (1 << slot) - 1)]
            u, other = np.int64(draws[slot, i - lo]), np.int64(in_lanes(shown[j]))
            refused |= dissolves(slot, prudence, own, other, u, params) << slot
        choices[i] = np.uint32(refused | turned << SLOTS)


@nopython_nrt
def review_ties(world, lo, hi, day, seed, params, choices):
    """Citizens review their candidate ties; choices: uint32 (n), as `choose_ties` sets them."""
    draws = np.empty((SLOTS, min(TILE, hi - lo) + APART), np.uint32)
    for first in range(lo, hi, TILE):
        choose_ties(world, draws, first, min(hi, first + TILE), day, seed, params, choices)


@nopython
def turn_over_ties(world, lo, hi, choices):
    """Close and open ties: both ends compute the same, and neither writes what the other reads.

    Of the graph, only a citizen's own slots are read here, and written.
    """
    last = world.candidates.shape[0] - 1
    for i in range(lo, hi):
        slots = np.int64(world.candidate_slots[i])
        if slots == 0:
            continue
        own, before = np.int64(choices[i]), slots & ~np.int64(world.slots[i])
        refused, after = own, before ^ own >> SLOTS
        for at in range(world.candidate_reach[2 * i], world.candidate_reach[2 * i + 2]):
            fetch(choices, world.candidates[min(at + AHEAD, last)])
            refused |= np.int64(choices[world.candidates[at]]) & slots & -slots
            slots &= slots - 1
        after |= refused & np.int64(world.candidate_slots[i])
        if after != before:
            world.slots[i] = np.uint16(np.int64(world.candidate_slots[i]) & ~after)
            world.shares[i] = 0


@nopython
def _set_shares(world, lo, hi):
    """Compute the shares of citizens lo … hi − 1 that are 0: those whose ties changed, or home."""
    for i in range(lo, hi):
        if world.shares[i] == 0:
            world.shares[i] = _share_of(world, i)


@nopython
def _set_reach(world):
    """Set where everyone's open ties begin in the sequence."""
    at = world.reach[0]
    for i in range(world.slots.shape[0]):
        slots = np.int64(world.slots[i])
        local = ones(slots & (1 << LOCAL) - 1)
        world.reach[2 * i + 1] = at + local
        at += ones(slots)
        world.reach[2 * i + 2] = at


@nopython
def _pack(world, lo, hi):
    """Copy the open ties of citizens lo … hi − 1 into the sequence."""
    for i in range(lo, hi):
        slots, held = np.int64(world.slots[i]), np.int64(world.candidate_slots[i])
        begin = np.int64(world.candidate_reach[2 * i])
        for at in range(world.reach[2 * i], world.reach[2 * i + 2]):
            before = (slots & -slots) - 1
            slots &= slots - 1
            world.contacts[at] = world.candidates[begin + ones(held & before)]


@nopython
def _share_of(world, i):
    """65,536 divided by the number of adults whom citizen i knows; 0 if there is none."""
    traits = load_person(world.people, i)
    known = ones(np.int64(world.slots[i]))
    first = i - traits.place_in_home
    for j in range(first, first + traits.home_size):
        known += load_person(world.people, j).age >= ADULT and j != i
    return 65_536 // known if known else 0


@parallel
def pack_open_ties(world):
    """Put the open ties of everyone in one sequence, and compute the shares that are 0."""
    total = world.people.shape[1]
    tiles = (total + TILE - 1) // TILE
    for t in prange(tiles):  # a parallel loop loses its own writes to a tuple's array
        _set_shares(world, t * TILE, min(total, t * TILE + TILE))
    _set_reach(world)
    for t in prange(tiles):
        _pack(world, t * TILE, min(total, t * TILE + TILE))
