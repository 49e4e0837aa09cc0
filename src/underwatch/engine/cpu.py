"""Days over citizens on threads: it loops, and knows no word of policy.

Contacts' words are those of yesterday (two buffers), so a day needs no barrier
inside: every citizen pulls, nobody scatters, and any chunking or number of
threads gives the same bits. Between days, desks call who waits in a queue.
"""

from typing import NamedTuple

import numpy as np
from numba import njit, prange

from underwatch.day import Luck, citizen_day
from underwatch.draws import DAILY_STREAMS, DESK_START, DOUBLES, draw, fill
from underwatch.society.people import DISTRICT
from underwatch.society.ties import LOCAL, SLOTS


class World(NamedTuple):
    """Everything a day reads and writes; n citizens."""

    people: np.ndarray  # PERSON (n)
    ties: np.ndarray  # uint32 (n, 16); n for no tie
    states: np.ndarray  # STATE (n)
    words: np.ndarray  # uint64 (2, n + 1); the last is nobody's and stays 0
    queues: np.ndarray  # uint8 (n)


@njit
def _double(turn, i, total):
    """Whom citizen i is mistaken for under today's turn: a reflection, its own inverse."""
    there = turn - i
    return there + total if there < 0 else there


@njit
def _chunk(world, lo, hi, day, seed, epoch, rules_table, rows):
    people, ties, states = world.people, world.ties, world.states
    total = people.shape[0]
    seen, shown = world.words[day & 1], world.words[1 - (day & 1)]
    luck = np.empty((DAILY_STREAMS, hi - lo), np.uint32)
    fill(luck, lo, hi - lo, day, seed)
    rules = rules_table[epoch]
    face_turn = draw(seed, DOUBLES, day, 0) % total
    faces_yesterday = draw(seed, DOUBLES, day - 1, 0) % total
    names_yesterday = draw(seed, DOUBLES + 1, day - 1, 0) % total
    for i in range(lo, hi):
        k = i - lo
        local = np.uint64(0)
        for s in range(LOCAL):
            local += seen[ties[i, s]]
        online = np.uint64(0)
        for s in range(LOCAL, SLOTS):
            online += seen[ties[i, s]]
        first = i - people[i].place_in_home
        home = np.uint64(0)
        for j in range(first, first + people[i].home_size):
            if j != i:
                home += seen[j]
        face, name = _double(faces_yesterday, i, total), _double(names_yesterday, i, total)
        mine = Luck(
            np.int64(luck[0, k]), np.int64(luck[1, k]), np.int64(luck[2, k]), np.int64(luck[3, k]),
            np.int64(luck[4, k]), np.int64(luck[5, k]), np.int64(luck[6, k]), np.int64(luck[7, k]),
        )  # fmt: skip
        word, queues = citizen_day(
            i, day, seed, mine, home, local, online, seen[face], seen[name],
            _double(face_turn, i, total), people, states, rules, rows,
        )  # fmt: skip
        shown[i] = word
        world.queues[i] = queues


@njit
def _desk(queues, states, start, size, bit, called, places, turn):
    """Call up to `places` who wait, from a turning start; who waits on, waits."""
    for step in range(size):
        if places == 0:
            return
        i = start + (turn + step) % size
        if queues[i] & bit:
            states[i].standing = (states[i].standing & ~np.uint8(bit)) | np.uint8(called)
            places -= 1


@njit
def _places(desk, size, day):
    """Whole places of a fractional daily capacity: desk is 65,536ths a million people."""
    each = desk * size
    return each * (day + 1) // 65_536_000_000 - each * day // 65_536_000_000


@njit
def _desks(world, d, day, seed, epoch, rules_table):
    total = world.people.shape[0]
    start = d * DISTRICT
    size = min(DISTRICT, total - start)
    rules = rules_table[epoch]
    turn = draw(seed, DESK_START, day, d) % size
    _desk(world.queues, world.states, start, size, 2, 4, _places(rules.court_desk, size, day), turn)
    _desk(world.queues, world.states, start, size, 8, 16, _places(rules.police_desk, size, day), turn)
    _desk(world.queues, world.states, start, size, 32, 64, _places(rules.appeal_desk, size, day), turn)


@njit(parallel=True, cache=True)
def live_days(world, first, days, seed, epochs, rules_table, chunk, tallies):
    """Run days first … first + days − 1; tallies[chunk, day, stratum, measure] gain theirs."""
    total = world.people.shape[0]
    chunks = (total + chunk - 1) // chunk
    districts = (total + DISTRICT - 1) // DISTRICT
    for t in range(days):
        day = first + t
        for c in prange(chunks):
            lo = c * chunk
            _chunk(world, lo, min(total, lo + chunk), day, seed, epochs[day], rules_table,
                   tallies[c, t])  # fmt: skip
        for d in prange(districts):
            _desks(world, d, day, seed, epochs[day], rules_table)
