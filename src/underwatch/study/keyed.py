"""Entries of a result by name, with the noun for one of them."""

from collections.abc import Mapping
from typing import Generic, TypeVar

from underwatch.scenario import keyed

T = TypeVar("T")


class Keyed(keyed.Keyed[T], Generic[T]):
    """Some entries of a result by name; `what` is the noun for one of them."""

    def __init__(self, entries: Mapping[str, T], what: str):
        super().__init__(entries)
        self._what = what

    def _unknown(self, key: object) -> str:
        return f"{key} is no {self._what} of this result"

    def __repr__(self) -> str:
        return f"<{len(self)} entries by {self._what}: {self._first(6)}>"
