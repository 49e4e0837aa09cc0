"""The queues of a district on a device, in the order of engine/queues.py: a block for a district.

The threads of a block take as many entries, or citizens, as they are. Each says in a bit of a word
that they share whether its case waits, and whether it can be served now. Who is served, and at
which place the others join the list, follows from how many bits are set before one's own.
"""

import numpy as np
from numba import cuda, int64

from underwatch.engine.cuda.work import FRESH
from underwatch.engine.queues import (
    LINED_UP,
    WAITS,
    entry_at,
    is_ready,
    put_entry,
    serve,
    set_places,
)
from underwatch.kernel.bits import ones
from underwatch.kernel.compile import kernel
from underwatch.kernel.random import draw
from underwatch.measurement.queues import (
    AT_CAPACITY,
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
from underwatch.model.streams import QUEUE_START

A_BLOCK = 32  # threads of a block: bits of a word that they share
_CASES = len(QUEUES)
_KINDS = len(KINDS)
_READY, _WORDS = _CASES, 2 * _CASES  # words: who waits in each queue; then who can be served


@kernel
def _count(work, d, k, column):
    cuda.atomic.add(work.queued, (d, k, column), 1)


@kernel
def _settle(world, work, d, queue, i, entry, waited, places, length, words):
    """Serve the case of this thread, or put it on the list of a queue, which has a length.

    words: the bits of all threads. Those with a place, of `places`, are the first who are ready.
    """
    before, k = (1 << cuda.threadIdx.x) - 1, stratum(load_person(world.people, i))
    is_ready_now = words[_READY + queue] >> cuda.threadIdx.x & 1
    earlier = ones(words[_READY + queue] & before)
    if is_ready_now and earlier < places:
        serve(world, i, queue)
        _count(work, d, k, _KINDS * queue + SERVED)
        cuda.atomic.add(work.queued, (d, k, _KINDS * queue + WAIT_DAYS), waited)
    else:
        place = length + ones(words[queue] & before) - min(earlier, places)
        put_entry(world, queue, d, place, entry)
        world.queues[i] |= np.uint8(1 << LINED_UP + queue)
        _count(work, d, k, _KINDS * queue + WAITING)
        if is_ready_now:
            work.limits[d, queue, AT_CAPACITY] = 1


@kernel
def _pass_on(queue, left, lengths, words):
    """The places and the length of a list after the threads have settled; by one thread."""
    served = min(left[queue], ones(words[_READY + queue]))
    left[queue] -= served
    lengths[queue] += ones(words[queue]) - served


@kernel
def _serve_list(world, work, d, queue, day, params, left, lengths, words):
    """Serve those on the list, as many at once as the block has threads."""
    own, size = cuda.threadIdx.x, cuda.blockDim.x
    length = world.lengths[queue, d]
    for first in range(0, length, size):
        if own == 0:
            words[queue] = words[_READY + queue] = 0
        cuda.syncthreads()
        waits, entry, i = False, np.int64(0), np.int64(0)
        if first + own < length:
            entry = entry_at(world, queue, d, first + own)
            i = d * DISTRICT + (entry & 0xFFFF)
            waits = np.int64(world.queues[i]) >> queue & 1 != 0
            if waits:
                cuda.atomic.or_(words, queue, 1 << own)
                if is_ready(world, i, queue, params):
                    cuda.atomic.or_(words, _READY + queue, 1 << own)
            else:
                world.queues[i] &= np.uint8(255 - (1 << LINED_UP + queue))
                _count(work, d, stratum(load_person(world.people, i)), _KINDS * queue + DROPPED)
        cuda.syncthreads()
        if waits:
            waited = day + 1 - (entry >> 16)
            _settle(world, work, d, queue, i, entry, waited, left[queue], lengths[queue], words)
        cuda.syncthreads()
        if own == 0:
            _pass_on(queue, left, lengths, words)


@kernel
def _line_up(world, work, d, day, lo, hi, params, left, lengths, words):
    """New cases of citizens lo … hi − 1, no more than a block has threads."""
    own, cases, i = cuda.threadIdx.x, np.int64(0), lo + cuda.threadIdx.x
    for k in range(own, _WORDS, cuda.blockDim.x):
        words[k] = 0
    cuda.syncthreads()
    if i < hi:
        cases = np.int64(world.queues[i])
        cases &= ~(cases >> LINED_UP) & WAITS
        for queue in range(_CASES):
            if cases >> queue & 1:
                cuda.atomic.or_(words, queue, 1 << own)
                if is_ready(world, i, queue, params):
                    cuda.atomic.or_(words, _READY + queue, 1 << own)
    cuda.syncthreads()
    for queue in range(_CASES):
        if cases >> queue & 1:
            k = stratum(load_person(world.people, i))
            _count(work, d, k, _KINDS * queue + DEMAND)
            entry = day << 16 | i - d * DISTRICT
            _settle(world, work, d, queue, i, entry, 1, left[queue], lengths[queue], words)
    cuda.syncthreads()
    for queue in range(own, _CASES, cuda.blockDim.x):
        _pass_on(queue, left, lengths, words)
    cuda.syncthreads()


@kernel
def _line_up_all(world, work, d, day, lo, hi, params, left, lengths, words):
    """New cases among citizens lo … hi − 1 of a district, in the order of their numbers."""
    for part in range(lo // FRESH, (hi + FRESH - 1) // FRESH):
        if work.fresh[part]:
            last = min(hi, part * FRESH + FRESH)
            for first in range(max(lo, part * FRESH), last, cuda.blockDim.x):
                _line_up(world, work, d, day, first, last, params, left, lengths, words)


def evenings(world, work, day, seed, params_table, epoch):
    """The queues of every district, and its protesters and offenders: a block for a district."""
    left = cuda.shared.array(_CASES, int64)
    lengths = cuda.shared.array(_CASES, int64)
    words = cuda.shared.array(_WORDS, int64)
    params, own = params_table[epoch], cuda.threadIdx.x
    for d in range(cuda.blockIdx.x, world.protesting.shape[0], cuda.gridDim.x):
        start = d * DISTRICT
        size = min(DISTRICT, np.int64(world.people.shape[1]) - start)
        if own == 0:
            set_places(left, size, day, params)
            for queue in range(_CASES):
                work.limits[d, queue, PLACES] = left[queue]
                lengths[queue] = 0
        cuda.syncthreads()
        for queue in range(_CASES):
            _serve_list(world, work, d, queue, day, params, left, lengths, words)
        cuda.syncthreads()
        first = start + draw(seed, QUEUE_START, day, d) % size
        _line_up_all(world, work, d, day, first, start + size, params, left, lengths, words)
        _line_up_all(world, work, d, day, start, first, params, left, lengths, words)
        for part in range(
            start // FRESH + own, (start + size + FRESH - 1) // FRESH, cuda.blockDim.x
        ):
            work.fresh[part] = 0
        for queue in range(own, _CASES, cuda.blockDim.x):
            world.lengths[queue, d] = lengths[queue]
        if own == 0:
            adults = max(1, np.int64(work.adults[d]))
            world.protesting[d] = np.int64(work.marching[d]) * 65_536 // adults
            world.offending[d] = (np.int64(work.offending[d]) << 24) // adults
            work.marching[d] = work.offending[d] = 0
        cuda.syncthreads()
