"""What reaches a chunk of citizens from others: contacts' signals, and misidentifications."""

import numpy as np

from underwatch.engine.world import HOME, SUMMED, lookalike_of
from underwatch.kernel.compile import fetch, nopython
from underwatch.model.society.people import ADULT, load_person
from underwatch.model.state import CROWD_MISTAKEN, FACE_MISTAKEN, MISTAKEN, NAME_MISTAKEN, in_lanes

AHEAD = 128  # contacts from prefetching one to reading it


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
def _sum_contacts(world, seen, lo, hi, sums):
    """Running sums of the signals of the contacts of citizens lo … hi − 1. The first contact."""
    contacts = world.contacts
    begin = np.uint64(world.reach[2 * lo])
    end, ahead = np.uint64(world.reach[2 * hi]) - begin, begin + np.uint64(AHEAD)
    fetched = min(end, np.uint64(max(0, contacts.shape[0] - np.int64(ahead))))
    running = np.uint64(0)
    sums[0] = running
    for k in range(fetched):
        fetch(seen, contacts[ahead + k])
        running += in_lanes(seen[contacts[begin + k]])
        sums[k + np.uint64(1)] = running
    for k in range(fetched, end):  # the last contacts of all
        running += in_lanes(seen[contacts[begin + k]])
        sums[k + np.uint64(1)] = running
    return begin


@nopython
def sum_signals(world, seen, lo, hi, workspace):
    """Sum the signals of everyone's contacts: heard[layer, person], home, local, online.

    A separate loop, with prefetching, so that a core has many reads of memory under
    way. It has no inner loop over a citizen's contacts: contacts are stored one
    citizen after the other, so that a layer is a difference of running sums.
    """
    people, reach, sums, homes = world.people, world.reach, workspace.sums, workspace.homes
    start = _sum_homes(seen, lo, hi, people.shape[1], homes)
    for first in range(lo, hi, SUMMED):
        last = min(hi, first + SUMMED)
        begin = _sum_contacts(world, seen, first, last, sums)
        local = sums[0]
        for person in range(first, last):
            i, k = np.uint64(person), np.uint64(person - lo)
            traits = load_person(people, i)
            here = i - start
            head = here - np.uint64(traits.place_in_home)
            home = homes[head + np.uint64(traits.home_size)] - homes[head]
            online = sums[reach[np.uint64(2) * i + np.uint64(1)] - begin]
            after = sums[reach[np.uint64(2) * i + np.uint64(2)] - begin]
            workspace.heard[0, k], workspace.heard[1, k], workspace.heard[2, k] = (
                home - (homes[here + np.uint64(1)] - homes[here]), online - local, after - online
            )  # fmt: skip
            local = after
