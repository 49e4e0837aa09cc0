"""Orders of adults in which those near each other are alike: the ground of homophily.

An order takes the adults of one unit (a neighbourhood, a district, a circle of
members of platforms) and sorts them by what each *shows* of four traits. A
person shows the own value of a trait with chance q, otherwise one drawn from
the unit's margin. Two people who stand side by side show about the same values,
so the correlation of their true values is q², and q² is the homophily asked
for, divided by what the width of a cell leaves over.

Cells are cut by group first, then by each trait asked for into as many steps; the
order within a cell is drawn, or follows the last trait. Every second row runs backwards
(boustrophedon), so
that the next cell is a neighbour, too. The order
is closed to a ring and starts at a drawn place: those left over at its end are
of no particular kind.
"""

from typing import NamedTuple

import numpy as np

from underwatch.kernel.compile import nopython
from underwatch.kernel.random import mixed
from underwatch.kernel.sparse import sparse
from underwatch.model.society.people import GROUPS, PERSON

TRAITS = 3  # opinion, income, age; the group is the fourth likeness
_STEPS = 1023  # a trait is cut into so many steps at most
# Bits of a sort key, behind the cell: a place drawn within it, and the place in the unit. It is
# sorted by so many bits at a time: few people by fewer.
_WITHIN, _PLACE, _DIGIT, _SHORT = 12, 20, 11, 8
_FEW = 1024  # people
_PASSES = 4
_BLOCK = 256  # people whose cells are computed at once, in the nearest cache
_APART = 16  # between rows: rows 2 KiB apart would share few sets of lines of a cache
_LOW, _32 = np.uint64(0xFFFFFFFF), np.uint64(32)
# Where the traits and the group are in the first column of a PERSON: in the order of likenesses.
_SHIFTS = np.array([8 * PERSON.fields[k][1] for k in ("conviction", "income", "age", "group")])
assert max(_SHIFTS) < 64


class Room(NamedTuple):
    """Where the orders of units of up to n people are made, one after the other."""

    members: np.ndarray  # uint32 (2, n): adults, and children
    words: np.ndarray  # uint64 (2, n): their first column of PERSON
    keys: np.ndarray  # uint64 (2, n): sort keys
    order: np.ndarray  # uint32 (n)
    places: np.ndarray  # uint32 (passes, 2^11): where keys with each value of some bits begin
    below: np.ndarray  # int64 (4, 257): people of lower quantiles of each trait; of lower groups
    ranges: np.ndarray  # uint64 (3, 256): the same, and 32 bits higher how many have the quantile
    found: np.ndarray  # int64 (3, 256): the quantiles that somebody has, in order
    most: np.ndarray  # float64 (3, 1024): what lies between so many steps of a trait; -1 = unknown
    cells: np.ndarray  # uint64 (3, 4): steps of a trait, 32 bits higher the chance to show it
    block: np.ndarray  # uint64 (7, 256): what is known of the cells of a block of people


def empty_rooms(many: int, n: int) -> Room:
    """Several rooms for units of up to n people, side by side: of each array a row for each.

    One thread makes them for all, as memory that another one frees stays with that thread.
    """
    return Room(
        sparse((many, 2, n), np.uint32), sparse((many, 2, n), np.uint64),
        sparse((many, 2, n), np.uint64), sparse((many, n), np.uint32),
        np.empty((many, _PASSES, 1 << _DIGIT), np.uint32),
        np.empty((many, TRAITS + 1, 257), np.int64), np.empty((many, TRAITS, 256), np.uint64),
        np.empty((many, TRAITS, 256), np.int64),
        np.empty((many, TRAITS, _STEPS + 1)), np.empty((many, TRAITS, GROUPS), np.uint64),
        np.empty((many, 7, _BLOCK + _APART), np.uint64),
    )  # fmt: skip


@nopython
def room_of(rooms, k):
    """One of several rooms."""
    return Room(
        rooms.members[k], rooms.words[k], rooms.keys[k], rooms.order[k], rooms.places[k],
        rooms.below[k], rooms.ranges[k], rooms.found[k], rooms.most[k], rooms.cells[k],
        rooms.block[k],
    )  # fmt: skip


