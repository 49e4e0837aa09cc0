"""Ctrl-C, deferred to where nothing is half done."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def ctrl_c_waits() -> Iterator[list[bool]]:
    """Defer Ctrl-C: it is noted in the list that is yielded, and the caller acts on it."""
    interrupted = []
    try:
        before = signal.signal(signal.SIGINT, lambda *_: interrupted.append(True))
    except ValueError:  # not the main thread, which alone gets signals
        yield interrupted
        return
    try:
        yield interrupted
    finally:
        signal.signal(signal.SIGINT, before)
