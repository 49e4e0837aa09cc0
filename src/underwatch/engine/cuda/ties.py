"""Ties as a device reads them: a citizen's candidates in the order of their slots.

Threads take citizens in any order, so where the candidates of each begin is stored, 4 bytes a
citizen, and a candidate keeps its place when its tie opens or closes: a thread passes over those
whose bit of `slots` is not set. The numbers are as in society/segments.py: of 16 bits within the
district (`near`), of 32 bits otherwise (`wide`).
"""

import numpy as np

from underwatch.kernel.bits import lowest
from underwatch.kernel.compile import kernel
from underwatch.model.society.people import ADULT, DISTRICT, load_person
from underwatch.model.society.segments import LOCAL, NEAR, SEGMENT, SLOTS, by_slot, near_slots
from underwatch.model.state import in_lanes

_PIECE = 256 * SEGMENT  # citizens whose table is made at once
_LOCAL = (1 << LOCAL) - 1


def in_order(world) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(near, wide, offsets): all candidates by citizen and slot, and where each citizen's begin.

    offsets: uint16 (2, n), counted from where the segment begins (`world.starts`).
    """
    n, narrow = len(world.slots), int(world.narrow[0])
    near, wide = np.empty_like(world.near), np.empty_like(world.wide)
    offsets = np.empty((2, n), np.uint16)
    for lo in range(0, n, _PIECE):
        citizens = np.arange(lo, min(n, lo + _PIECE))
        table = by_slot(world, citizens)
        held = table < n
        is_near = held & (NEAR >> np.arange(SLOTS) & 1 != 0) & (citizens < narrow)[:, None]
        for row, (sequence, chosen) in enumerate(((near, is_near), (wide, held & ~is_near))):
            counts = chosen.sum(1)
            begins = np.cumsum(counts) - counts
            offsets[row, citizens] = begins - begins[(citizens - lo) // SEGMENT * SEGMENT]
            start = world.starts[row, lo // SEGMENT]
            numbers = table[chosen] if row else table[chosen] % DISTRICT
            sequence[start : start + len(numbers)] = numbers
    return near, wide, offsets


@kernel
def hear(world, work, seen, i, traits):
    """(home, local, online, share): sums of the signals of i's contacts, and the weight of one."""
    home = local = online = np.uint64(0)
    head, known = i - traits.place_in_home, np.int64(0)
    for j in range(head, head + traits.home_size):
        if j != i:
            home += in_lanes(seen[j])
            known += np.int64(load_person(world.people, j).age >= ADULT)
    held, opened = np.int64(world.candidate_slots[i]), np.int64(world.slots[i])
    near, wide = begin(world, work, i)
    mask, start = near_slots(world, i), i // DISTRICT * DISTRICT
    while held:
        slot = lowest(held)
        held &= held - 1
        is_near = mask >> slot & 1
        if opened >> slot & 1:
            known += 1
            if is_near:
                word = in_lanes(seen[start + np.int64(work.near[near])])
            else:
                word = in_lanes(seen[np.int64(work.wide[wide])])
            if slot < LOCAL:
                local += word
            else:
                online += word
        near += is_near
        wide += 1 - is_near
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
