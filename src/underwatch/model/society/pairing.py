"""Whom the sixteen slots of everyone pair them with, by a formula of seed and people.

Each slot is a matching, so ties are mutual by construction. A slot takes an order of the adults of
a unit (society/orders.py), in which similar adults are side by side, and pairs place p with place
p xor m. The slots of a layer take consecutive m, so that eight adults in a row all meet each other
(a workplace, a class). Clustering arises from these groups.

| slots | layer | unit | m |
|---|---|---|---|
| 0–3 | local: neighbours | a neighbourhood of 512 | 1–4 |
| 4–11 | local: work, school, friends | a district | 1–8 |
| 12–15 | online | a circle of sixteen bands from the whole nation, by slot | 1 |

Children are paired with children of their own age in the same slots. A last unit that is too small
to pair its people joins the one before it.
"""

from typing import NamedTuple

import numba
import numpy as np

from underwatch.kernel.compile import kernel, nopython, nopython_nrt, serial
from underwatch.kernel.random import key, unshuffled
from underwatch.model.society.orders import Room, empty_rooms, ordered, room_of
from underwatch.model.society.people import ADULT, BLOCK, DISTRICT, PERSON, POSTS
from underwatch.model.society.segments import LOCAL, SLOTS
from underwatch.model.streams import SOCIETY

NEIGHBOURS = 4  # slots 0..3; local slots are 0..11, online ones 12..15
ONLINE = SLOTS - LOCAL
BAND = 4096  # people whose online partners in one slot are close in memory
CIRCLE = 16  # bands whose members of platforms meet in one online slot
LEAST = 16  # a last unit smaller than one part in so many joins the one before it
CLUSTER, CELL = 8, 32  # adults in a cell of an order: local (all of them meet), online
_NEIGHBOURS, _LOCAL, _ONLINE, _CIRCLE = (SOCIETY + 40 + 16 * i for i in range(4))
AGE = 2  # place of age among the four likenesses
_BYTE = np.uint64(255)
_MEMBERSHIPS = np.uint64(8 * PERSON.fields["memberships"][1] - 64)  # bits of the second column
assert PERSON.fields["age"][1] == 0


class Pairs(NamedTuple):
    """Whom the slots of everyone pair them with, while the ties are woven: 40 bytes a citizen.

    Whoever is paired with nobody in a slot is paired with themselves.
    """

    near: np.ndarray  # uint16: 12 a citizen below `narrow`, the other's number in the district
    wide: np.ndarray  # uint32: 4 a citizen below `narrow`, then 16: the other's number
    narrow: int  # the citizen from whom on a number in the last district needs more than 16 bits


@kernel
def wide_place(pairs, i, slot):
    """Where in `wide` a slot of citizen i is."""
    if i < pairs.narrow:
        return ONLINE * i + slot - LOCAL
    return ONLINE * pairs.narrow + SLOTS * (i - pairs.narrow) + slot


@nopython
def paired(pairs, i, slot):
    """With whom a slot pairs citizen i; i for nobody."""
    if slot < LOCAL and i < pairs.narrow:
        return i // DISTRICT * DISTRICT + np.int64(pairs.near[LOCAL * i + slot])
    return np.int64(pairs.wide[wide_place(pairs, i, slot)])


