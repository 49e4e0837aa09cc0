"""What a launch does between two days: counts are added up, ties are reviewed. As in grids.py."""

import numpy as np
from numba import cuda, int32, uint16, uint32

from underwatch.engine.cuda.ties import read_candidates
from underwatch.engine.cuda.work import PARTS
from underwatch.engine.night import choose_ties, decide_ties
from underwatch.kernel.random import fill
from underwatch.measurement.catalogue import OPINION_CLASSES, STRATA
from underwatch.measurement.queues import COLUMNS, FIRST, QUEUES
from underwatch.model.society.people import ADULT, load_person
from underwatch.model.society.segments import SLOTS
from underwatch.model.state import load_state
from underwatch.model.streams import DISSOLVE

_CASES = len(QUEUES)
_DRAWN = 2 * SLOTS  # draws of a review; a size is a name, as Numba does not compute it


def add_up(world, work, tallies, capacity, t):
    """Add up the counts of the districts' queues and the watch list, and start them from 0."""
    districts, parts = world.protesting.shape[0], STRATA * COLUMNS
    for at in range(cuda.grid(1), districts * parts, cuda.gridsize(1)):
        d, k, column = at // parts, at % parts // COLUMNS, at % COLUMNS
        found = np.int64(work.queued[d, k, column])
        if found != 0:
            cuda.atomic.add(tallies, (t, k, FIRST + column), found)
            work.queued[d, k, column] = 0
        if at % parts < _CASES * 2:
            queue, kind = at % parts // 2, at % 2
            found = work.limits[d, queue, kind]
            if found != 0:
                cuda.atomic.add(capacity, (t, queue, kind), found)
                work.limits[d, queue, kind] = 0
    if cuda.grid(1) == 0:
        everyone = np.int64(0)
        for part in range(PARTS):
            everyone += work.listed[part]
            work.listed[part] = 0
        world.listed[0] = everyone
        for band in range(work.actives.shape[0]):
            work.actives[band] = 0


def choose(world, work, day, seed, params_table, epoch):
    """Once a month, everyone reviews their candidate ties (engine/night.py).

    What they choose takes the place of the signals of yesterday, which nobody reads again.
    """
    draws = cuda.local.array((_DRAWN, 1), uint32)
    table = cuda.local.array((1, SLOTS), uint32)
    choices = world.signals[day & 1]
    for i in range(cuda.grid(1), world.people.shape[1], cuda.gridsize(1)):
        read_candidates(world, work, i, table)
        fill(draws[:SLOTS], i, 1, day, seed, DISSOLVE)
        choose_ties(world, table, draws, i, i, i + 1, day, seed, params_table[epoch], choices)


def turn_over(world, work, day):
    """And their ties close and open by what both ends chose."""
    table = cuda.local.array((1, SLOTS), uint32)
    opened = cuda.local.array(1, uint16)
    for i in range(cuda.grid(1), world.people.shape[1], cuda.gridsize(1)):
        read_candidates(world, work, i, table)
        decide_ties(world, table, i, i + 1, world.signals[day & 1], opened)
        world.slots[i] = opened[0]


def count_opinions(world, work, counts):
    """How many adults hold each class of private opinion, at the end of a month."""
    held = cuda.shared.array(OPINION_CLASSES, int32)
    for k in range(cuda.threadIdx.x, OPINION_CLASSES, cuda.blockDim.x):
        held[k] = 0
    cuda.syncthreads()
    for i in range(cuda.grid(1), world.people.shape[1], cuda.gridsize(1)):
        if load_person(world.people, i).age >= ADULT:
            opinion = load_state(world.states, i).opinion
            cuda.atomic.add(held, opinion * OPINION_CLASSES >> 8, 1)
    cuda.syncthreads()
    for k in range(cuda.threadIdx.x, OPINION_CLASSES, cuda.blockDim.x):
        cuda.atomic.add(counts, k, np.int64(held[k]))
