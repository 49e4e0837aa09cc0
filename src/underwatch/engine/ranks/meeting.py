"""Where ranks meet: each at its first run, or at its end if it has none.

A rank may end before that, by an error in the user's script or for a library that it lacks. The
others would wait for it forever; so whoever ends says so on the way out.
"""

import atexit
import os
import time
from typing import Any

from underwatch.engine.ranks.stated import ranks
from underwatch.errors import UserError

_MEETING = 3  # the tag of these messages
_ENDS, _JOINS = 0, 1  # what a rank reports to rank 0
_ALL = -1  # what rank 0 says to the others if all are there; else the first rank that is not
_NAP = 0.002  # seconds
_STARTED = "UNDERWATCH_RANK"  # in the environment: the process that the launcher has started
_heard: dict[int, int] = {}  # on rank 0: what each other rank answered
_joined = False  # whether the others need not hear from this rank any more
_found: int | None = None  # what rank 0 answered


class RankMissing(UserError):
    """A rank has ended before its first run, so that none can begin one."""

    def __init__(self, rank: int):
        self.rank = rank
        super().__init__(
            f"Rank {rank} ended before its first run, which needs all ranks, so that the others "
            "end, too."
        )


def guard() -> None:
    """Let the other ranks know if this process ends without a run.

    Processes that a rank starts inherit what the launcher stated, and are none of the ranks.
    """
    own = str(os.getpid())
    if ranks() > 1 and os.environ.setdefault(_STARTED, own) == own:
        atexit.register(_leave)


def _leave() -> None:
    """At the end of a process: what the others wait for, unless this one has joined them."""
    if _joined or os.environ[_STARTED] != str(os.getpid()):
        return
    try:
        from mpi4py import MPI
    except (ImportError, RuntimeError):
        return
    comm = MPI.COMM_WORLD
    for rank in (0,) if comm.rank else range(1, comm.size):
        comm.send(_ENDS if comm.rank else 0, rank, _MEETING)


def meet(comm: Any) -> None:
    """Wait until all ranks are there. Raises RankMissing if one has ended instead."""
    global _found
    if _found is None:
        _found = _ask_first(comm) if comm.rank else _ask_all(comm)
    if _found != _ALL:
        raise RankMissing(_found)


def _ask_first(comm: Any) -> int:
    global _joined
    comm.send(_JOINS, 0, _MEETING)
    _joined = True
    return _hear(comm, 0)


def _ask_all(comm: Any) -> int:
    global _joined
    for rank in range(1, comm.size):
        if rank not in _heard:  # else a signal has interrupted this before
            _heard[rank] = _hear(comm, rank)
    ended = [rank for rank, answer in _heard.items() if answer == _ENDS]
    for rank in range(1, comm.size):
        comm.send(min(ended, default=_ALL), rank, _MEETING)
    _joined = True
    return min(ended, default=_ALL)


def _hear(comm: Any, rank: int) -> int:
    while not comm.iprobe(rank, _MEETING):
        time.sleep(_NAP)
    answer: int = comm.recv(source=rank, tag=_MEETING)
    return answer