@nopython
def _put(pairs, i, slot, j):
    """Pair citizen i with j in a slot."""
    if slot < LOCAL and i < pairs.narrow:
        pairs.near[LOCAL * i + slot] = np.uint16(j - i // DISTRICT * DISTRICT)
    else:
        pairs.wide[wide_place(pairs, i, slot)] = np.uint32(j)


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


@nopython
def _add_members(people, lo, hi, online, room, adults, children):
    """Append the adults of lo … hi − 1 to the members in a room, and the children. (How many adults
    there are then, how many children.)

    online: members of platforms only.
    """
    for i in range(np.uint64(lo), np.uint64(hi)):
        word = people[0, i]
        here = not online or people[1, i] >> _MEMBERSHIPS & np.uint64(POSTS) != 0
        young = word & _BYTE < np.uint64(ADULT)
        for row, count in ((0, adults), (1, children)):
            room.members[row, count], room.words[row, count] = np.uint32(i), word
        adults, children = adults + (here and not young), children + (here and young)
    return adults, children


@nopython
def _pair(pairs, order, first_slot, last_slot):
    """Pair the people of an order in the slots of a layer; some at its end with themselves."""
    n = order.shape[0]
    for k in range(n):
        for slot in range(first_slot, last_slot):
            mate = k ^ (slot - first_slot + 1)
            _put(pairs, np.int64(order[k]), slot, np.int64(order[mate if mate < n else k]))


@nopython
def _pair_near(pairs, people, unit, size, first_slot, last_slot, own_key, likeness, room):
    """The layers of one place: neighbours, and a district."""
    total = people.shape[1]
    start = unit * size
    end = total if unit == units(total, size) - 1 else start + size
    counts = _add_members(people, start, end, False, room, 0, 0)
    for young in range(2):
        n = counts[young]
        members, words = room.members[young, :n], room.words[young, :n]
        cell, smooth = np.int64(CLUSTER), last_slot <= LOCAL
        ordered(members, words, own_key, cell, smooth, likeness[young], room)
        _pair(pairs, room.order[:n], first_slot, last_slot)


@nopython
def _pair_online(pairs, people, circle, circles, slot, seed, likeness, room):
    """One slot of one circle: sixteen bands of the nation, dealt by a keyed shuffle."""
    total = people.shape[1]
    bands = (total + BAND - 1) // BAND
    first = circle * CIRCLE
    last = bands if circle == circles - 1 else first + CIRCLE
    deal = key(seed, _CIRCLE, slot)
    own_key = key(seed, _ONLINE + slot, circle)
    adults, children = 0, 0
    for place in range(first, last):
        start = unshuffled(place, bands, deal, 0) * BAND
        end = min(total, start + BAND)
        for i in range(start, end):
            _put(pairs, i, slot, i)
        adults, children = _add_members(people, start, end, True, room, adults, children)
    for young in range(2):
        n = children if young else adults
        members, words = room.members[young, :n], room.words[young, :n]
        cell, smooth = np.int64(CELL), slot < LOCAL
        ordered(members, words, own_key, cell, smooth, likeness[young], room)
        _pair(pairs, room.order[:n], slot, slot + 1)


@nopython_nrt
def likeness_of(asked):
    """The homophily of adults and that of children, who meet children of their own age."""
    likeness = np.empty((2, 4))
    for t in range(4):
        likeness[0, t] = likeness[1, t] = asked[t]
    likeness[1, AGE] = 1
    return likeness


def rooms_for(shares: int, total: int) -> Room:
    """A room for each share of the work, for the most people of whom an order is made: those of a
    circle, or of a district."""
    bands = -(-total // BAND)
    circle = bands - (units.py_func(bands, CIRCLE) - 1) * CIRCLE  # the last one
    district = total - (units.py_func(total, DISTRICT) - 1) * DISTRICT
    return empty_rooms(shares, min(total, max(circle * BAND, CIRCLE * BAND, district, DISTRICT)))


@nopython
def _pair_part(pairs, people, begin, end, online, part, parts, seed, likeness, room):
    """Pair a part of the units of every layer: a circle in one online slot, at most a district or
    two, and every so many neighbourhoods. The other arguments: as for `weave_pairs`."""
    total = people.shape[1]
    if part < online.shape[0]:
        circle, slot = online[part] // ONLINE, LOCAL + online[part] % ONLINE
        _pair_online(pairs, people, circle, circles(total), slot, seed, likeness, room)
    for near in range(2):
        size = BLOCK if near else DISTRICT
        first, last = (0, NEIGHBOURS) if near else (NEIGHBOURS, LOCAL)
        at, step = (part, parts) if near else (part // ONLINE, parts // ONLINE)
        after = units(total, size) if end == total else end // size
        if not near and part % ONLINE > 0:
            after = 0
        for unit in range(begin // size + at, after, step):
            own_key = key(seed, _NEIGHBOURS if near else _LOCAL, unit)
            _pair_near(pairs, people, unit, size, first, last, own_key, likeness, room)


@nopython
def pair_parts(pairs, people, begin, end, online, share, shares, parts, seed, likeness, rooms):
    """Pair one of several shares of all parts, in the room of that share."""
    room = room_of(rooms, share)
    for part in range(share * parts // shares, (share + 1) * parts // shares):
        _pair_part(pairs, people, begin, end, online, part, parts, seed, likeness, room)


@serial
def deal_bands(places, total, seed):
    """Fill int64 (4, bands) with the bands of each online slot in the order of its circles."""
    for s in range(ONLINE):
        deal = key(seed, _CIRCLE, LOCAL + s)
        for place in range(places.shape[1]):
            places[s, place] = unshuffled(np.int64(place), places.shape[1], deal, 0)


def empty_pairs(n: int) -> Pairs:
    """Room for the pairs of n citizens; what is never touched takes no memory."""
    last = units.py_func(n, DISTRICT) - 1  # too large for numbers of 16 bits?
    narrow = n if n - last * DISTRICT <= DISTRICT else last * DISTRICT
    wide = np.zeros(ONLINE * narrow + SLOTS * (n - narrow), np.uint32)
    return Pairs(np.zeros(LOCAL * narrow, np.uint16), wide, narrow)


def every_circle(n: int) -> np.ndarray:
    """The circles of all online slots, 4 × circle + slot − 12: int64 (k)."""
    return np.arange(ONLINE * units.py_func(-(-n // BAND), CIRCLE))


def threads() -> int:
    """How many threads there are: for compiled code, as a function that asks is never kept."""
    return int(numba.get_num_threads())
