"""The machine-independent code (PTX) of every grid, compiled where there is no device."""

from functools import cache
from types import SimpleNamespace

import numpy as np

from underwatch.engine.population import first_world
from underwatch.engine.world import Panel
from underwatch.measurement.catalogue import NAMES, OPINION_CLASSES, STRATA
from underwatch.measurement.cohorts import OTHERS
from underwatch.measurement.ledger import empty_ledger
from underwatch.measurement.queues import QUEUES
from underwatch.model.parameters import PARAMS
from underwatch.model.society.segments import SLOTS, in_line


@cache
def arguments() -> dict[str, tuple]:
    """What each grid is launched with, by name; 64 children without ties."""
    from underwatch.engine.cuda.work import Work, empty_work

    n, table = 64, np.zeros(1, PARAMS)
    ties = in_line(np.full((n, SLOTS), n, np.uint32))
    world = first_world(np.zeros((2, n), np.uint64), ties, 0, table[0])
    work = Work(*empty_work(n), world.near, world.wide, np.zeros((2, n), np.uint16))
    tallies = np.zeros((1, STRATA, len(NAMES)), np.int64)
    opinions = np.zeros((1, OTHERS + 1, OPINION_CLASSES), np.int64)
    capacity = np.zeros((1, len(QUEUES), 2), np.int64)
    nobody = np.zeros(0, np.int64)
    panel = Panel(nobody, empty_ledger(1, 0), np.zeros((0, 0, 0), np.uint64), nobody[:, None])
    both, today = (world, work), (0, 0, table, 0)
    found, counts = np.zeros(2, np.int64), np.zeros((STRATA, len(NAMES)), np.int64)
    return {
        "sort_ties": (*both, world.near, world.wide, 0, 1),
        "count_adults": both,
        "set_constants": (*both, *today),
        "deliveries": (*both, *today),
        "listen": (*both, 0, n, 0),
        "mornings": (*both, 0, n, 0, *today),
        "active_days": (*both, 0, 0, *today, tallies, opinions, panel, 0),
        "levels": (*both, 0, n, 0, table, 0, tallies, 0),
        "evenings": (*both, *today),
        "add_up": (*both, tallies, capacity, 0),
        "choose": (*both, *today),
        "turn_over": (*both, 0),
        "count_opinions": (*both, np.zeros(OPINION_CLASSES, np.int64)),
        "grow_older": (*both, *today, found),
        "succeed": (*both, *today, np.zeros((4, 1), np.uint64), counts, found),
        "be_born": (*both, *today, counts),
        "meet": (*both, 0, 0),
    }


def compiled(name: str, cc: tuple[int, int] = (8, 0)) -> str:
    """The PTX of one grid for devices of a compute capability."""
    from numba import cuda
    from numba.cuda import dispatcher
    from numba.cuda.typing.typeof import typeof

    from underwatch.engine.cuda.functions import device_for
    from underwatch.engine.cuda.running import GRIDS

    dispatcher.get_current_device = lambda: SimpleNamespace(compute_capability=cc)
    grid = device_for(None).grid(GRIDS[name])
    kinds = tuple(typeof(value) for value in arguments()[name])
    text, _ = cuda.compile(grid.py_func, kinds, cc=cc, device=False, abi="numba", output="ptx")
    return text