@nopython
def _margins(words, room):
    """Count a unit's people below each quantile of a trait, and below each group."""
    below = room.below
    for t in range(TRAITS + 1):
        for v in range(257):
            below[t, v] = 0
    for x in range(np.uint64(words.shape[0])):
        for t in range(TRAITS + 1):
            below[t, (words[x] >> np.uint64(_SHIFTS[t]) & np.uint64(255)) + np.uint64(1)] += 1
    for t in range(TRAITS):
        for v in range(np.uint64(256)):
            there = below[t, v + np.uint64(1)]
            room.ranges[t, v] = np.uint64(below[t, v] | there << 32)
            below[t, v + np.uint64(1)] = below[t, v] + there
    for g in range(GROUPS):
        below[TRAITS, g + 1] += below[TRAITS, g]


@nopython
def _find(below, found):
    """Write the quantiles that somebody has, in order. How many there are."""
    many = 0
    for v in range(256):
        found[many] = v
        many += below[v + 1] > below[v]
    return many


@nopython
def _between(below, found, steps):
    """The share of a trait's variance that lies between its steps, if each holds as many people."""
    n, many, q = below[256], _find(below, found), 0
    total, squares, between = 0.0, 0.0, 0.0
    for step in range(steps):
        low, high = n * step / steps, n * (step + 1) / steps
        part = 0.0
        while q < many:
            v = found[q]
            there = min(high, below[v + 1]) - max(low, below[v])
            if there > 0:
                part += there * v
                squares += there * v * v
            if below[v + 1] > high:
                break
            q += 1
        total += part
        between += part * part * steps / n
    mean = total * total / n
    return (between - mean) / (squares - mean) if squares - mean > 0.5 else 1.0


@nopython
def _cut(room, g, people, size, likeness):
    """Set into how many steps each trait is cut in a group, and the chance to show one's own.

    people: adults who share a cell's group; size: how many of them a cell should hold.
    """
    asked = 0
    for t in range(TRAITS):
        room.cells[t, g] = np.uint64(1)
        asked += likeness[t] > 0
    left = max(1.0, people / size)
    for t in range(TRAITS):
        if likeness[t] > 0:
            fine = min(1.0 * _STEPS, max(1.0, np.round(left ** (1 / asked))))
            left, asked = max(1.0, left / fine), asked - 1
            steps = np.int64(fine)
            if room.most[t, steps] < 0:
                room.most[t, steps] = max(0.0, _between(room.below[t], room.found[t], steps))
            most = room.most[t, steps]
            share = 1.0 if likeness[t] >= most else likeness[t] / most
            shown = np.int64(65536 * np.sqrt(share))
            room.cells[t, g] = np.uint64(shown << 32 | steps)


@nopython
def _most(room, t):
    """The most steps into which a trait is cut in any group."""
    most = np.int64(1)
    for g in range(GROUPS):
        most = max(most, np.int64(room.cells[t, g] & _LOW))
    return most


@nopython
def _start_block(words, members, own_key, own_group, room):
    """Set each one's hash, the group shown, and the place within a cell."""
    n, groups = np.uint64(room.below[0, 256]), room.below[TRAITS]
    first, second, third = np.uint64(groups[1]), np.uint64(groups[2]), np.uint64(groups[3])
    shift, shows = np.uint64(_SHIFTS[TRAITS]), np.uint64(max(0, own_group))
    chances, at, backwards = room.block[0], room.block[1], room.block[2]
    within, shown = room.block[3], room.block[4]
    for x in range(np.uint64(words.shape[0])):
        chance = mixed(own_key, members[x])
        u = mixed(chance, TRAITS) >> np.uint64(16)
        rank = (u >> np.uint64(16) & _LOW) * n >> _32
        other = np.uint64(rank >= first) + np.uint64(rank >= second) + np.uint64(rank >= third)
        own = words[x] >> shift & np.uint64(255)
        g = own if u & np.uint64(0xFFFF) < shows else other
        g = g if own_group >= 0 else np.uint64(0)
        chances[x], at[x], shown[x], backwards[x] = chance, g, g, g & np.uint64(1)
        within[x] = mixed(chance, TRAITS + 1) >> np.uint64(64 - _WITHIN)


