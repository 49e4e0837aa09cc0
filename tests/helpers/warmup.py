"""The day is compiled by a second process, while this one runs tests that do not need it."""

from contextlib import AbstractContextManager

from underwatch.engine.warmup import day_beside

_beside: list[AbstractContextManager] = []


def start() -> None:
    """Start to compile the day, unless it is in the cache or there is but one core."""
    _beside.append(day_beside())
    _beside[0].__enter__()


def finish() -> None:
    """Compile the population here, and wait for the day."""
    from helpers.nation import build

    if _beside:
        build(1_000)
        _beside.pop().__exit__(None, None, None)


def stop() -> None:
    """End the second process, if it is still at work."""
    if _beside:
        ended = KeyboardInterrupt()
        _beside.pop().__exit__(type(ended), ended, None)
