"""Queues of a district: first come, first served, within the places of a day.

A citizen joins a queue on the evening after which a case waits. Those who join on one
evening join in the order of their numbers, from a start that is drawn for the day. A
queue keeps this order until a citizen is served or the case lapses, so nobody is
overtaken. A place that nobody takes is lost. What is served takes effect on the next
day, from which the wait is counted.

Each queue of a district is a list of entries in blocks: entries[queue, block,
district, place]. The first blocks of all districts lie side by side, and memory is
used only up to the longest queue.
"""

import numpy as np

from underwatch.kernel.compile import apart, kernel, nopython, nopython_nrt
from underwatch.kernel.random import draw
from underwatch.kernel.sparse import sparse
from underwatch.measurement.queues import (
    AT_CAPACITY,
    COLUMNS,
    DEMAND,
    DROPPED,
    KINDS,
    PLACES,
    QUEUES,
    SERVED,
    WAIT_DAYS,
    WAITING,
)
from underwatch.measurement.tally import stratum
from underwatch.model.society.people import DISTRICT, load_person
from underwatch.model.state import load_state, put_standing
from underwatch.model.streams import QUEUE_START

_APPEAL = QUEUES.index("appeal")
WAITS = (1 << len(QUEUES)) - 1  # `world.queues`: bits of the queues in which a citizen waits
_BLOCK = 256  # entries of one block
_WHOLE = 65_536_000_000  # a place a day for each of a million people, in 65,536ths
LINED_UP = len(QUEUES)  # and from this bit on, of those on whose list the citizen is already


