"""What reaches a chunk of citizens from others: contacts' signals, and misidentifications."""

import numpy as np

from underwatch.engine.world import HOME, SUMMED, TILE, lookalike_of
from underwatch.kernel.bits import ones
from underwatch.kernel.compile import fetch, kernel, nopython
from underwatch.model.society.people import ADULT, DISTRICT, load_person
from underwatch.model.society.segments import LOCAL, SLOTS, near_slots
from underwatch.model.state import CROWD_MISTAKEN, FACE_MISTAKEN, MISTAKEN, NAME_MISTAKEN, in_lanes

AHEAD = 128  # contacts from prefetching one to reading it
_LINE = 32  # flags in a line of the cache
_LOCAL = (1 << LOCAL) - 1
assert SLOTS + HOME < 32  # known adults; see `share_of`


@kernel
def share_of(known):
    """The weight of one contact of `known` adults, uint8, at most 31, in 65,536ths; 0 of none.

    The quotient is 65,536, or below 2^15 and, unless it is whole, at least 1/31 away from a whole
    number. So its whole part is exact in a float32, of which a vector holds many.
    """
    return np.uint32(np.float32(65_536 * (known > 0)) / np.float32(max(np.uint8(1), known)))


@nopython
def _any_flag(flags, rotation, lo, hi, total):
    """Whether any lookalike of citizens lo … hi − 1 was mistaken; their numbers run backwards.

    Unsigned indices make vector code.
    """
    first, end = rotation - (hi - 1), rotation - lo + 1
    anybody = np.uint16(0)
    for j in range(np.uint64(max(0, first)), np.uint64(max(0, end))):
        anybody |= flags[j]
    if first < 0:
        for j in range(np.uint64(total + first), np.uint64(total + min(end, 0))):
            anybody |= flags[j]
    return anybody & np.uint16(MISTAKEN) != 0


@nopython
def fetch_mistakes(flags, faces, names, lo, hi, total):
    """Fetch what `collect_mistakes` reads: flags of lookalikes, who are far away in memory."""
    for first in range(lo, hi, _LINE):
        fetch(flags, lookalike_of(faces, first, total))
        fetch(flags, lookalike_of(names, first, total))


@nopython
def flags_of_lookalikes(flags, faces, names, i, answers, total):
    """The flags of the lookalikes of i; none if the lookalike is `answers` themselves."""
    face, name = lookalike_of(faces, i, total), lookalike_of(names, i, total)
    here = np.uint16(0)
    if face != answers:
        here |= flags[face] & np.uint16(FACE_MISTAKEN | CROWD_MISTAKEN)
    if name != answers:
        here |= flags[name] & np.uint16(NAME_MISTAKEN)
    return here


@nopython
def mistaken_for(people, flags, faces, names, i):
    """The flags of the lookalikes of i, and of the children for whom i answers."""
    total, traits = people.shape[1], load_person(people, i)
    mistaken = flags_of_lookalikes(flags, faces, names, i, i, total)
    if traits.place_in_home == 0:  # the head answers for the children
        for j in range(i + 1, i + traits.home_size):
            if load_person(people, j).age < ADULT:
                mistaken |= flags_of_lookalikes(flags, faces, names, j, i, total)
    return mistaken


@nopython
def collect_mistakes(people, flags, faces, names, lo, hi, misattributed):
    """Collect yesterday's misidentifications: misattributed[person] = the lookalikes' flags."""
    total = people.shape[1]
    misattributed[: hi - lo] = 0
    for first in range(lo, hi, SUMMED):
        last = min(hi, first + SUMMED)
        after = min(total, last + HOME)  # with the children of the last head
        if _any_flag(flags, faces, first, after, total) | _any_flag(
            flags, names, first, after, total
        ):
            for i in range(first, last):
                misattributed[i - lo] = mistaken_for(people, flags, faces, names, i)


@nopython
def _sum_homes(seen, lo, hi, total, homes):
    """Running sums of the signals of citizens lo - HOME … hi + HOME - 1. The first of them."""
    start = np.uint64(max(0, lo - HOME))
    running = np.uint64(0)
    homes[0] = running
    for j in range(np.uint64(min(total, hi + HOME)) - start):
        running += in_lanes(seen[start + j])
        homes[j + np.uint64(1)] = running
    return start


