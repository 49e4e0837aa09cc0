"""The social graph, given by a formula.

Slot k is a perfect matching: a keyed shuffle arranges people in pairs. A pair
becomes a tie if a symmetric draw is below the product of both ends' sociability
and their likeness. So ties are mutual by construction, differ in number, and
are more frequent among similar people (homophily). Children have
ties at home only. Home ties are neighbours by id and need no slot.

| slots | layer | pairs drawn within |
|---|---|---|
| 0–3 | local: neighbours | a neighbourhood of 512 |
| 4–11 | local: work, school, friends | the district |
| 12–15 | online | the nation, by a reflection of shuffled bands |
"""

from typing import NamedTuple

import numpy as np

from underwatch.kernel.compile import kernel, nopython, parallel, prange
from underwatch.kernel.random import draw, shuffled, unshuffled
from underwatch.model.society.people import ADULT, BLOCK, DISTRICT, POSTS
from underwatch.model.streams import SOCIETY

NEIGHBOURS, LOCAL, SLOTS = 4, 12, 16  # neighbours are 0..3, local 0..11, online 12..15
BAND = 4096  # people whose online partners in one slot are close in memory
_PAIR, _BAND, _REFLECT, _OPEN = (SOCIETY + 100 + 20 * i for i in range(4))


@nopython
def _paired(x, size, key, stream):
    """The other end of x's pair in a keyed matching of range(size); x if alone."""
    mate = shuffled(x, size, key, stream) ^ 1
    return x if mate >= size else unshuffled(mate, size, key, stream)


@nopython
def partner(i, slot, total, seed):
    """The citizen whom slot `slot` offers to citizen i; i itself if nobody."""
    if slot < LOCAL:
        start = i // DISTRICT * DISTRICT
        size = min(DISTRICT, total - start)
        if slot < NEIGHBOURS:
            start = i // BLOCK * BLOCK
            size = min(BLOCK, total - start)
        return start + _paired(i - start, size, seed + start, _PAIR + slot)
    start = i // BAND * BAND
    size = min(BAND, total - start)
    there = start + shuffled(i - start, size, seed + start, _BAND + slot)
    there = (draw(seed, _REFLECT, slot, 0) % total - there) % total
    start = there // BAND * BAND
    size = min(BAND, total - start)
    return start + unshuffled(there - start, size, seed + start, _BAND + slot)


@nopython
def weight(a, b, online, homophily):
    """The probability that a pair becomes a tie, 0 to 65,536; symmetric."""
    if a.age < ADULT or b.age < ADULT:
        return 0
    if online and (a.memberships & b.memberships & POSTS) == 0:
        return 0
    # int64 first: the columns are unsigned, and their difference would wrap.
    opinion = abs(np.int64(a.conviction) - np.int64(b.conviction))
    distance = (opinion + abs(np.int64(a.income) - np.int64(b.income))) >> 1
    likeness = 65536 - ((homophily * distance) >> 8)
    sociable = (128 + np.int64(a.sociability)) * (128 + np.int64(b.sociability))  # 16,384 … 146,689
    return min(65536, (likeness * min(65536, sociable)) >> 16)


@parallel
def weave(ties, people, seed, homophily):
    """Fill ties[citizen, slot] with the contact's id, or the population size for none."""
    total = people.shape[0]
    for block in prange((total + BAND - 1) // BAND):
        for i in range(block * BAND, min(total, block * BAND + BAND)):
            for slot in range(SLOTS):
                j = partner(i, slot, total, seed)
                ties[i, slot] = total
                if j != i:
                    low, high = min(i, j), max(i, j)
                    readily = weight(people[i], people[j], slot >= LOCAL, homophily)
                    if readily > 0:  # spare the draw
                        u = draw(seed + low, _OPEN + slot, high & 0xFFFFFFFF, low) >> 16
                        if u < readily:
                            ties[i, slot] = j


def empty_ties(citizens: int) -> np.ndarray:
    """An empty table of slots: uint32 (citizens, 16)."""
    return np.empty((citizens, SLOTS), np.uint32)


class Ties(NamedTuple):
    """The ties of n citizens in one sequence; two slots in three are empty."""

    contacts: np.ndarray  # uint32: the contacts, by citizen and slot
    reach: np.ndarray  # uint32, or uint64 from 2^32 ties on (2 n + 1): where the local contacts of
    # citizen i begin (2 i), and the online ones (2 i + 1)
    slots: np.ndarray  # uint16 (n): a bit for each slot that holds a tie


def in_line(ties: np.ndarray) -> Ties:
    """The ties of a table [citizen, slot] in one sequence."""
    there = ties < len(ties)
    slots = np.packbits(there, axis=1, bitorder="little").view(np.uint16)[:, 0]
    local = (1 << LOCAL) - 1
    layers = np.bitwise_count(np.column_stack([slots & local, slots & ~np.uint16(local)]))
    contacts = ties[there]
    reach = np.zeros(2 * len(ties) + 1, np.uint32 if len(contacts) < 1 << 32 else np.uint64)
    np.cumsum(layers, out=reach[1:])
    return Ties(contacts, reach, slots)


def by_slot(ties: Ties, citizens: np.ndarray) -> np.ndarray:
    """The contacts of some citizens by slot: uint32 (citizens, 16); n for nobody."""
    held = np.unpackbits(ties.slots[citizens, None].view(np.uint8), axis=1, bitorder="little")
    at = ties.reach[2 * citizens, None] + np.cumsum(held, axis=1) - held
    table = np.full(held.shape, len(ties.slots), np.uint32)
    table[held == 1] = ties.contacts[at[held == 1]]
    return table


@kernel
def ones(bits):
    """How many of sixteen bits are set."""
    bits -= bits >> 1 & 0x5555
    bits = (bits & 0x3333) + (bits >> 2 & 0x3333)
    return (bits + (bits >> 4) & 0x0F0F) * 0x0101 >> 8 & 31


@kernel
def lowest(bits):
    """The place of the lowest bit that is set, of sixteen."""
    return ones((bits & -bits) - 1)


@kernel
def contact(ties, i, slot):
    """The contact of citizen i in a slot; n if there is none."""
    held = np.int64(ties.slots[i])
    if held >> slot & 1 == 0:
        return ties.slots.shape[0]
    return np.int64(ties.contacts[np.int64(ties.reach[2 * i]) + ones(held & ((1 << slot) - 1))])
