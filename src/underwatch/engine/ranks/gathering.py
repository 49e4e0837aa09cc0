"""The whole simulation on rank 0, at its end and for a checkpoint; and its parts from a checkpoint.

Arrays travel in pieces: the citizens of one rank, one row at a time. Counts that add up are handed
over, so that each is held by one rank: after `gather` rank 0 has the sums so far and the others
begin again from 0.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np

from underwatch.engine.assortativity import Moments, moments_of
from underwatch.engine.checkpoint import KEPT
from underwatch.engine.night import pack_open_ties
from underwatch.engine.queues import used_blocks
from underwatch.model.society.people import DISTRICT

_OF_DISTRICTS = ("protesting", "offending", "lengths")
_OF_CITIZENS = tuple(name for name in KEPT if name not in (*_OF_DISTRICTS, "listed"))
_ADDED = ("daily", "monthly", "capacity", "expressed_opinions", "private_opinions", "moves")
_KIND = "gathering"


def gather(simulation: Any) -> None:
    """Bring everything to rank 0; the simulation of every rank can go on afterwards."""
    messages = simulation.messages
    for row, bounds in _rows(simulation):
        own = row[bounds[messages.rank] : bounds[messages.rank + 1]]
        for rank, piece in enumerate(messages.collect(_KIND, own)):
            if rank:
                row[bounds[rank] : bounds[rank + 1]] = piece.reshape(-1, *row.shape[1:])
    for name in _ADDED:
        added = messages.total(getattr(simulation, name))
        getattr(simulation, name)[:] = added if messages.rank == 0 else 0
    simulation.halo.exchange(_KIND, simulation.world.signals[simulation.day & 1])
    found = messages.collect(_KIND, np.array(moments_of(simulation)))
    if messages.rank == 0:
        simulation.moments = Moments(*map(sum, zip(*(each.tolist() for each in found), strict=True)))
    dead = _handed_over(messages, simulation.dead)
    simulation.dead = dead[np.lexsort((dead["citizen"], dead["day"]))]
    lines = _handed_over(messages, np.concatenate(simulation.lines)).reshape(-1, 4)
    simulation.lines = [lines[np.lexsort(lines.T[2::-1])]]  # by day, citizen and kind


def scatter(simulation: Any, day: int) -> None:
    """Give every rank its part of the simulation that rank 0 holds, on the evening of a day."""
    messages, world = simulation.messages, simulation.world
    first, ranks = messages.rank == 0, range(1, messages.size)
    simulation.day, packed = day, world.slots.copy()
    world.listed[:] = messages.from_first(int(world.listed[0]))
    for row, bounds in _rows(simulation):
        if first:
            parts = {rank: row[bounds[rank] : bounds[rank + 1]] for rank in ranks}
            messages.swap(_KIND, parts, (), row.dtype)
        else:
            piece = messages.swap(_KIND, {}, (0,), row.dtype)[0]
            own = slice(bounds[messages.rank], bounds[messages.rank + 1])
            row[own] = piece.reshape(-1, *row.shape[1:])
    if not first:
        pack_open_ties(world, packed, *simulation.own)


def _rows(simulation: Any) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Every row of every array that ranks hold in parts, and where each rank's part begins."""
    messages, world, bounds = simulation.messages, simulation.world, simulation.part.bounds
    for name in _OF_CITIZENS:
        array = getattr(world, name)
        for row in array.reshape(-1, array.shape[-1]):
            yield row, bounds
    if len(simulation.classes):
        yield simulation.classes, bounds
    districts = -(-bounds // DISTRICT)
    for name in _OF_DISTRICTS:
        array = getattr(world, name)
        for row in array.reshape(-1, array.shape[-1]):
            yield row, districts
    begin, end = districts[messages.rank], districts[messages.rank + 1]
    used = int(max(messages.everyones(used_blocks(world.lengths[:, begin:end]))))
    for queue in world.entries:
        for block in queue[:used]:
            yield block, districts


def _handed_over(messages: Any, records: np.ndarray) -> np.ndarray:
    """The records of all ranks, on rank 0; elsewhere none, because they are no longer theirs."""
    parts = messages.collect(_KIND, records.view(np.uint8))
    found = np.concatenate(parts) if parts else np.zeros(0, np.uint8)
    return found.view(records.dtype)
