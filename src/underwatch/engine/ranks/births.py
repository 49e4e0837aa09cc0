"""What births and comings of age at one rank change in the ties of citizens at others."""

import numpy as np

from underwatch.engine.ranks.halo import Halo
from underwatch.engine.ranks.partition import Partition
from underwatch.engine.vital import Others, put
from underwatch.model.society.segments import SLOTS, by_slot

# A candidate tie of a citizen at another rank: whether the other end is a child, and whether the
# tie is closed.
_CHANGE = np.dtype([("citizen", "u4"), ("slot", "u1"), ("child", "?"), ("closed", "?")])


class OtherRanks(Others):
    """The other ranks, to whom a rank tells the ages and the ties that births change.

    Each rank changes the ends of its own citizens, and sends what the other ends become.
    """

    def __init__(self, part: Partition, halo: Halo):
        self.part, self.halo = part, halo

    def exchange_ages(self, world) -> None:
        """Bring the ages of candidates at other ranks."""
        self.halo.exchange_ages(world.people[0])

    def exchange_ties(self, world, born: np.ndarray, new_adults: np.ndarray) -> None:
        """Change the own ends of ties to newborns and new adults of other ranks."""
        begin, end = self.part.of(self.halo.messages.rank)
        changed = np.concatenate([born, new_adults])
        table = by_slot(world, changed).astype(np.int64)
        near, slot = np.nonzero((table < self.part.total) & ((table < begin) | (table >= end)))
        made = np.zeros(len(near), _CHANGE)
        made["citizen"], made["slot"], made["child"] = table[near, slot], slot, near < len(born)
        made["closed"] = world.slots[changed[near]] >> slot.astype(np.uint16) & 1 == 0
        owners = self.part.owners(made["citizen"])
        packed = {rank: made[owners == rank] for rank in self.halo.outgoing}
        swap = self.halo.messages.swap
        received = swap("births and deaths", packed, self.halo.incoming, _CHANGE)
        for found in received.values():
            for s in range(SLOTS):
                _apply(world, found[found["slot"] == s], 1 << s)


def _apply(world, found: np.ndarray, bit: int) -> None:
    """Change the own ends of some ties in one slot."""
    who, mask = found["citizen"].astype(np.int64), np.uint16(bit)
    absent = world.absent[who]
    world.absent[who] = np.where(found["child"], absent | mask, absent & ~mask)
    put(world, who, bit, found["closed"])
