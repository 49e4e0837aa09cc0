"""Studies that are asked what they would do, and then do nothing of it.

A study calls `about_to_run` when all its arguments are checked and its size is known. It returns,
unless the caller only wanted to know that much: then the study ends there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from underwatch.scenario import Scenario


@dataclass(frozen=True)
class Size:
    """The size of a study: so many runs of a scenario's size over some days.

    at_most: there may be fewer runs. worlds: that one process holds at once. single: one run over
    all cores. keeps_tallies: the folder holds the tallies of every run.
    folders: each run has a folder of its own.
    """

    scenario: Scenario
    runs: int
    days: int
    at_most: bool = False
    worlds: int = 1
    single: bool = False
    keeps_tallies: bool = False
    folders: bool = False


class _Answered(BaseException):
    """The size of a study that was only asked for it."""

    def __init__(self, size: Size):
        super().__init__(size)
        self.size = size


_asking: ContextVar[bool] = ContextVar("asking", default=False)


def about_to_run(size: Size) -> None:
    """Called by a study before its first run; does not return if only its size is wanted."""
    if _asking.get():
        raise _Answered(size)


def size_of(study: Callable[..., Any], *args: Any, **given: Any) -> Size:
    """The size of a study with these arguments, which are checked; nothing is simulated."""
    with _questions():
        try:
            study(*args, **given)
        except _Answered as answer:
            return answer.size
    raise TypeError(f"{getattr(study, '__name__', study)} is no study")


@contextmanager
def _questions() -> Iterator[None]:
    token = _asking.set(True)
    try:
        yield
    finally:
        _asking.reset(token)
