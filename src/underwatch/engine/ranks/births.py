"""What births and comings of age at one rank change in the ties of citizens at others."""

import numpy as np

from underwatch.engine.ranks.halo import Halo
from underwatch.engine.ranks.partition import Partition
from underwatch.engine.vital import Month, candidates_of, put
from underwatch.model.society.ties import SLOTS

# A candidate tie of a citizen at another rank: whether the other end is a child, and whether the
# tie is closed.
_CHANGE = np.dtype([("citizen", "u4"), ("slot", "u1"), ("child", "?"), ("closed", "?")])


def share_events(world, passed: Month, part: Partition, halo: Halo) -> None:
    """Change the ties between ranks as the births and comings of age of a month change them.

    Each rank has changed the ends of its own citizens; it sends what the other ends become.
    """
    changed = np.union1d(passed.dead["citizen"], passed.new_adults).astype(np.int64)
    table = candidates_of(world, changed).astype(np.int64)
    own = part.of(halo.messages.rank)
    near, slot = np.nonzero((table < part.total) & ((table < own[0]) | (table >= own[1])))
    made = np.zeros(len(near), _CHANGE)
    made["citizen"], made["slot"] = table[near, slot], slot
    made["child"] = ~np.isin(changed[near], passed.new_adults)
    made["closed"] = world.slots[changed[near]] >> slot.astype(np.uint16) & 1 == 0
    owners = part.owners(made["citizen"])
    packed = {rank: made[owners == rank] for rank in halo.outgoing}
    received = halo.messages.swap("births and deaths", packed, halo.incoming, _CHANGE)
    for found in received.values():
        for s in range(SLOTS):
            _apply(world, found[found["slot"] == s], 1 << s)


def _apply(world, found: np.ndarray, bit: int) -> None:
    """Change the own ends of some ties in one slot."""
    who, mask = found["citizen"].astype(np.int64), np.uint16(bit)
    absent = world.absent[who]
    world.absent[who] = np.where(found["child"], absent | mask, absent & ~mask)
    put(world, who, bit, found["closed"])