@nopython
def _count_contacts(world, lo, hi, counts):
    """How many open ties each SUMMED of citizens lo … hi − 1 have: counts[near or wide, part]."""
    mask = near_slots(world, lo)
    for part in range((hi - lo + SUMMED - 1) // SUMMED):
        first = lo + part * SUMMED
        near, every = 0, 0
        for i in range(np.uint64(first), np.uint64(min(hi, first + SUMMED))):
            bits = np.int64(world.slots[i])
            near += ones(bits & mask)
            every += ones(bits)
        counts[0, part], counts[1, part] = near, every - near


@nopython
def _before(world, lo):
    """Where the open ties of citizen lo begin, in `near` and in `wide`."""
    segment, mask = lo // TILE, near_slots(world, lo)
    near, wide = world.starts[0, segment], world.starts[1, segment]
    for i in range(np.uint64(segment * TILE), np.uint64(lo)):  # nobody at the start of a segment
        bits = np.int64(world.slots[i])
        near += ones(bits & mask)
        wide += ones(bits & ~mask)
    return near, wide


@nopython
def _sum_contacts(contacts, seen, begin, end, last, sums):
    """Running sums of the signals of contacts begin … end − 1, by their place in `seen`.

    The contacts that follow, up to last − 1, are fetched ahead.
    """
    first, many, ahead = np.uint64(begin), np.uint64(end - begin), np.uint64(begin + AHEAD)
    running = np.uint64(0)
    fetched = min(many, np.uint64(max(0, last - np.int64(ahead))))
    sums[0] = running
    for k in range(fetched):
        fetch(seen, contacts[ahead + k])
        running += in_lanes(seen[contacts[first + k]])
        sums[k + np.uint64(1)] = running
    for k in range(fetched, many):  # the last contacts of a segment
        running += in_lanes(seen[contacts[first + k]])
        sums[k + np.uint64(1)] = running


@nopython
def _fetch_first(contacts, seen, begin, end):
    """Fetch the first contacts of a segment."""
    for k in range(np.uint64(begin), np.uint64(min(end, begin + AHEAD))):
        fetch(seen, contacts[k])


@nopython
def _hear_home(people, lo, hi, start, homes, heard):
    """The signals of everyone's household: heard[person]; homes: running sums from `start` on."""
    before = homes[np.uint64(lo) - start]
    for i in range(np.uint64(lo), np.uint64(hi)):
        traits, here = load_person(people, i), i - start
        head, with_own = here - np.uint64(traits.place_in_home), homes[here + np.uint64(1)]
        everybody = homes[head + np.uint64(traits.home_size)] - homes[head]
        heard[i - np.uint64(lo)] = everybody - (with_own - before)
        before = with_own


@nopython
def _hear_near_and_wide(slots, first, last, sums, wides, local, online):
    """The signals of everyone's local contacts, all near, and online ones: local[person], …"""
    k_near, k_wide, near_before, wide_before = np.uint64(0), np.uint64(0), sums[0], wides[0]
    for i in range(np.uint64(first), np.uint64(last)):
        bits, k = np.int64(slots[i]), i - np.uint64(first)
        k_near += np.uint64(ones(bits & _LOCAL))
        k_wide += np.uint64(ones(bits >> LOCAL))
        near_sum, wide_sum = sums[k_near], wides[k_wide]
        local[k], online[k] = near_sum - near_before, wide_sum - wide_before
        near_before, wide_before = near_sum, wide_sum


@nopython
def _hear_wide(slots, first, last, wides, local, online):
    """The same where all contacts are wide: of each citizen, first the local ones."""
    k_wide, before = np.uint64(0), wides[0]
    for i in range(np.uint64(first), np.uint64(last)):
        bits, k = np.int64(slots[i]), i - np.uint64(first)
        k_local = k_wide + np.uint64(ones(bits & _LOCAL))
        k_wide = k_local + np.uint64(ones(bits >> LOCAL))
        local_sum, wide_sum = wides[k_local], wides[k_wide]
        local[k], online[k] = local_sum - before, wide_sum - local_sum
        before = wide_sum


@nopython
def _weigh(known, lo, hi, shares):
    """The weight of one contact of everyone: shares[person]. This compiles to vector code."""
    for i in range(np.uint64(lo), np.uint64(hi)):
        shares[i - np.uint64(lo)] = share_of(known[i])


@nopython
def sum_signals(world, seen, lo, hi, workspace):
    """Sum the signals of everyone's contacts: heard[layer, person], home, local, online; and set
    the weight of one contact: shares[person].

    Citizens lo … hi − 1 are of one segment. Contacts are read in a separate loop, with prefetching,
    so that a core has many reads of memory under way. It has no inner loop over a citizen's
    contacts: open ties are stored one citizen after the other, so that a layer is a difference of
    running sums. Each loop is short, so that the addresses of its arrays stay in registers.
    """
    people, slots, counts, heard = world.people, world.slots, workspace.counts, workspace.heard
    homes, sums, wides = workspace.homes, workspace.sums[0], workspace.sums[1]
    start, mask = _sum_homes(seen, lo, hi, people.shape[1], homes), near_slots(world, lo)
    _hear_home(people, lo, hi, start, homes, heard[0])
    _weigh(world.known, lo, hi, workspace.shares)
    in_district = seen[lo // DISTRICT * DISTRICT :]
    near, wide = _before(world, lo)
    parts = (hi - lo + SUMMED - 1) // SUMMED
    _count_contacts(world, lo, hi, counts)
    last_near, last_wide = near, wide
    for part in range(parts):
        last_near, last_wide = last_near + counts[0, part], last_wide + counts[1, part]
    _fetch_first(world.near, in_district, near, last_near)
    _fetch_first(world.wide, seen, wide, last_wide)
    for part in range(parts):
        first = lo + part * SUMMED
        last = min(hi, first + SUMMED)
        end_near, end_wide = near + counts[0, part], wide + counts[1, part]
        _sum_contacts(world.near, in_district, near, end_near, last_near, sums)
        _sum_contacts(world.wide, seen, wide, end_wide, last_wide, wides)
        near, wide = end_near, end_wide
        local, online = heard[1, first - lo :], heard[2, first - lo :]
        if mask:
            _hear_near_and_wide(slots, first, last, sums, wides, local, online)
        else:
            _hear_wide(slots, first, last, wides, local, online)
