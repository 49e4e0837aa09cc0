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

import numba
import numpy as np

from underwatch.kernel.bits import ones
from underwatch.kernel.compile import (
    fetch,
    kernel,
    nopython,
    nopython_nrt,
    out_of_line,
    parallel,
    prange,
    serial,
)
from underwatch.kernel.random import key, mixed, unshuffled
from underwatch.model.society.orders import ordered, room_for
from underwatch.model.society.people import ADULT, BLOCK, DISTRICT, PERSON, POSTS
from underwatch.model.society.segments import (
    LOCAL,
    SEGMENT,
    SLOTS,
    Ties,
    near_slots,
    write_segment,
)
from underwatch.model.streams import SOCIETY

NEIGHBOURS = 4  # slots 0..3; local slots are 0..11, online ones 12..15
ONLINE = SLOTS - LOCAL
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
_AT_ONCE = 64  # citizens whose pairs are weighed at once, while those of the next are fetched
_BYTE = np.uint64(255)
_MEMBERSHIPS, _PLACE_IN_HOME = (
    np.uint64(8 * PERSON.fields[name][1] - 64) for name in ("memberships", "place_in_home")
)  # bits of the second column of a PERSON; the sociability is the lowest
assert PERSON.fields["age"][1] == 0 and PERSON.fields["sociability"][1] == 8


class Pairs(NamedTuple):
    """Whom the slots of everyone pair them with, while the ties are woven: 40 bytes a citizen.

    Whoever is paired with nobody in a slot is paired with themselves.
    """

    near: np.ndarray  # uint16: 12 a citizen below `narrow`, the other's number in the district
    wide: np.ndarray  # uint32: 4 a citizen below `narrow`, then 16: the other's number
    narrow: int  # the citizen from whom on a number in the last district needs more than 16 bits


@kernel
def _wide_place(pairs, i, slot):
    """Where in `wide` a slot of citizen i is."""
    if i < pairs.narrow:
        return ONLINE * i + slot - LOCAL
    return ONLINE * pairs.narrow + SLOTS * (i - pairs.narrow) + slot


@nopython
def paired(pairs, i, slot):
    """With whom a slot pairs citizen i; i for nobody."""
    if slot < LOCAL and i < pairs.narrow:
        return i // DISTRICT * DISTRICT + np.int64(pairs.near[LOCAL * i + slot])
    return np.int64(pairs.wide[_wide_place(pairs, i, slot)])


