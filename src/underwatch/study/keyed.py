"""A mapping with a short `repr`, whose missing keys suggest the nearest known one."""

from collections.abc import Iterator, Mapping
from typing import Generic, TypeVar

from underwatch.errors import did_you_mean

T = TypeVar("T")


class Keyed(Mapping[str, T], Generic[T]):
    """Some entries of a result by name; `what` is the noun for one of them."""

    def __init__(self, entries: Mapping[str, T], what: str):
        self._entries, self._what = dict(entries), what

    def __getitem__(self, key: str) -> T:
        if key not in self._entries:
            raise KeyError(f"{key} is no {self._what} of this result{did_you_mean(str(key), self)}")
        return self._entries[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def __repr__(self) -> str:
        shown = ", ".join(list(self)[:6]) + (", …" if len(self) > 6 else "")
        return f"<{len(self)} entries by {self._what}: {shown}>"