def empty_queues(citizens: int) -> tuple[np.ndarray, np.ndarray]:
    """(entries, lengths) of empty queues: uint32 (4, blocks, districts, 256), int64 (4, districts).

    An entry is the day of joining × 65,536 + the citizen's number in the district.
    """
    blocks = -(-min(citizens, DISTRICT) // _BLOCK)
    districts = -(-citizens // DISTRICT)
    entries = sparse((len(QUEUES), blocks, districts, _BLOCK), np.uint32)
    return entries, np.zeros((len(QUEUES), districts), np.int64)


def used_blocks(lengths: np.ndarray) -> int:
    """How many blocks of each queue hold entries."""
    return -(-int(lengths.max(initial=0)) // _BLOCK)


def everyone_waiting(world) -> np.ndarray:
    """Every entry in order, queue by queue and district by district: uint32."""
    used = used_blocks(world.lengths)
    queues, districts = world.lengths.shape
    lists = [
        world.entries[q, :used, d].reshape(-1)[: world.lengths[q, d]]
        for q in range(queues)
        for d in range(districts)
    ]
    return np.concatenate(lists)


@kernel
def places_on(capacity, size, day):
    """The whole places of a day in a district of `size` people.

    capacity: places a day for each million people, in 65,536ths.
    """
    each = capacity * size
    rest = each % _WHOLE  # the whole places apart, so that nothing overflows
    return each // _WHOLE + rest * (day + 1) // _WHOLE - rest * day // _WHOLE


@kernel
def entry_at(world, queue, d, place):
    """The entry at a place of the list of a queue."""
    return np.int64(world.entries[queue, place // _BLOCK, d, place % _BLOCK])


@kernel
def put_entry(world, queue, d, place, entry):
    """Write an entry at a place of the list of a queue."""
    world.entries[queue, place // _BLOCK, d, place % _BLOCK] = np.uint32(entry)


@kernel
def is_ready(world, i, queue, params):
    """Whether a case can be served: an appeal waits for its delay first."""
    return queue != _APPEAL or load_state(world.states, i).appeal_wait >= params.appeal_delay


@kernel
def serve(world, i, queue):
    """Turn the bit `waits` of a queue into `served`, one higher, and forget the case."""
    waits = 2 << 2 * queue
    standing = load_state(world.states, i).standing
    put_standing(world.states, i, (standing & ~waits) | waits << 1)
    world.queues[i] &= np.uint8(255 - (1 << queue | 1 << LINED_UP + queue))


@kernel
def _enter(world, d, queue, entry):
    """Add an entry at the end of a list."""
    place = world.lengths[queue, d]
    put_entry(world, queue, d, place, entry)
    world.lengths[queue, d] = place + 1


@nopython
def serve_list(world, d, queue, day, places, params, counts, limits):
    """Serve those on the list in order; the places that are left.

    Who no longer waits is taken off; who is not served keeps the order.
    """
    length = world.lengths[queue, d]
    world.lengths[queue, d] = 0
    column = len(KINDS) * queue
    for place in range(length):
        entry = entry_at(world, queue, d, place)
        i = d * DISTRICT + (entry & 0xFFFF)
        k = stratum(load_person(world.people, i))
        if not world.queues[i] >> queue & 1:
            world.queues[i] &= np.uint8(255 - (1 << LINED_UP + queue))
            counts[k, column + DROPPED] += 1
            continue
        ready = is_ready(world, i, queue, params)
        if ready and places > 0:
            places -= 1
            serve(world, i, queue)
            counts[k, column + SERVED] += 1
            counts[k, column + WAIT_DAYS] += day + 1 - (entry >> 16)
        else:
            _enter(world, d, queue, entry)
            counts[k, column + WAITING] += 1
            if ready:
                limits[queue, AT_CAPACITY] = 1
    return places


@nopython
def line_up(world, d, day, lo, hi, left, params, counts, limits):
    """Citizens lo … hi − 1 with a new case join its queue, or are served if places are left."""
    for first in range(lo, hi, 64):  # on most days, few have a case
        last = min(hi, first + 64)
        anybody = np.uint8(0)
        for i in range(np.uint64(first), np.uint64(last)):
            anybody |= world.queues[i] & ~(world.queues[i] >> np.uint8(LINED_UP))
        if not anybody & WAITS:
            continue
        for i in range(first, last):
            cases = np.int64(world.queues[i])
            cases &= ~(cases >> LINED_UP) & WAITS
            if cases == 0:
                continue
            k = stratum(load_person(world.people, i))
            for queue in range(len(QUEUES)):
                if not cases >> queue & 1:
                    continue
                column = len(KINDS) * queue
                counts[k, column + DEMAND] += 1
                ready = is_ready(world, i, queue, params)
                if ready and left[queue] > 0:
                    left[queue] -= 1
                    serve(world, i, queue)
                    counts[k, column + SERVED] += 1
                    counts[k, column + WAIT_DAYS] += 1
                else:
                    _enter(world, d, queue, day << 16 | i - d * DISTRICT)
                    world.queues[i] |= np.uint8(1 << LINED_UP + queue)
                    counts[k, column + WAITING] += 1
                    if ready:
                        limits[queue, AT_CAPACITY] = 1


@kernel
def set_places(left, size, day, params):
    """Set the places of a day in each queue of a district of `size` people."""
    left[0] = places_on(params.court_capacity, size, day)
    left[1] = places_on(params.police_capacity, size, day)
    left[2] = places_on(params.appeal_capacity, size, day)
    left[3] = places_on(params.review_capacity, size, day)


@apart(seconds=2, _nrt=True)
def serve_queues(world, d, day, seed, params, counts, limits):
    """Serve the queues of district d on the evening of a day.

    counts[stratum, 5 × queue + kind] and limits[queue, kind] gain the day's.
    """
    start = d * DISTRICT
    size = min(DISTRICT, world.people.shape[1] - start)
    left = np.empty(len(QUEUES), np.int64)
    set_places(left, size, day, params)
    for queue in range(len(QUEUES)):
        limits[queue, PLACES] = left[queue]
        left[queue] = serve_list(world, d, queue, day, left[queue], params, counts, limits)
    first = start + draw(seed, QUEUE_START, day, d) % size
    line_up(world, d, day, first, start + size, left, params, counts, limits)
    line_up(world, d, day, start, first, left, params, counts, limits)


@nopython_nrt
def empty_counts(districts, strata):
    """(counts, limits) of every district's queues: int64 (districts, strata, 20), (…, 4, 2)."""
    return np.zeros((districts, strata, COLUMNS), np.int64), np.zeros(
        (districts, len(QUEUES), 2), np.int64
    )


@nopython
def add_up_queues(counts, stratum, row):
    """Add one stratum's counts of all districts to row[column], and start them again from 0."""
    for d in range(counts.shape[0]):
        for column in range(COLUMNS):
            row[column] += counts[d, stratum, column]
            counts[d, stratum, column] = 0


@nopython
def add_up_limits(limits, capacity):
    """Add all districts' limits to capacity[queue, kind], and start them again from 0."""
    for d in range(limits.shape[0]):
        for queue in range(len(QUEUES)):
            for kind in range(2):
                capacity[queue, kind] += limits[d, queue, kind]
                limits[d, queue, kind] = 0
