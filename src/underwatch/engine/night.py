"""Between two days: protesters and offenders are counted, ties are reviewed (and see queues.py)."""

import numpy as np

from underwatch.engine.world import APART, HOME, SUMMED, TILE
from underwatch.kernel.bits import lowest, ones
from underwatch.kernel.compile import apart, fetch, nopython, nopython_nrt, parallel, prange
from underwatch.kernel.random import fill, key
from underwatch.model.response.ties import dissolves, likeliest, opening, refusal, turnover_draw
from underwatch.model.society.people import ADULT, DISTRICT, load_person
from underwatch.model.society.segments import (
    LOCAL,
    SLOTS,
    move_ties,
    near_slots,
    open_segment,
    read_segment,
    write_segment,
)
from underwatch.model.state import MARCHED, OFFENDED, in_lanes
from underwatch.model.streams import DISSOLVE, TURNOVER

_ROWS = 8  # citizens from fetching the choices of the candidates of one to reading them


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
def _find_low_draws(people, draws, lo, first, last, params, choices):
    """Which draws may refuse a tie, whatever it costs: a bit a slot in choices[person].

    Most draws decide without a look at the contact. This compiles to vector code.
    """
    weighed, loose = likeliest(params)
    for i in range(np.uint64(first), np.uint64(last)):
        most = refusal(weighed, load_person(people, i).prudence, loose)
        low = 0
        for slot in range(SLOTS):
            low |= np.int64(np.int64(draws[slot, i - np.uint64(lo)]) < most) << slot
        choices[i] = np.uint32(low)


@nopython
def _draw_turnover(table, draws, lo, first, last, month_key):
    """Whether ties turn over: a draw for each candidate, after the draws that refuse ties.

    This compiles to vector code only in a loop of its own.
    """
    for slot in range(SLOTS):
        for k in range(np.uint64(last - first)):
            i, j = np.int64(first) + np.int64(k), np.int64(table[k, np.uint64(slot)])
            here = np.uint64(first - lo) + k
            draws[SLOTS + slot, here] = np.uint32(turnover_draw(month_key, i, j, slot))


@nopython
def _find_turning(world, draws, lo, first, last, params, choices):
    """Which ties end, and which may open: a bit a slot, sixteen higher, in choices[person].

    Whether one opens also depends on the candidate. This compiles to vector code.
    """
    ends = np.int64(params.ties_end)
    for i in range(np.uint64(first), np.uint64(last)):
        widest = opening(ones(np.int64(world.absent[i])) + SLOTS, params)
        below_widest, below_ends = 0, 0
        for slot in range(SLOTS):
            u = np.int64(draws[SLOTS + slot, i - np.uint64(lo)])
            below_widest |= np.int64(u < widest) << slot
            below_ends |= np.int64(u < ends) << slot
        opened, held = np.int64(world.slots[i]), np.int64(world.candidate_slots[i])
        turned = (below_ends & opened) | (below_widest & held & ~opened)
        choices[i] |= np.uint32((turned & ~np.int64(world.absent[i])) << SLOTS)


@nopython
def _fetch_candidates(world, table, first, last, choices):
    """Fetch what decides whether a tie opens: how many candidates of the other end are children."""
    for i in range(first, last):
        slots = np.int64(choices[i]) >> SLOTS & ~np.int64(world.slots[i])
        while slots:
            fetch(world.absent, table[i - first, lowest(slots)])
            slots &= slots - 1


@nopython
def choose_ties(world, table, draws, lo, first, last, day, seed, params, choices):
    """What each of citizens first … last − 1 chooses of their candidates: choices[person].

    A bit a slot says which tie the citizen refuses, of those that are open or would open, and a
    bit sixteen higher which ties turn over. A tie with a child stays closed.

    table: their candidates by slot; draws: uint32 (32, citizens), those of the segment that begins
    with citizen lo, of which the second half is written here.
    """
    shown = world.signals[1 - (day & 1)]
    nobody = np.uint32(world.people.shape[1])
    _find_low_draws(world.people, draws, lo, first, last, params, choices)
    for k in range(last - first):
        low = np.int64(choices[first + k]) & np.int64(world.slots[first + k])
        for slot in range(SLOTS):
            fetch(shown, table[k, slot] if low >> slot & 1 else nobody)
    _draw_turnover(table, draws, lo, first, last, key(seed, TURNOVER, day))
    _find_turning(world, draws, lo, first, last, params, choices)
    _fetch_candidates(world, table, first, last, choices)
    for i in range(first, last):
        traits, found, k = load_person(world.people, i), np.int64(choices[i]), i - first
        if traits.age < ADULT:
            choices[i] = np.uint32(0)
            continue
        opened, low, turned = np.int64(world.slots[i]), found & 0xFFFF, found >> SLOTS
        vacant = ones(np.int64(world.absent[i]))
        slots = turned & ~opened
        while slots:
            slot = lowest(slots)
            slots &= slots - 1
            j = np.int64(table[k, slot])
            chance = opening(vacant + ones(np.int64(world.absent[j])), params)
            if np.int64(draws[SLOTS + slot, i - lo]) >= chance:
                turned ^= 1 << slot
        prudence, own, refused = traits.prudence, np.int64(in_lanes(shown[i])), 0
        slots = low & (opened | turned)  # open ties, and those that would open
        while slots:
            slot = lowest(slots)
            slots &= slots - 1
            u, other = np.int64(draws[slot, i - lo]), np.int64(in_lanes(shown[table[k, slot]]))
            refused |= dissolves(slot, prudence, own, other, u, params) << slot
        choices[i] = np.uint32(refused | turned << SLOTS)


