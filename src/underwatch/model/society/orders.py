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

import numpy as np

from underwatch.kernel.compile import nopython, nopython_nrt
from underwatch.kernel.random import mixed
from underwatch.model.society.people import GROUPS, load_person

TRAITS = 3  # opinion, income, age; the group is the fourth likeness
# Bits of a sort key, behind the cell: a place drawn within it, and the place in the unit. It is
# sorted by so many bits at a time.
_WITHIN, _PLACE, _DIGIT = 12, 20, 11


@nopython_nrt
def _margins(columns):
    """Quantiles of a unit's traits: lowest rank (TRAITS, 257), of its own people, and of groups."""
    below = np.zeros((TRAITS, 257), np.int64)
    groups = np.zeros(GROUPS + 1, np.int64)
    for x in range(columns.shape[1]):
        for t in range(TRAITS):
            below[t, columns[t, x] + 1] += 1
        groups[columns[TRAITS, x] + 1] += 1
    for v in range(256):
        for t in range(TRAITS):
            below[t, v + 1] += below[t, v]
    for g in range(GROUPS):
        groups[g + 1] += groups[g]
    return below, groups


@nopython
def _between(below, steps):
    """The share of a trait's variance that lies between its steps, if each holds as many people."""
    n, v = below[256], 0
    total, squares, between = 0.0, 0.0, 0.0
    for step in range(steps):
        low, high = n * step / steps, n * (step + 1) / steps
        part = 0.0
        while v < 256:
            there = min(high, below[v + 1]) - max(low, below[v])
            if there > 0:
                part += there * v
                squares += there * v * v
            if below[v + 1] > high:
                break
            v += 1
        total += part
        between += part * part * steps / n
    mean = total * total / n
    return (between - mean) / (squares - mean) if squares - mean > 0.5 else 1.0


@nopython_nrt
def _cells(people, size, likeness, below):
    """(steps, shown): into how many steps each trait is cut, and the chance to show one's own.

    people: adults who share a cell's group; size: how many of them a cell should hold;
    shown: in 65,536ths.
    """
    steps, shown = np.ones(TRAITS, np.int64), np.zeros(TRAITS, np.int64)
    asked = 0
    for t in range(TRAITS):
        asked += likeness[t] > 0
    left = max(1.0, people / size)
    for t in range(TRAITS):
        if likeness[t] > 0:
            fine = min(1023.0, max(1.0, np.round(left ** (1 / asked))))
            left, asked = max(1.0, left / fine), asked - 1
            steps[t] = np.int64(fine)
            most = _between(below[t], steps[t])
            share = 1.0 if likeness[t] >= most else likeness[t] / most
            shown[t] = np.int64(65536 * np.sqrt(share))
    return steps, shown


@nopython_nrt
def _by_bits(keys, bits):
    """uint64 keys in the order of the `bits` bits above the place; equal ones stay as they stand.

    A radix sort. Unlike a comparison of keys, none of its steps has to be guessed by the processor.
    """
    passes = (bits + _DIGIT - 1) // _DIGIT
    width = (bits + passes - 1) // passes
    other, starts = np.empty_like(keys), np.empty(1 << width, np.int64)
    mask = np.uint64((1 << width) - 1)
    for turn in range(passes):
        shift = np.uint64(_PLACE + turn * width)
        for digit in range(starts.shape[0]):
            starts[digit] = 0
        for k in range(keys.shape[0]):
            starts[keys[k] >> shift & mask] += 1
        below = np.int64(0)
        for digit in range(starts.shape[0]):
            starts[digit], below = below, below + starts[digit]
        for k in range(keys.shape[0]):
            digit = keys[k] >> shift & mask
            other[starts[digit]] = keys[k]
            starts[digit] += 1
        keys, other = other, keys
    return keys


@nopython_nrt
def ordered(members, people, own_key, size, smooth, likeness):
    """The members of a unit in its order: int64 ids.

    members: ids, in any fixed order; size: how many people a cell should hold;
    smooth: sort within a cell by the last trait asked for, instead of at random;
    likeness: the homophily asked for, by opinion, income, age and group.
    """
    n = members.shape[0]
    columns = np.empty((TRAITS + 1, n), np.uint8)
    for x in range(n):
        p = load_person(people, members[x])
        columns[0, x], columns[1, x] = np.uint8(p.conviction), np.uint8(p.income)
        columns[2, x], columns[3, x] = np.uint8(p.age), np.uint8(p.group)
    below, groups = _margins(columns)
    steps, shown = np.ones((GROUPS, TRAITS), np.int64), np.zeros((GROUPS, TRAITS), np.int64)
    most = np.ones(TRAITS, np.int64)
    by_group = likeness[TRAITS] > 0
    for g in range(GROUPS):
        there = groups[g + 1] - groups[g] if by_group else n
        into, own = _cells(there, size, likeness, below)
        for t in range(TRAITS):  # written out: the check of shapes takes a second to compile
            steps[g, t], shown[g, t] = into[t], own[t]
            most[t] = max(most[t], into[t])
    own_group = np.int64(65536 * np.sqrt(likeness[TRAITS]))
    places = np.empty(n, np.uint64)
    for x in range(n):
        chance = mixed(own_key, members[x])
        u = np.int64(mixed(chance, TRAITS) >> np.uint64(16))
        g = np.int64(columns[TRAITS, x])
        if not by_group:
            g = 0
        elif u & 0xFFFF >= own_group:
            rank, g = (u >> 16 & 0xFFFFFFFF) * n >> 32, 0
            while rank >= groups[g + 1]:
                g += 1
        at, backwards = g, g & 1
        within = np.int64(mixed(chance, TRAITS + 1) >> np.uint64(64 - _WITHIN))
        for t in range(TRAITS):
            if likeness[t] == 0:  # one step
                continue
            u = np.int64(mixed(chance, t) >> np.uint64(8))
            quantile = u >> 16 & 0xFFFF
            if u & 0xFFFF < shown[g, t]:
                value = np.int64(columns[t, x])
                low, high = below[t, value], below[t, value + 1]
                # Below 2^34, so the quotient of floats has the right whole part, and is faster.
                quantile = np.int64(((low << 16) + (high - low) * quantile) / n)
            step = quantile * steps[g, t]
            if backwards:
                step = (steps[g, t] << 16) - 1 - step
            step, rest = step >> 16, step & 0xFFFF
            if smooth:
                within = rest >> 16 - _WITHIN
            at, backwards = at * most[t] + step, backwards ^ step & 1
        places[x] = np.uint64((at << _WITHIN | within) << _PLACE | x)
    cells, bits = GROUPS * most[0] * most[1] * most[2], _WITHIN
    while 1 << bits - _WITHIN < cells:
        bits += 1
    places = _by_bits(places, bits)
    begin = np.int64(mixed(own_key, -1) >> np.uint64(32)) % max(1, n)
    order = np.empty(n, np.int64)
    for k in range(n):
        place = begin + k - n if begin + k >= n else begin + k
        order[k] = members[np.int64(places[place]) & ((1 << _PLACE) - 1)]
    return order
