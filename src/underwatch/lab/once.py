"""Values that are computed once, however many requests ask for them at the same time."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import lru_cache, wraps
from threading import RLock
from typing import TypeVar

Value = TypeVar("Value")


def once(most: int) -> Callable[[Callable[..., Value]], Callable[..., Value]]:
    """Keep the last `most` values of a function; while one is computed, the others wait for it.

    Without the lock, fifty readers who open a page at the same time would compute it fifty times.

    Examples
    --------
    >>> @once(most=2)
    ... def twice(number):
    ...     print("computed")
    ...     return 2 * number
    >>> twice(4), twice(4)
    computed
    (8, 8)
    """

    def decorated(function: Callable[..., Value]) -> Callable[..., Value]:
        kept, lock = lru_cache(maxsize=most)(function), RLock()

        @wraps(function)
        def call(*arguments: Hashable) -> Value:
            with lock:
                return kept(*arguments)

        return call

    return decorated
