"""Entries by name: a mapping whose missing keys suggest the nearest known one."""

from collections.abc import Iterator, Mapping
from typing import Generic, TypeVar

from underwatch.errors import did_you_mean

T = TypeVar("T")


class Keyed(Mapping[str, T], Generic[T]):
    """Some entries by name. A subclass says in `_unknown` what a missing key is not."""

    def __init__(self, entries: Mapping[str, T]):
        self._entries = dict(entries)

    def _unknown(self, key: object) -> str:
        return f"{key} is not known"

    def __getitem__(self, key: str) -> T:
        if key not in self._entries:
            raise KeyError(f"{self._unknown(key)}{did_you_mean(str(key), self)}")
        return self._entries[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def _first(self, most: int) -> str:
        """The first keys, for a `repr`."""
        return ", ".join(list(self)[:most]) + (", …" if len(self) > most else "")