@nopython
def _cut_block(words, t, most, smooth, room):
    """Cut each one's cell by a trait. Tables are read in a loop of its own, the rest is vectors."""
    chances, at, backwards = room.block[0], room.block[1], room.block[2]
    within, shown, here, cells = room.block[3], room.block[4], room.block[5], room.block[6]
    n, shift, many = room.below[0, 256], np.uint64(_SHIFTS[t]), np.uint64(most)
    kept = np.uint64(not smooth)
    for x in range(np.uint64(words.shape[0])):
        here[x] = room.ranges[t, words[x] >> shift & np.uint64(255)]
        cells[x] = room.cells[t, shown[x]]
    for x in range(np.uint64(words.shape[0])):
        u = mixed(chances[x], t) >> np.uint64(8)
        quantile, steps = u >> np.uint64(16) & np.uint64(0xFFFF), cells[x] & _LOW
        rank = ((here[x] & _LOW) << np.uint64(16)) + (here[x] >> _32) * quantile
        # Below 2^34, so the quotient of floats has the right whole part, and is faster.
        own = np.uint64(np.int64(np.int64(rank) / n))
        step = (own if u & np.uint64(0xFFFF) < cells[x] >> _32 else quantile) * steps
        step = (steps << np.uint64(16)) - np.uint64(1) - step if backwards[x] else step
        rest = (step & np.uint64(0xFFFF)) >> np.uint64(16 - _WITHIN)
        within[x] = within[x] * kept + rest * (np.uint64(1) - kept)  # without a branch
        step >>= np.uint64(16)
        at[x], backwards[x] = at[x] * many + step, backwards[x] ^ step & np.uint64(1)


@nopython
def _by_bits(room, n, bits):
    """Sort n of `room.keys` by `bits` bits above the place. The row in which they are then.

    A radix sort. Unlike a comparison of keys, none of its steps has to be guessed by the processor.
    Equal ones stay as they stand.
    """
    digit = _SHORT if n < _FEW else _DIGIT
    passes = (bits + digit - 1) // digit
    width = (bits + passes - 1) // passes
    mask, many = np.uint64((1 << width) - 1), np.uint64(1 << width)
    keys = room.keys[0]
    for turn in range(passes):
        for k in range(many):
            room.places[turn, k] = 0
    for k in range(np.uint64(n)):
        key = keys[k] >> np.uint64(_PLACE)
        for turn in range(passes):
            room.places[turn, key & mask] += np.uint32(1)
            key >>= np.uint64(width)
    for turn in range(passes):
        places, shift = room.places[turn], np.uint64(_PLACE + turn * width)
        keys, other = room.keys[turn & 1], room.keys[1 - (turn & 1)]
        below = np.uint32(0)
        for k in range(many):
            places[k], below = below, np.uint32(below + places[k])
        for k in range(np.uint64(n)):
            key = keys[k]
            there = key >> shift & mask
            other[np.uint64(places[there])] = key
            places[there] += np.uint32(1)
    return passes & 1


@nopython
def ordered(members, words, own_key, size, smooth, likeness, room):
    """Write the members of a unit in its order into `room.order`.

    members: ids, in any fixed order; words: their first column of PERSON; size: how many people
    a cell should hold; smooth: sort within a cell by the last trait asked for, instead of at
    random; likeness: the homophily asked for, by opinion, income, age and group.
    """
    n, keys = members.shape[0], room.keys[0]
    _margins(words, room)
    for t in range(TRAITS):
        for steps in range(min(_STEPS, n + 1) + 1):
            room.most[t, steps] = -1.0
    by_group = likeness[TRAITS] > 0
    for g in range(GROUPS):
        there = room.below[TRAITS, g + 1] - room.below[TRAITS, g] if by_group else n
        _cut(room, g, there, size, likeness)
    own_group = np.int64(65536 * np.sqrt(likeness[TRAITS])) if by_group else -1
    for lo in range(0, n, _BLOCK):
        hi = min(n, lo + _BLOCK)
        here = words[lo:hi]
        _start_block(here, members[lo:hi], own_key, own_group, room)
        for t in range(TRAITS):
            if likeness[t] > 0:
                _cut_block(here, t, _most(room, t), smooth, room)
        for x in range(np.uint64(hi - lo)):
            cell = room.block[1, x] << np.uint64(_WITHIN) | room.block[3, x]
            keys[np.uint64(lo) + x] = cell << np.uint64(_PLACE) | np.uint64(lo) + x
    cells, bits = GROUPS * _most(room, 0) * _most(room, 1) * _most(room, 2), _WITHIN
    while 1 << bits - _WITHIN < cells:
        bits += 1
    keys = room.keys[_by_bits(room, n, bits)]
    begin = np.int64(mixed(own_key, -1) >> _32) % max(1, n)
    for k in range(n):
        place = begin + k - n if begin + k >= n else begin + k
        room.order[k] = members[keys[place] & np.uint64((1 << _PLACE) - 1)]
