"""The whole simulation on rank 0, at its end and for a checkpoint; and its parts from a checkpoint.

Arrays travel in pieces: the citizens of one rank, one row at a time. The whole nation lies in
memory on rank 0 if that fits, else in a file without a name. Counts that add up are handed over, so
that each is held by one rank: after `gather` rank 0 has the sums so far, and the others begin
again from 0.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

import numpy as np

from underwatch.engine.assortativity import Moments, moments_of
from underwatch.engine.checkpoint import KEPT
from underwatch.engine.night import pack_open_ties
from underwatch.engine.queues import empty_queues, used_blocks
from underwatch.engine.resources import free_bytes
from underwatch.model.society.people import DISTRICT

_OF_DISTRICTS = ("protesting", "offending", "lengths")
_OF_CITIZENS = tuple(name for name in KEPT if name not in (*_OF_DISTRICTS, "listed"))
_ADDED = ("daily", "monthly", "capacity", "expressed_opinions", "private_opinions", "moves")
_KIND = "gathering"


def gather(simulation: Any, folder: Path | None = None) -> Any:
    """The world of everyone on rank 0, elsewhere None; counts are handed over.

    The simulation of every rank can go on afterwards. folder: where room is on disk.

    Raises OSError on all ranks, before anything is sent, if there is no room.
    """
    messages, world = simulation.messages, simulation.world
    whole = _whole_world_for_all(simulation, folder)
    for own, everyone in _pieces(simulation, world, whole):
        for rank in range(messages.size):
            if messages.rank == rank == 0:
                everyone[0][:] = own
            elif messages.rank == rank:
                messages.swap(_KIND, {0: own}, (), own.dtype)
            elif messages.rank == 0:
                piece = messages.swap(_KIND, {}, (rank,), own.dtype)[rank]
                everyone[rank][:] = piece.reshape(everyone[rank].shape)
    _hand_over(simulation)
    return whole


def scatter(simulation: Any, whole: Any) -> None:
    """Give every rank its part of the world that rank 0 has read."""
    messages, world, packed = simulation.messages, simulation.world, simulation.world.slots.copy()
    world.listed[:] = messages.from_first(0 if whole is None else int(whole.listed[0]))
    for own, everyone in _pieces(simulation, world, whole):
        if messages.rank == 0:
            own[:] = everyone[0]
            parts = {rank: everyone[rank] for rank in range(1, messages.size)}
            messages.swap(_KIND, parts, (), own.dtype)
        else:
            piece = messages.swap(_KIND, {}, (0,), own.dtype)[0]
            own[:] = piece.reshape(own.shape)
    if messages.rank:  # rank 0 has packed its ties when it read the checkpoint
        pack_open_ties(world, packed, *simulation.own)


def _whole_world_for_all(simulation: Any, folder: Path | None) -> Any:
    """Room on rank 0 for the world of everyone, elsewhere None; OSError on all ranks without it."""
    messages, whole, failure = simulation.messages, None, None
    if messages.rank == 0:
        try:
            whole = whole_world(simulation, folder)
        except (OSError, MemoryError) as error:
            failure = error
    if messages.any(failure is not None):
        raise failure or OSError("rank 0 has no room for the nation")
    return whole


def whole_world(simulation: Any, folder: Path | None) -> Any:
    """Room for the world of everyone; the ties are those of rank 0 alone."""
    world = simulation.world
    size = sum(getattr(world, name).nbytes for name in _OF_CITIZENS)
    there = size < free_bytes() // 2
    made = {name: _room(getattr(world, name), there, folder) for name in _OF_CITIZENS}
    made |= {name: np.zeros_like(getattr(world, name)) for name in _OF_DISTRICTS}
    entries, _ = empty_queues(simulation.population.citizens)
    return world._replace(entries=entries, listed=world.listed.copy(), **made)


def _room(like: np.ndarray, in_memory: bool, folder: Path | None) -> np.ndarray:
    if in_memory:
        return np.zeros(like.shape, like.dtype)
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
    with TemporaryFile(dir=folder) as file:
        _reserve(file.fileno(), like.nbytes, folder)
        return np.memmap(file, like.dtype, "w+", shape=like.shape).view(np.ndarray)


def _reserve(descriptor: int, size: int, folder: Path | None) -> None:
    """Take the room of a file at once: writing to mapped memory on a full disk ends the process."""
    if not hasattr(os, "posix_fallocate"):
        return
    try:
        os.posix_fallocate(descriptor, 0, size)
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(folder)) from None


def _pieces(simulation: Any, world: Any, whole: Any) -> Iterator[tuple[np.ndarray, list]]:
    """Every row that ranks hold in parts: the own part, and on rank 0 everyone's."""
    messages, bounds = simulation.messages, simulation.part.bounds.tolist()

    def piece(row: np.ndarray, of_all: np.ndarray | None, ends: list[int]):
        every = range(messages.size)
        parts = [] if of_all is None else [of_all[ends[r] : ends[r + 1]] for r in every]
        return row[ends[messages.rank] : ends[messages.rank + 1]], parts

    def rows(name: str) -> Iterator[tuple[np.ndarray, np.ndarray | None]]:
        array = getattr(world, name)
        every = [None] * array.shape[0] if whole is None else getattr(whole, name)
        yield from (
            zip(array, every, strict=True)
            if array.ndim > 1
            else [(array, None if whole is None else every)]
        )

    for name in _OF_CITIZENS:
        for row, of_all in rows(name):
            yield piece(row, of_all, bounds)
    if len(simulation.classes):
        yield piece(simulation.classes, None if whole is None else simulation.classes, bounds)
    districts = [-(-bound // DISTRICT) for bound in bounds]
    for name in _OF_DISTRICTS:
        for row, of_all in rows(name):
            yield piece(row, of_all, districts)
    own = world.lengths[:, districts[messages.rank] : districts[messages.rank + 1]]
    used = int(max(messages.everyones(used_blocks(own))))
    for q in range(len(world.entries)):
        for b in range(used):
            of_all = None if whole is None else whole.entries[q, b]
            yield piece(world.entries[q, b], of_all, districts)


def _hand_over(simulation: Any) -> None:
    """Bring what was counted so far to rank 0."""
    messages = simulation.messages
    for name in _ADDED:
        added = messages.total(getattr(simulation, name))
        getattr(simulation, name)[:] = added if messages.rank == 0 else 0
    simulation.halo.exchange(_KIND, simulation.world.signals[simulation.day & 1])
    found = messages.collect(_KIND, np.array(moments_of(simulation)))
    if found:
        simulation.moments = Moments(*np.array(found, object).sum(0).tolist())
    dead = _records(messages, simulation.dead)
    simulation.dead = dead[np.lexsort((dead["citizen"], dead["day"]))]
    lines = _records(messages, np.concatenate(simulation.lines)).reshape(-1, 4)
    simulation.lines = [lines[np.lexsort(lines.T[2::-1])]]  # by day, citizen and kind


def _records(messages: Any, records: np.ndarray) -> np.ndarray:
    """The records of all ranks, on rank 0; elsewhere none, because they are no longer theirs."""
    parts = messages.collect(_KIND, records.view(np.uint8))
    found = np.concatenate(parts) if parts else np.zeros(0, np.uint8)
    return found.view(records.dtype)
