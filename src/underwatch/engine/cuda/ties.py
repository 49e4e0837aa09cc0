"""Ties as a device reads them: a citizen's candidates in the order of their slots.

Threads take citizens in any order, so where the candidates of each begin is stored, 4 bytes a
citizen, and a candidate keeps its place when its tie opens or closes: a thread counts the
candidates before an open slot to find its place. The numbers are as in society/segments.py: of 16
bits within the district (`near`), of 32 bits otherwise (`wide`).
"""

import numpy as np
from numba import cuda, int64

from underwatch.kernel.bits import lowest, ones
from underwatch.kernel.compile import kernel
from underwatch.model.society.people import ADULT, DISTRICT, load_person
from underwatch.model.society.segments import (
    LOCAL,
    SEGMENT,
    SLOTS,
    near_slots,
    open_segment,
)
from underwatch.model.state import in_lanes

_LOCAL = (1 << LOCAL) - 1


def sort_ties(world, work, near, wide, first, last):
    """Once, when people come to the device: the candidates of segments first … last − 1.

    near, wide: theirs, as the processor stores them. A thread sorts a segment.
    """
    at = cuda.local.array(4, int64)
    for s in range(first + cuda.grid(1), last, cuda.gridsize(1)):
        lo = s * SEGMENT
        hi = min(np.int64(world.people.shape[1]), lo + SEGMENT)
        open_segment(world, world.slots, lo, hi, at)
        at[0], at[1] = at[0] - world.starts[0, first], at[1] - world.starts[0, first]
        at[2], at[3] = at[2] - world.starts[1, first], at[3] - world.starts[1, first]
        mask, k_near, k_wide = near_slots(world, lo), world.starts[0, s], world.starts[1, s]
        for i in range(lo, hi):
            work.offsets[0, i] = np.uint16(k_near - world.starts[0, s])
            work.offsets[1, i] = np.uint16(k_wide - world.starts[1, s])
            held, opened = np.int64(world.candidate_slots[i]), np.int64(world.slots[i])
            while held:
                slot = lowest(held)
                held &= held - 1
                is_open = opened >> slot & 1
                if mask >> slot & 1:
                    work.near[k_near] = near[at[0] if is_open else at[1]]
                    k_near, at[0], at[1] = k_near + 1, at[0] + is_open, at[1] + 1 - is_open
                else:
                    work.wide[k_wide] = wide[at[2] if is_open else at[3]]
                    k_wide, at[2], at[3] = k_wide + 1, at[2] + is_open, at[3] + 1 - is_open


@kernel
def _before(slots, slot):
    """How many of the slots, as bits of a word, come before one."""
    return ones(slots & (np.int64(1) << slot) - 1)


@kernel
def _added(local, online, word, slot):
    """The sums of signals of local and online contacts, with one more."""
    if slot < LOCAL:
        return local + word, online
    return local, online + word


@kernel
def hear(world, work, seen, i, traits):
    """(home, local, online, share): sums of the signals of i's contacts, and the weight of one.

    Near and wide ties have a loop each, so that the threads of a warp take the same branch.
    """
    home = local = online = np.uint64(0)
    head, known = i - traits.place_in_home, np.int64(0)
    for j in range(head, head + traits.home_size):
        if j != i:
            home += in_lanes(seen[j])
            known += np.int64(load_person(world.people, j).age >= ADULT)
    candidates, opened = np.int64(world.candidate_slots[i]), np.int64(world.slots[i])
    near, wide = begin(world, work, i)
    mask, start = near_slots(world, i), i // DISTRICT * DISTRICT
    known += ones(opened)
    left = opened & mask
    while left:
        slot = lowest(left)
        left &= left - 1
        word = in_lanes(seen[start + np.int64(work.near[near + _before(candidates & mask, slot)])])
        local, online = _added(local, online, word, slot)
    left = opened & ~mask
    while left:
        slot = lowest(left)
        left &= left - 1
        word = in_lanes(seen[np.int64(work.wide[wide + _before(candidates & ~mask, slot)])])
        local, online = _added(local, online, word, slot)
    return home, local, online, 65_536 // known if known else 0


@kernel
def read_candidates(world, work, i, table):
    """Write the candidates of citizen i into table[0, slot]; n for nobody."""
    for slot in range(SLOTS):
        table[0, slot] = np.uint32(world.people.shape[1])
    held, start = np.int64(world.candidate_slots[i]), i // DISTRICT * DISTRICT
    near, wide = begin(world, work, i)
    mask = near_slots(world, i)
    while held:
        slot = lowest(held)
        held &= held - 1
        if mask >> slot & 1:
            table[0, slot] = np.uint32(start + np.int64(work.near[near]))
            near += 1
        else:
            table[0, slot] = work.wide[wide]
            wide += 1


@kernel
def begin(world, work, i):
    """Where the candidates of citizen i begin, in near and in wide."""
    segment = i // SEGMENT
    return (
        world.starts[0, segment] + np.int64(work.offsets[0, i]),
        world.starts[1, segment] + np.int64(work.offsets[1, i]),
    )