@nopython
def _put(pairs, i, slot, j):
    """Pair citizen i with j in a slot."""
    if slot < LOCAL and i < pairs.narrow:
        pairs.near[LOCAL * i + slot] = np.uint16(j - i // DISTRICT * DISTRICT)
    else:
        pairs.wide[_wide_place(pairs, i, slot)] = np.uint32(j)


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


@kernel
def readiness(a, b, layer):
    """How readily two citizens become candidates, 0..65536, by their sociabilities; the same from
    either end."""
    sociable = (np.uint64(128) + a) * (np.uint64(128) + b)  # 16,384 … 146,689
    return min(np.uint64(65536), np.uint64(READILY[layer]) * sociable >> np.uint64(16))


@nopython
def _fetch_online(pairs, people, lo, hi):
    """Fetch those with whom the online slots pair citizens lo … hi − 1."""
    if hi <= lo:
        return
    for place in range(_wide_place(pairs, lo, LOCAL), _wide_place(pairs, hi - 1, SLOTS - 1) + 1):
        fetch(people[1], pairs.wide[place])


@nopython
def _read_pairs(pairs, lo, hi, rows):
    """Write with whom citizens lo … hi − 1 are paired into rows[slot, citizen]."""
    for i in range(lo, hi):
        for slot in range(SLOTS):
            rows[slot, i - lo] = np.uint32(paired(pairs, i, slot))


@nopython
def _choose_slot(people, first, mates, slot, layer, slot_key, others, held, opened):
    """Set the bit of a slot for those whose pair in it is a candidate, and for open ones.

    mates: with whom the citizens from `first` on are paired; others: room for what is read of
    these. The rest is vectors.
    """
    for k in range(np.uint64(mates.shape[0])):
        others[k] = people[1, mates[k]]
    for k in range(np.uint64(mates.shape[0])):
        i, j = np.uint64(first) + k, np.uint64(mates[k])
        own, other = people[1, i], others[k]
        # Nobody of the same home, and so not the citizen either.
        elsewhere = j - i != (other >> _PLACE_IN_HOME & _BYTE) - (own >> _PLACE_IN_HOME & _BYTE)
        chance = readiness(own & _BYTE, other & _BYTE, layer) * np.uint64(elsewhere)
        drawn = mixed(mixed(slot_key, min(i, j)), max(i, j)) >> np.uint64(48)
        held[k] |= np.uint64(drawn < chance) << np.uint64(slot)
        is_open = drawn * np.uint64(OUT_OF) < chance * np.uint64(OPEN)
        opened[k] |= np.uint64(is_open) << np.uint64(slot)


@nopython
def _find_again(rows, again):
    """Set the bits of slots that pair two citizens who are paired in an earlier slot.

    The slots of one layer near by pair everyone with others. Kept apart: where it is inlined, the
    compiler writes each pair of slots out, which takes three seconds and is no faster.
    """
    out_of_line()
    for slot in range(NEIGHBOURS, SLOTS):
        for earlier in range(slot if slot >= LOCAL else NEIGHBOURS):
            for k in range(np.uint64(again.shape[0])):
                same = np.uint32(rows[earlier, k] == rows[slot, k])
                again[k] |= same << np.uint32(slot)


@nopython_nrt
def _choose(pairs, ties, people, lo, hi, open_key):
    """Set which pairs of the segment lo … hi − 1 are candidate ties, and which of these are open.

    Without branches, for some citizens at once.
    """
    rows, again = np.empty((SLOTS, _AT_ONCE + 16), np.uint32), np.empty(_AT_ONCE, np.uint32)
    others, held = np.empty(_AT_ONCE, np.uint64), np.empty(_AT_ONCE, np.uint64)
    opened = np.empty(_AT_ONCE, np.uint64)
    near, every, mask = 0, 0, near_slots(ties, lo)
    _fetch_online(pairs, people, lo, min(hi, lo + _AT_ONCE))
    for first in range(lo, hi, _AT_ONCE):
        last = min(hi, first + _AT_ONCE)
        m = last - first
        _fetch_online(pairs, people, last, min(hi, last + _AT_ONCE))
        _read_pairs(pairs, first, last, rows)
        held[:m], opened[:m], again[:m] = 0, 0, 0
        for slot in range(SLOTS):
            layer = (slot >= NEIGHBOURS) + (slot >= LOCAL)
            slot_key = mixed(open_key, slot)
            _choose_slot(people, first, rows[slot, :m], slot, layer, slot_key, others, held, opened)
        _find_again(rows, again[:m])
        for k in range(np.uint64(m)):
            i = np.uint64(first) + k
            once = np.int64(held[k]) & ~np.int64(again[k])
            adult = people[0, i] & _BYTE >= np.uint64(ADULT)
            ties.candidate_slots[i] = np.uint16(once)
            ties.slots[i] = np.uint16(once & np.int64(opened[k]) if adult else 0)
            near, every = near + ones(once & mask), every + ones(once)
    if hi > lo:
        ties.starts[0, lo // SEGMENT + 1], ties.starts[1, lo // SEGMENT + 1] = near, every - near


@nopython_nrt
def _store(pairs, ties, lo, hi):
    """Store the ties of the segment lo … hi − 1."""
    table, at = np.empty((hi - lo, SLOTS), np.uint32), np.empty(4, np.int64)
    for i in range(lo, hi):
        for slot in range(SLOTS):
            table[i - lo, slot] = np.uint32(paired(pairs, i, slot))
    write_segment(ties, lo, hi, table, ties.slots[lo:hi], at)


@nopython_nrt
def _likeness(asked):
    """The homophily of adults and that of children, who meet children of their own age."""
    likeness = np.empty((2, 4))
    for t in range(4):
        likeness[0, t] = likeness[1, t] = asked[t]
    likeness[1, AGE] = 1
    return likeness


@nopython
def _largest_unit(total):
    """The most people of whom an order is made: of a circle, or of a district."""
    bands = (total + BAND - 1) // BAND
    circle = bands - (circles(total) - 1) * CIRCLE  # the last one
    district = total - (units(total, DISTRICT) - 1) * DISTRICT
    return max(min(total, max(circle, CIRCLE) * BAND), min(total, max(district, DISTRICT)))


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


@nopython_nrt
def _pair_parts(pairs, people, begin, end, online, share, shares, parts, seed, likeness):
    """Pair one of several shares of all parts, in one room."""
    room = room_for(_largest_unit(people.shape[1]))
    for part in range(share * parts // shares, (share + 1) * parts // shares):
        _pair_part(pairs, people, begin, end, online, part, parts, seed, likeness, room)


@parallel
def weave_pairs(pairs, ties, people, begin, end, online, shares, choosing, seed, census):
    """Pair citizens begin … end − 1, who live in whole districts, in the local slots, and everybody
    in some circles; and set which pairs of these citizens are candidates, which of them open.

    ties: of `starts`, element s + 1 gains how many candidates segment s has.
    online: int64 (k), 4 × circle + slot − 12; shares: into how many the first is divided, see
    `threads`, and 0 to leave it out; choosing: whether to do the second; census: one CENSUS
    record, whose likeness is the homophily.
    """
    likeness = _likeness(census[0].likeness)
    # One loop over the units of all layers: each parallel loop takes seconds to compile.
    parts = circles(people.shape[1]) * ONLINE
    for share in prange(shares):
        _pair_parts(
            pairs, people, begin, end, online, np.int64(share), shares, parts, seed, likeness
        )
    open_key = key(seed, _OPEN, 0)
    for part in prange((end - begin) * choosing // SEGMENT + choosing):
        lo = begin + np.int64(part) * SEGMENT
        _choose(pairs, ties, people, lo, min(end, lo + SEGMENT), open_key)


@parallel
def store_ties(pairs, ties, begin, end):
    """Store the ties of citizens begin … end − 1, segment by segment."""
    for s in prange((end - begin + SEGMENT - 1) // SEGMENT):
        lo = begin + np.int64(s) * SEGMENT
        _store(pairs, ties, lo, min(end, lo + SEGMENT))


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


def threads() -> int:
    """How many threads there are: for compiled code, as a function that asks is never kept."""
    return int(numba.get_num_threads())


def chosen_from(
    pairs: Pairs, people: np.ndarray, begin: int, end: int, seed: int, census: np.ndarray,
    online: np.ndarray, shares: int,
) -> Ties:  # fmt: skip
    """The ties of citizens begin … end − 1 from their pairs; the arguments of `weave_pairs`.

    Those of others are not set.
    """
    n = people.shape[1]
    nowhere = np.zeros(0, np.uint16), np.zeros(0, np.uint32)
    starts = np.zeros((2, -(-n // SEGMENT) + 1), np.int64)
    ties = Ties(*nowhere, starts, np.array([pairs.narrow]), *np.zeros((2, n), np.uint16))
    weave_pairs(pairs, ties, people, begin, end, online, shares, 1, seed, census)
    np.cumsum(starts, axis=1, out=starts)
    near, wide = starts[:, -1].tolist()
    ties = ties._replace(near=np.empty(near + 1, np.uint16), wide=np.empty(wide + 1, np.uint32))
    ties.near[-1], ties.wide[-1] = 0, 0
    store_ties(pairs, ties, begin, end)
    return ties


def weave(people: np.ndarray, seed: int, census: np.ndarray) -> Ties:
    """The ties of a nation.

    people: PERSON by columns; census: one CENSUS record, whose likeness is the homophily.
    """
    n = people.shape[1]
    every = np.arange(ONLINE * units.py_func(-(-n // BAND), CIRCLE))
    return chosen_from(empty_pairs(n), people, 0, n, seed, census, every, threads())
