"""Ctrl-C and SIGTERM, deferred to where nothing is half done."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

ENDING = (signal.SIGINT, signal.SIGTERM)
_received: list[int] = []


class Terminated(KeyboardInterrupt):
    """SIGTERM, which ends a command as Ctrl-C does."""


def raise_on_signals() -> None:
    """From now on Ctrl-C and SIGTERM raise KeyboardInterrupt in this process, and are noted.

    A signal that this process was started to ignore stays ignored.
    """
    for number in ENDING:
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _raise)


def _raise(number: int, _: FrameType | None) -> None:
    _received.append(number)
    raise Terminated if number == signal.SIGTERM else KeyboardInterrupt


def received() -> int:
    """The first signal that `raise_on_signals` noted; 0 if there was none."""
    return _received[0] if _received else 0


def ignore_signals() -> None:
    """Let nothing interrupt what little is left to do."""
    for number in ENDING:
        signal.signal(number, signal.SIG_IGN)


@contextmanager
def signals_wait() -> Iterator[list[int]]:
    """Defer Ctrl-C and SIGTERM: they are noted in the list that is yielded.

    At the end, the first of them is delivered to whoever handled it before, so that
    Ctrl-C raises KeyboardInterrupt there. If an exception ends the body, that is raised.
    """
    noted: list[int] = []
    before = {}
    try:
        for number in ENDING:
            if signal.getsignal(number) is not signal.SIG_IGN:
                before[number] = signal.signal(number, lambda got, _: noted.append(got))
    except ValueError:  # not the main thread, which alone gets signals
        yield noted
        return
    try:
        yield noted
    finally:
        for number, handler in before.items():
            signal.signal(number, handler if handler is not None else signal.SIG_DFL)
    if noted:
        signal.raise_signal(signal.Signals(noted[0]))
