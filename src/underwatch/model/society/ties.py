"""The social graph: which pairs of citizens are ties, by a formula of seed, people and homophily.

A pair of two citizens in a slot (society/pairing.py) is a *candidate* tie if a symmetric draw is
below the product of both ends' sociability. Two thirds of the candidates are open at the start; the
others are the *reserve* (response/ties.py opens and closes them). No pair is a candidate twice, and
none shares a household. A tie of two children opens when both have come of age (engine/vital.py).
Until then children have ties at home only. Home ties are neighbours by id and need no slot.
"""

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
)
from underwatch.kernel.random import key, mixed
from underwatch.model.society.pairing import (
    NEIGHBOURS,
    ONLINE,
    Pairs,
    circles,
    empty_pairs,
    every_circle,
    likeness_of,
    pair_parts,
    paired,
    rooms_for,
    threads,
    wide_place,
)
from underwatch.model.society.people import ADULT, PERSON
from underwatch.model.society.segments import (
    LOCAL,
    SEGMENT,
    SLOTS,
    Ties,
    near_slots,
    write_segment,
)
from underwatch.model.streams import SOCIETY

_OPEN = SOCIETY + 40 + 16 * 4  # after the streams of pairs
# The probability that a pair of mean sociability becomes a candidate, in 65,536ths: neighbours,
# local, online. Chosen so that adults have 1.4, 4.6 and 1.0 open ties, 7.0 in all.
READILY = np.array([35_187, 72_513, 32_037])
OPEN, OUT_OF = 2, 3  # of the candidates, two in three are open at the start
_AT_ONCE = 64  # citizens whose pairs are weighed at once, while those of the next are fetched
_BYTE = np.uint64(255)
_PLACE_IN_HOME = np.uint64(8 * PERSON.fields["place_in_home"][1] - 64)  # bits of the second column
assert PERSON.fields["age"][1] == 0 and PERSON.fields["sociability"][1] == 8


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
    for place in range(wide_place(pairs, lo, LOCAL), wide_place(pairs, hi - 1, SLOTS - 1) + 1):
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


def weave_pairs(
    pairs: Pairs, ties: Ties, people: np.ndarray, begin: int, end: int, online: np.ndarray,
    shares: int, choosing: int, seed: int, census: np.ndarray,
) -> None:  # fmt: skip
    """Pair citizens begin … end − 1, who live in whole districts, in the local slots, and everybody
    in some circles; and set which pairs of these citizens are candidates, which of them open.

    ties: of `starts`, element s + 1 gains how many candidates segment s has.
    online: int64 (k), 4 × circle + slot − 12; shares: into how many the first is divided at most,
    see `threads`, and 0 to leave it out; choosing: whether to do the second; census: one CENSUS
    record, whose likeness is the homophily.
    """
    total = people.shape[1]
    shares = min(shares, len(every_circle(total)))  # into so many parts it can be divided
    rooms = rooms_for(shares, total)
    _weave_pairs(pairs, ties, people, begin, end, online, shares, choosing, seed, census, rooms)


@parallel
def _weave_pairs(pairs, ties, people, begin, end, online, shares, choosing, seed, census, rooms):
    """As `weave_pairs`, with a room for each share."""
    likeness = likeness_of(census[0].likeness)
    # One loop over the units of all layers: each parallel loop takes seconds to compile.
    parts = circles(people.shape[1]) * ONLINE
    for share in prange(shares):
        pair_parts(
            pairs, people, begin, end, online, np.int64(share), shares, parts, seed, likeness,
            rooms,
        )  # fmt: skip
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


def chosen_from(
    pairs: Pairs, people: np.ndarray, begin: int, end: int, seed: int, census: np.ndarray,
    online: np.ndarray, shares: int,
) -> Ties:  # fmt: skip
    """The ties of citizens begin … end − 1 from their pairs; the arguments of `weave_pairs`.

    Those of others are not set.
    """
    ties = none_chosen(pairs, people.shape[1])
    weave_pairs(pairs, ties, people, begin, end, online, shares, 1, seed, census)
    return stored(pairs, ties, begin, end)


def none_chosen(pairs: Pairs, n: int) -> Ties:
    """The ties of n citizens before any is chosen: for `weave_pairs`."""
    nowhere = np.zeros(0, np.uint16), np.zeros(0, np.uint32)
    starts = np.zeros((2, -(-n // SEGMENT) + 1), np.int64)
    return Ties(*nowhere, starts, np.array([pairs.narrow]), *np.zeros((2, n), np.uint16))


def stored(pairs: Pairs, ties: Ties, begin: int, end: int) -> Ties:
    """The ties of citizens begin … end − 1, which are chosen, with whom each is tied."""
    near, wide = np.cumsum(ties.starts, axis=1, out=ties.starts)[:, -1].tolist()
    ties = ties._replace(near=np.empty(near + 1, np.uint16), wide=np.empty(wide + 1, np.uint32))
    ties.near[-1], ties.wide[-1] = 0, 0
    store_ties(pairs, ties, begin, end)
    return ties


def weave(people: np.ndarray, seed: int, census: np.ndarray) -> Ties:
    """The ties of a nation.

    people: PERSON by columns; census: one CENSUS record, whose likeness is the homophily.
    """
    n = people.shape[1]
    every = every_circle(n)
    return chosen_from(empty_pairs(n), people, 0, n, seed, census, every, threads())
