"""Which rank simulates whom: whole districts, in the order of their numbers."""

from typing import NamedTuple

import numpy as np

from underwatch.model.society.pairing import units
from underwatch.model.society.people import DISTRICT


class Partition(NamedTuple):
    """The citizens of every rank.

    bounds: int64 (ranks + 1): rank r simulates citizens bounds[r] … bounds[r + 1] − 1.
    """

    bounds: np.ndarray

    @property
    def total(self) -> int:
        """The number of citizens of the nation."""
        return int(self.bounds[-1])

    def of(self, rank: int) -> tuple[int, int]:
        """The first citizen of a rank, and the one after its last."""
        return int(self.bounds[rank]), int(self.bounds[rank + 1])

    def owners(self, citizens: np.ndarray) -> np.ndarray:
        """The ranks that simulate some citizens: int64 (k)."""
        return np.searchsorted(self.bounds, citizens, "right") - 1

    def pieces(self, lo: int, hi: int) -> list[tuple[int, int, int]]:
        """The ranks of citizens lo … hi − 1: (rank, first citizen, the one after its last)."""
        found = []
        at, end = np.searchsorted(self.bounds, [lo, hi - 1], "right").tolist()
        for rank in range(at - 1, end):
            first, last = max(lo, int(self.bounds[rank])), min(hi, int(self.bounds[rank + 1]))
            if first < last:
                found.append((rank, first, last))
        return found


def divisible(total: int) -> int:
    """The most ranks that a population can be divided among: its districts.

    A last district that is too small for ties of its own stays with the one before it.
    """
    return int(units.py_func(total, DISTRICT))


def partition(total: int, ranks: int) -> Partition:
    """Divide a population among ranks; the numbers of their districts differ by at most one.

    Examples:
        >>> partition(200_000, 2).bounds.tolist()  # the last 3,392 make no district of their own
        [0, 65536, 200000]
    """
    districts = divisible(total)
    bounds = np.arange(ranks + 1) * districts // ranks * DISTRICT
    bounds[-1] = total
    return Partition(bounds)


def mirrored(rotation: int, lo: int, hi: int, total: int) -> list[tuple[int, int]]:
    """The lookalikes of citizens lo … hi − 1: one or two ranges (first, the one after the last).

    Examples:
        >>> mirrored(5, 0, 3, 10), mirrored(1, 0, 4, 10)
        ([(3, 6)], [(0, 2), (8, 10)])
    """
    first, end = rotation - hi + 1, rotation - lo + 1
    found = [(max(0, first), max(0, end)), (total + first, total + min(0, end))]
    if first >= 0:
        found = found[:1]
    return [(a, b) for a, b in found if a < b]
