"""Studies that are asked what they would do, and then do nothing of it.

A study calls `about_to_run` when its size is known, and enters `begun` with its ledger when all
that can be refused has been checked. If the caller only wanted to know the size, it ends there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from typing import Any

from underwatch.results.ledger import Ledger
from underwatch.scenario import Scenario


@dataclass(frozen=True)
class Size:
    """The size of a study: so many runs of a scenario's size over some days.

    at_most: there may be fewer runs. worlds: that one process holds at once. single: one run after
    the other, each over all cores. keeps_tallies: the folder holds the tallies of every run.
    folders: each run has a folder of its own. workers: of the cluster on which it runs. threads:
    for all runs on this machine; None for one a core.
    """

    scenario: Scenario
    runs: int
    days: int
    at_most: bool = False
    worlds: int = 1
    single: bool = False
    keeps_tallies: bool = False
    folders: bool = False
    workers: int | None = None
    threads: int | None = None


class _Answered(BaseException):
    """The size of a study that was only asked for it."""

    def __init__(self, size: Size):
        super().__init__(size)
        self.size = size


_asking: ContextVar[bool] = ContextVar("asking", default=False)
_size: ContextVar[Size | None] = ContextVar("size", default=None)


def about_to_run(size: Size, scheduler: str | None = None) -> None:
    """Called by a study when its size is known, before it makes its worlds.

    Raises UserError if the Dask scheduler that it shall use does not answer.
    """
    if scheduler is not None:
        from underwatch.study.cluster import workers_at

        size = replace(size, workers=workers_at(scheduler))
    if _asking.get():
        _size.set(size)


def is_asked() -> bool:
    """Whether the study that runs here is only asked for its size."""
    return _asking.get()


def answer() -> None:
    """Called by a study before its first run; does not return if only its size is wanted."""
    size = _size.get()
    if _asking.get() and size is not None:
        raise _Answered(size)


@contextmanager
def begun(ledger: Ledger) -> Iterator[Ledger]:
    """The ledger of a study, open; a study that was only asked ends here.

    Raises UserError if the ledger cannot be that of the study.
    """
    if is_asked():
        ledger.check()
    answer()
    with ledger:
        yield ledger


def size_of(study: Callable[..., Any], *args: Any, **given: Any) -> Size:
    """The size of a study with these arguments, which are checked; nothing is simulated."""
    tokens = _asking.set(True), _size.set(None)
    try:
        study(*args, **given)
    except _Answered as answered:
        return answered.size
    finally:
        _asking.reset(tokens[0])
        _size.reset(tokens[1])
    raise TypeError(f"{getattr(study, '__name__', study)} is no study")
