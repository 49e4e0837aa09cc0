"""The social graph, given by a formula of seed, people and homophily.

Sixteen slots. Each slot is a matching, so ties are mutual by construction. A slot
takes an order of the adults of a unit (society/orders.py), in which similar adults are
side by side, and pairs place p with place p xor m. The slots of a layer take
consecutive m, so that eight adults in a row all meet each other (a workplace, a
class). Clustering arises from these groups.

| slots | layer | unit | m |
|---|---|---|---|
| 0–3 | local: neighbours | a neighbourhood of 512 | 1–4 |
| 4–11 | local: work, school, friends | a district | 1–8 |
| 12–15 | online | a circle of sixteen bands from the whole nation, by slot | 1 |

A pair is a *candidate* tie if a symmetric draw is below the product of both ends'
sociability. Two thirds of the candidates are open at the start; the others are the
*reserve* (response/ties.py opens and closes them). No pair is a candidate twice, and
none shares a household. Children are paired with children of their own age in the same
slots; such a tie opens when both have come of age (engine/vital.py). Until then
children have ties at home only. Home ties are neighbours by id and need no slot.

A last unit that is too small to pair its people joins the one before it.
"""

from typing import NamedTuple

import numpy as np

from underwatch.kernel.compile import kernel, nopython, nopython_nrt, parallel, prange
from underwatch.kernel.random import key, mixed, unshuffled
from underwatch.model.society.orders import ordered
from underwatch.model.society.people import ADULT, BLOCK, DISTRICT, POSTS, load_person
from underwatch.model.streams import SOCIETY

NEIGHBOURS, LOCAL, SLOTS = 4, 12, 16  # neighbours are 0..3, local 0..11, online 12..15
BAND = 4096  # people whose online partners in one slot are close in memory
CIRCLE = 16  # bands whose members of platforms meet in one online slot
LEAST = 16  # a last unit smaller than one part in so many joins the one before it
CLUSTER, CELL = 8, 32  # adults in a cell of an order: local (all of them meet), online
_NEIGHBOURS, _LOCAL, _ONLINE, _CIRCLE, _OPEN = (SOCIETY + 40 + 16 * i for i in range(5))
# The probability that a pair of mean sociability becomes a candidate, in 65,536ths: neighbours,
# local, online. Chosen so that adults have 1.4, 4.6 and 1.0 open ties, 7.0 in all.
READILY = np.array([35_187, 72_513, 32_037])
OPEN, OUT_OF = 2, 3  # of the candidates, two in three are open at the start
AGE = 2  # place of age among the four likenesses


@nopython
def units(total, size):
    """How many units of a size the citizens are in; a last one that is too small counts to the one
    before it."""
    whole, rest = total // size, total % size
    return max(1, whole + (rest * LEAST >= size))


