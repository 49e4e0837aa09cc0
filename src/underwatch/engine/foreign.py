"""Which function of the user's is running, so that one that ends its process can be named."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

_noted: list[Callable[[str], None]] = []


@contextmanager
def noted_by(note: Callable[[str], None]) -> Iterator[None]:
    """Inside, `note` is called with the name of each function that begins, and with "" after it."""
    _noted.append(note)
    try:
        yield
    finally:
        _noted.remove(note)


@contextmanager
def running(name: str) -> Iterator[None]:
    """Call a function of the user's inside."""
    for note in _noted:
        note(name)
    try:
        yield
    finally:
        for note in _noted:
            note("")
