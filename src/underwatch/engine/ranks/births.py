"""What births and comings of age at one rank change in the ties of citizens at others."""

import numpy as np

from underwatch.engine.ranks.halo import Halo
from underwatch.engine.ranks.partition import Partition
from underwatch.engine.vital import Elsewhere, put

# A candidate tie of a citizen at another rank, and whether it is closed now.
_CHANGE = np.dtype([("citizen", "u4"), ("slot", "u1"), ("closed", "?")])


class OtherRanks(Elsewhere):
    """The other ranks, to whom a rank tells the ages and the ties that births change.

    Each rank changes the ends of its own citizens, and sends what the other ends become.
    """

    def __init__(self, part: Partition, halo: Halo):
        self.part, self.halo = part, halo

    def exchange_ages(self, world) -> None:
        """Bring the ages of candidates at other ranks."""
        self.halo.exchange_ages(world.people[0])

    def exchange_ties(
        self, world, citizens: np.ndarray, candidates: np.ndarray, born: bool
    ) -> None:
        """Change the own ends of ties to newborns, or new adults, of other ranks."""
        begin, end = self.part.of(self.halo.messages.rank)
        away = (candidates < self.part.total) & ((candidates < begin) | (candidates >= end))
        near, slot = np.nonzero(away)
        made = np.zeros(len(near), _CHANGE)
        made["citizen"], made["slot"] = candidates[near, slot], slot
        made["closed"] = world.slots[citizens[near]] >> slot.astype(np.uint16) & 1 == 0
        owners = self.part.owners(made["citizen"])
        packed = {rank: made[owners == rank] for rank in self.halo.outgoing}
        swap = self.halo.messages.swap
        received = swap("births and deaths", packed, self.halo.incoming, _CHANGE)
        for found in received.values():
            _apply(world, found, born)


def _apply(world, found: np.ndarray, born: bool) -> None:
    """Change the own ends of some ties; born: the other ends are newborns."""
    who, bits = found["citizen"].astype(np.int64), np.uint16(1) << found["slot"]
    if born:
        np.bitwise_or.at(world.absent, who, bits)
    else:
        np.bitwise_and.at(world.absent, who, ~bits)
    put(world, who, bits, found["closed"])
