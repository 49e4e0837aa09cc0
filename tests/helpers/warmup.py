"""The day is compiled by a second process, while this one runs tests that do not need it.

Where pytest-xdist runs several processes of tests, the first of them sees to it, and the others
wait for it: two that compile the same at once would each take twice as long.
"""

import fcntl
import os
import tempfile
from contextlib import AbstractContextManager
from pathlib import Path

from underwatch.engine.warmup import day_beside

_WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")
_LOCK = Path(tempfile.gettempdir(), f"underwatch-{os.environ.get('PYTEST_XDIST_TESTRUNUID', '')}")

_beside: list[AbstractContextManager] = []
_held: list[int] = []


def claim() -> None:
    """Hold the lock that the other processes of tests wait for; before tests are collected."""
    if _WORKER == "gw0":
        _held.append(os.open(_LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
        fcntl.flock(_held[0], fcntl.LOCK_EX)


def start() -> None:
    """Start to compile the day, unless it is in the cache or there is but one core."""
    if _WORKER in ("", "gw0"):
        _beside.append(day_beside())
        _beside[0].__enter__()


def finish() -> None:
    """Compile the population here, and wait for the day."""
    from helpers.nation import build

    if _beside:
        build(1_000)
        _beside.pop().__exit__(None, None, None)
        _release()
    elif _WORKER not in ("", "gw0"):
        _wait_for_the_first()


def stop() -> None:
    """End the second process, if it is still at work."""
    if _beside:
        ended = KeyboardInterrupt()
        _beside.pop().__exit__(type(ended), ended, None)
    _release()


def _release() -> None:
    """Let the others go on; the system does so, too, when this process ends."""
    if _held:
        _LOCK.unlink(missing_ok=True)
        os.close(_held.pop())


def _wait_for_the_first() -> None:
    """Return when the first process of tests has compiled the day, or has ended."""
    try:
        file = os.open(_LOCK, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return
    fcntl.flock(file, fcntl.LOCK_SH)
    os.close(file)