@apart(seconds=1, _nrt=True)
def review_ties(world, segment, day, seed, params, choices):
    """The citizens of a segment review their candidate ties; choices: uint32, see `choose_ties`."""
    lo, total = segment * TILE, world.people.shape[1]
    hi = min(total, lo + TILE)
    draws = np.empty((2 * SLOTS, TILE + APART), np.uint32)
    table, at = np.empty((SLOTS, SUMMED + APART), np.uint32).T, np.empty(4, np.int64)
    fill(draws[:SLOTS], lo, hi - lo, day, seed, DISSOLVE)
    open_segment(world, world.slots, lo, hi, at)
    for first in range(lo, hi, SUMMED):
        last = min(hi, first + SUMMED)
        read_segment(world, world.slots, first, last, at, table)
        choose_ties(world, table, draws, lo, first, last, day, seed, params, choices)


@nopython
def decide_ties(world, table, lo, hi, choices, opened):
    """Which ties of citizens lo … hi − 1 are open after the review: opened[citizen]. How many
    citizens have others than before.

    Both ends compute the same, and neither writes what the other reads. The choices of a district
    fit the second cache; those of wide candidates are fetched.
    """
    changed, first_wide = 0, LOCAL if near_slots(world, lo) else 0
    for i in range(lo, hi):
        for slot in range(first_wide, SLOTS):
            fetch(choices, table[min(hi - 1, i + _ROWS) - lo, slot])
        held, before = np.int64(world.candidate_slots[i]), np.int64(world.slots[i])
        own = np.int64(choices[i])
        refused, closed = own, held & ~before ^ own >> SLOTS
        for slot in range(SLOTS):
            refused |= np.int64(choices[table[i - lo, slot]]) & 1 << slot
        opened[i - lo] = np.uint16(held & ~(closed | refused))
        changed += np.int64(opened[i - lo]) != before
    return changed


@nopython_nrt
def _count_known(world, lo, hi):
    """Count the adults whom citizens lo … hi − 1 know: those at home by running sums."""
    first, last = max(0, lo - HOME), min(world.people.shape[1], hi + HOME)
    adults, before = np.empty(last - first + 1, np.uint16), 0
    for j in range(first, last):
        adults[j - first] = before
        before += load_person(world.people, j).age >= ADULT
    adults[last - first] = before
    for i in range(np.uint64(lo), np.uint64(hi)):
        traits = load_person(world.people, i)
        head = np.int64(i) - first - traits.place_in_home
        at_home = np.int64(adults[head + traits.home_size]) - np.int64(adults[head])
        others = at_home - np.int64(traits.age >= ADULT)
        world.known[i] = np.uint8(ones(np.int64(world.slots[i])) + others)


@nopython
def _change_known(world, lo, hi, opened):
    """Change how many adults citizens lo … hi − 1 know by their ties that open and close.

    Those at home stay the same. This compiles to vector code.
    """
    for i in range(np.uint64(lo), np.uint64(hi)):
        ties = ones(np.int64(opened[i - np.uint64(lo)])) - ones(np.int64(world.slots[i]))
        world.known[i] = np.uint8(np.int64(world.known[i]) + ties)


@nopython_nrt
def turn_over_ties(world, segment, choices):
    """Close and open the ties of a segment, and pack it anew."""
    lo = segment * TILE
    hi = min(world.people.shape[1], lo + TILE)
    table, at = np.empty((hi - lo, SLOTS), np.uint32), np.empty(4, np.int64)
    opened = np.empty(hi - lo, np.uint16)
    open_segment(world, world.slots, lo, hi, at)
    read_segment(world, world.slots, lo, hi, at, table)
    if decide_ties(world, table, lo, hi, choices, opened):
        _change_known(world, lo, hi, opened)
        write_segment(world, lo, hi, table, opened, at)


@nopython_nrt
def _pack(world, before, segment):
    """Pack a segment whose open ties were `before`, and are those of `slots` now."""
    lo = segment * TILE
    hi = min(world.people.shape[1], lo + TILE)
    changed = 0
    for i in range(lo, hi):
        changed += world.slots[i] != before[i]
    if changed:
        move_ties(world, before, segment)
    _count_known(world, lo, hi)


@parallel
def pack_open_ties(world, before, begin, end):
    """Pack the segments of citizens begin … end − 1 whose open ties are no longer those of
    `before`, uint16 (n); count how many adults they know."""
    for s in prange((end - begin + TILE - 1) // TILE):
        _pack(world, before, begin // TILE + np.int64(s))
