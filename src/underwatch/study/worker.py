"""What a worker process does: prepare itself, run one job at a time, end with its parent."""

import os
import signal
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from underwatch.errors import UserError, shortened

_ONE_AT_A_TIME = threading.Lock()  # Numba's threads serve one run of a process at a time
_WATCH = 0.5  # seconds between two looks at the parent


@dataclass(frozen=True)
class Failure:
    """A run that failed, and why; ended: whether it ended the process that simulated it."""

    message: str
    ended: bool = False


class Stopped(Exception):
    """The study was interrupted."""


def prepare(parent: int, threads: int) -> None:
    """Set up a worker process; Ctrl-C is handled by the process that started it."""
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _use_threads(threads)


def _end_with(parent: int) -> None:
    """End this process when its parent has ended, however that ended."""
    while os.getppid() == parent:
        time.sleep(_WATCH)
    os._exit(1)


def _use_threads(threads: int) -> None:
    import numba

    numba.set_num_threads(max(1, min(threads, numba.config.NUMBA_NUM_THREADS)))


def work(
    function: Callable[..., Any], args: tuple[Any, ...], code: str, board: str | None, place: int,
    own: Sequence[str] = (),
) -> Any:  # fmt: skip
    """Run one job in a worker: its result, a Failure, or None if the study was interrupted.

    The function is called with the arguments and with `report`, to which it reports the days
    that it has simulated. code: the digest of the package in the process that started the study.
    own: the names of the user's functions that the job calls.
    """
    from underwatch.engine.foreign import noted_by
    from underwatch.kernel.identity import code_digest
    from underwatch.study.board import Board

    if code_digest() != code:
        return Failure("This worker has another version of the code than the study.")
    shared = Board.at(Path(board)) if board else None

    def report(days: int) -> None:
        if shared is not None:
            shared.put(place, days)
            if shared.stopped:
                raise Stopped

    def note(name: str) -> None:
        if shared is not None:
            shared.enter(place, own.index(name) + 1 if name in own else 0)

    with _ONE_AT_A_TIME, noted_by(note):
        if board is None:
            from underwatch.study.cluster import threads_of_worker

            _use_threads(threads_of_worker())
        try:
            if shared is not None:
                shared.start(place)
            report(0)
            return function(*args, report)
        except Stopped:
            return None
        except (Exception, SystemExit) as error:
            return failure_of(error)


def failure_of(error: Exception | SystemExit) -> Failure:
    """What is recorded of an error in a run."""
    if isinstance(error, UserError):
        return Failure(str(error))
    if isinstance(error, MemoryError):
        return Failure("The memory of the machine did not suffice; use fewer citizens.")
    return Failure(f"{type(error).__name__}: {shortened(error, 300)}")
