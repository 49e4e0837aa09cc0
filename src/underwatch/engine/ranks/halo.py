"""What a rank needs to hear of the candidate contacts of its citizens at other ranks.

Ties are mutual, so both sides know without a message who needs whom: the citizens of rank p with
a candidate at rank q are those whom q needs of p. The lists are fixed for the run.
"""

from collections.abc import Callable

import numpy as np

from underwatch.engine.ranks.messages import Messages
from underwatch.engine.ranks.packing import put, take
from underwatch.engine.ranks.partition import Partition
from underwatch.model.society.segments import SLOTS

_AT_ONCE = 1 << 18  # citizens whose candidates are looked at together


class Halo:
    """The citizens whom ranks share: those with a candidate at another rank.

    Args:
        part: who simulates whom.
        candidates: citizens (k) -> their candidates by slot, (k, 16); the population size for none.
        messages: between the ranks.

    Attributes:
        outgoing: rank -> own citizens whom it needs, ascending: uint32 (k).
        incoming: rank -> its citizens whom this rank needs, ascending: uint32 (k).
    """

    def __init__(
        self, part: Partition, candidates: Callable[[np.ndarray], np.ndarray], messages: Messages
    ):
        self.messages, self.total = messages, part.total
        lo, hi = part.of(messages.rank)
        others = [rank for rank in range(messages.size) if rank != messages.rank]
        own: dict[int, list[np.ndarray]] = {rank: [] for rank in others}
        theirs: dict[int, list[np.ndarray]] = {rank: [] for rank in others}
        for first in range(lo, hi, _AT_ONCE):
            citizens = np.arange(first, min(hi, first + _AT_ONCE))
            table = candidates(citizens).reshape(-1)
            away = np.flatnonzero((table < part.total) & ((table < lo) | (table >= hi)))
            far, near = table[away], citizens[away // SLOTS]
            owners = part.owners(far)
            for rank in np.unique(owners).tolist():
                own[rank].append(np.unique(near[owners == rank]).astype(np.uint32))
                theirs[rank].append(np.unique(far[owners == rank]).astype(np.uint32))
        self.outgoing = {rank: np.concatenate(who) for rank, who in own.items() if who}
        self.incoming = {
            rank: np.unique(np.concatenate(who)) for rank, who in theirs.items() if who
        }

    def exchange(self, kind: str, row: np.ndarray) -> None:
        """Bring one value of each candidate at another rank to its place in a row (n or longer)."""
        packed = {}
        for rank, citizens in self.outgoing.items():
            packed[rank] = np.empty(len(citizens), row.dtype)
            take(row, citizens, packed[rank])
        received = self.messages.swap(kind, packed, self.incoming, row.dtype)
        for rank, values in received.items():
            put(row, self.incoming[rank], values)

    def exchange_ages(self, first_column: np.ndarray) -> None:
        """Bring the ages of candidates at other ranks: the lowest byte of the first column."""
        packed = {r: first_column[c].astype(np.uint8) for r, c in self.outgoing.items()}
        received = self.messages.swap("births and deaths", packed, self.incoming, np.uint8)
        for rank, ages in received.items():
            who = self.incoming[rank]
            first_column[who] = first_column[who] & ~np.uint64(255) | ages