@nopython
def circles(total):
    """How many circles of bands the citizens are in."""
    return units((total + BAND - 1) // BAND, CIRCLE)


@nopython_nrt
def _members(people, lo, hi, young, online, members, count):
    """Append the adults, or the children, of lo … hi − 1; how many there are then.

    online: members of platforms only.
    """
    for i in range(lo, hi):
        p = load_person(people, i)
        if (p.age < ADULT) == young and (not online or p.memberships & POSTS):
            members[count] = i
            count += 1
    return count


@nopython_nrt
def _pair(ties, order, first_slot, last_slot):
    """Pair the people of an order in the slots of a layer."""
    n = order.shape[0]
    for k in range(n):
        for slot in range(first_slot, last_slot):
            mate = k ^ (slot - first_slot + 1)
            if mate < n:
                ties[order[k], slot] = order[mate]


@nopython_nrt
def _pair_near(ties, people, unit, size, first_slot, last_slot, own_key, likeness):
    """The layers of one place: neighbours, and a district."""
    total = people.shape[1]
    start = unit * size
    end = total if unit == units(total, size) - 1 else start + size
    members = np.empty(end - start, np.int64)
    for young in range(2):
        count = _members(people, start, end, young, False, members, 0)
        cell, smooth = np.int64(CLUSTER), last_slot <= LOCAL
        order = ordered(members[:count], people, own_key, cell, smooth, likeness[young])
        _pair(ties, order, first_slot, last_slot)


@nopython_nrt
def _pair_online(ties, people, circle, circles, slot, seed, likeness):
    """One slot of one circle: sixteen bands of the nation, dealt by a keyed shuffle."""
    total = people.shape[1]
    bands = (total + BAND - 1) // BAND
    first = circle * CIRCLE
    last = bands if circle == circles - 1 else first + CIRCLE
    members = np.empty((last - first) * BAND, np.int64)
    deal = key(seed, _CIRCLE, slot)
    own_key = key(seed, _ONLINE + slot, circle)
    for young in range(2):
        count = 0
        for place in range(first, last):
            start = unshuffled(place, bands, deal, 0) * BAND
            end = min(total, start + BAND)
            count = _members(people, start, end, young, True, members, count)
        cell, smooth = np.int64(CELL), slot < LOCAL
        order = ordered(members[:count], people, own_key, cell, smooth, likeness[young])
        _pair(ties, order, slot, slot + 1)


@kernel
def readiness(a, b, layer):
    """How readily two citizens become candidates, 0..65536; the same from either end."""
    sociable = (128 + a.sociability) * (128 + b.sociability)  # 16,384 … 146,689
    return min(65536, READILY[layer] * sociable >> 16)


@nopython
def _choose(ties, closed, people, i, open_key):
    """Keep of citizen i's pairs the candidates; closed[i] gains a bit for each of the reserve."""
    total = people.shape[1]
    a = load_person(people, i)
    for back in range(SLOTS):
        slot = SLOTS - 1 - back
        j = np.int64(ties[i, slot])
        if j == total:
            continue
        again = j - i == load_person(people, j).place_in_home - a.place_in_home  # of one home
        for earlier in range(slot):
            again |= ties[i, earlier] == j
        ties[i, slot] = total
        if again:
            continue
        b = load_person(people, j)
        layer = (slot >= NEIGHBOURS) + (slot >= LOCAL)
        u = np.int64(mixed(mixed(mixed(open_key, slot), min(i, j)), max(i, j)) >> np.uint64(48))
        ready = readiness(a, b, layer)
        if u < ready:
            ties[i, slot] = j
            closed[i] |= np.uint16((u * OUT_OF >= ready * OPEN or a.age < ADULT) << slot)


@nopython_nrt
def _likeness(asked):
    """The homophily of adults and that of children, who meet children of their own age."""
    likeness = np.empty((2, 4))
    for t in range(4):
        likeness[0, t] = likeness[1, t] = asked[t]
    likeness[1, AGE] = 1
    return likeness


@nopython_nrt
def _pair_part(ties, people, part, parts, seed, likeness):
    """Pair the people of a part of the units of every layer: a circle in one online slot, at most
    a district or two, and every so many neighbourhoods."""
    total = people.shape[1]
    every, online = circles(total), SLOTS - LOCAL
    circle, slot = part // online, LOCAL + part % online
    _pair_online(ties, people, circle, every, slot, seed, likeness)
    for near in range(2):
        size = BLOCK if near else DISTRICT
        first, last = (0, NEIGHBOURS) if near else (NEIGHBOURS, LOCAL)
        begin, step = (part, parts) if near else (circle, every)
        end = units(total, size) if near or slot == LOCAL else 0
        for unit in range(begin, end, step):
            own_key = key(seed, _NEIGHBOURS if near else _LOCAL, unit)
            _pair_near(ties, people, unit, size, first, last, own_key, likeness)


@parallel
def weave(ties, closed, people, seed, census):
    """Fill ties[citizen, slot] with the candidate's id, or the population size for none.

    closed: uint16 (n), a bit for each slot whose candidate is not open at the start;
    people: PERSON by columns; census: one CENSUS record, whose likeness is the homophily.
    """
    total = people.shape[1]
    likeness = _likeness(census[0].likeness)
    for i in prange(total):
        closed[i] = np.uint16(0)
        for slot in range(SLOTS):
            ties[i, slot] = np.uint32(total)
    # One loop over the units of all layers: each parallel loop takes seconds to compile.
    parts = circles(total) * (SLOTS - LOCAL)
    for part in prange(parts):
        _pair_part(ties, people, np.int64(part), parts, seed, likeness)
    open_key = key(seed, _OPEN, 0)
    for i in prange(total):
        _choose(ties, closed, people, np.int64(i), open_key)


def empty_ties(citizens: int) -> np.ndarray:
    """An empty table of slots: uint32 (citizens, 16)."""
    return np.empty((citizens, SLOTS), np.uint32)


class Ties(NamedTuple):
    """The candidate ties of n citizens, open and closed, in one sequence."""

    contacts: np.ndarray  # uint32: the candidate contacts, by citizen and slot
    reach: np.ndarray  # uint32, or uint64 from 2^32 ties on (2 n + 1): where the local candidates
    # of citizen i begin (2 i), and the online ones (2 i + 1)
    slots: np.ndarray  # uint16 (n): a bit for each slot that holds a candidate
    closed: np.ndarray  # uint16 (n): a bit for each candidate that is not open at the start


def in_line(ties: np.ndarray, closed: np.ndarray | None = None) -> Ties:
    """The candidates of a table [citizen, slot] in one sequence, closed by the bits given."""
    there = ties < len(ties)
    slots = np.packbits(there, axis=1, bitorder="little").view(np.uint16)[:, 0]
    local = (1 << LOCAL) - 1
    layers = np.bitwise_count(np.column_stack([slots & local, slots & ~np.uint16(local)]))
    contacts = ties[there]
    reach = np.zeros(2 * len(ties) + 1, np.uint32 if len(contacts) < 1 << 32 else np.uint64)
    np.cumsum(layers, out=reach[1:])
    if closed is None:
        closed = np.zeros(len(ties), np.uint16)
    return Ties(contacts, reach, slots, closed)


def by_slot(ties: Ties, citizens: np.ndarray) -> np.ndarray:
    """The candidate contacts of some citizens by slot: uint32 (citizens, 16); n for nobody."""
    held = np.unpackbits(ties.slots[citizens, None].view(np.uint8), axis=1, bitorder="little")
    at = ties.reach[2 * citizens, None] + np.cumsum(held, axis=1) - held
    table = np.full(held.shape, len(ties.slots), np.uint32)
    table[held == 1] = ties.contacts[at[held == 1]]
    return table
