"""Days over citizens on threads: it loops, and knows no word of policy.

Contacts' words are those of yesterday (two buffers), so a day needs no barrier
inside: every citizen pulls, nobody scatters, and any chunking or number of
threads gives the same bits. Between days, desks call who waits in a queue.
"""

from typing import NamedTuple

import numpy as np
from numba import njit, prange

from underwatch.day import Luck, Words, citizen_day
from underwatch.draws import DAILY_STREAMS, DESK_START, DOUBLES, STOCKTAKING, Today, draw, fill
from underwatch.engine.law import bare, driver, fetch
from underwatch.measures.ledger import follow
from underwatch.society.people import DISTRICT
from underwatch.society.ties import LOCAL, SLOTS


class World(NamedTuple):
    """Everything a day reads and writes; n citizens."""

    people: np.ndarray  # PERSON (n)
    ties: np.ndarray  # uint32 (n, 16); n for no tie
    states: np.ndarray  # STATE (n)
    words: np.ndarray  # uint64 (2, n + 1); the last is nobody's and stays 0
    queues: np.ndarray  # uint8 (n)


class Panel(NamedTuple):
    """The followed citizens, k of them."""

    citizens: np.ndarray  # int64 (k)
    mornings: np.ndarray  # STATE (k), room for today's
    ledger: np.ndarray  # uint8 (days, k, kinds)


@njit
def _double(turn, i, total):
    """Whom citizen i is mistaken for under today's turn: a reflection, its own inverse."""
    there = turn - i
    return there + total if there < 0 else there


@njit
def _word_of_double(seen, turn, i, total):
    """What one's double showed yesterday; nothing, if the turn leaves one alone."""
    there = _double(turn, i, total)
    return seen[total] if there == i else seen[there]


@njit
def _turn(day, seed, kind, total):
    """The day's turn of faces (kind 0) or names (kind 1), which pairs everyone with a double."""
    return draw(seed, DOUBLES + kind, day, 0) % total


@njit
def _today(day, seed, rules):
    fading = day % rules.halve_days if rules.halve_days > 0 else -1
    return Today(seed, day, fading, int(day % STOCKTAKING == 0))


@njit
def _hear(people, ties, seen, lo, hi, heard):
    """Sum the words of everyone's contacts: heard[layer, person], home, local, online.

    A loop of its own, so that a core keeps many reads of memory in flight.
    """
    for i in range(lo, hi):
        fetch(ties, i + 32)
        local = np.uint64(0)
        for slot in range(LOCAL):
            local += seen[ties[i, slot]]
        online = np.uint64(0)
        for slot in range(LOCAL, SLOTS):
            online += seen[ties[i, slot]]
        heard[1, i - lo], heard[2, i - lo] = local, online
    i = lo
    while i < hi:
        first = i - people[i].place_in_home
        after = first + people[i].home_size
        home = np.uint64(0)
        for j in range(first, after):
            home += seen[j]
        while i < min(after, hi):
            heard[0, i - lo] = home - seen[i]
            i += 1


@njit
def _chunk(world, lo, hi, day, seed, epoch, rules_table, counts):
    # Bare views: an array would be counted by reference for every citizen, and threads
    # would wait for each other at that one number.
    people, states = bare(world.people), bare(world.states)
    queues, counts = bare(world.queues), bare(counts)
    total = people.shape[0]
    seen, shown = world.words[day & 1], world.words[1 - (day & 1)]
    luck = np.empty((DAILY_STREAMS, hi - lo), np.uint32)
    fill(luck, lo, hi - lo, day, seed)
    heard = np.empty((3, hi - lo), np.uint64)
    _hear(people, world.ties, seen, lo, hi, heard)
    rules = rules_table[epoch]
    today = _today(day, seed, rules)
    face_turn = _turn(day, seed, 0, total)
    faces_yesterday = _turn(day - 1, seed, 0, total)
    names_yesterday = _turn(day - 1, seed, 1, total)
    for i in range(lo, hi):
        k = i - lo
        mine = Luck(
            np.int64(luck[0, k]), np.int64(luck[1, k]), np.int64(luck[2, k]), np.int64(luck[3, k]),
            np.int64(luck[4, k]), np.int64(luck[5, k]), np.int64(luck[6, k]), np.int64(luck[7, k]),
        )  # fmt: skip
        words = Words(
            heard[0, k], heard[1, k], heard[2, k],
            _word_of_double(seen, faces_yesterday, i, total),
            _word_of_double(seen, names_yesterday, i, total),
        )  # fmt: skip
        double_group = np.int64(people[_double(face_turn, i, total)].group)
        shown[i], queues[i] = citizen_day(
            i, today, mine, words, double_group, people, states, rules, counts
        )


@njit
def _places(desk, size, day):
    """Whole places of a fractional daily capacity: desk is 65,536ths a million people."""
    each = desk * size
    return each * (day + 1) // 65_536_000_000 - each * day // 65_536_000_000


@njit
def _call(queues, states, lo, hi, places):
    """Call who waits at each desk, in order, while its places last; who waits on, waits.

    A desk is a pair of bits of `standing`: waiting, and called one higher.
    """
    for i in range(lo, hi):
        if queues[i]:
            for desk in range(3):
                waiting = np.uint8(2 << 2 * desk)
                if queues[i] & waiting and places[desk] > 0:
                    places[desk] -= 1
                    states[i].standing = (states[i].standing & ~waiting) | np.uint8(4 << 2 * desk)


@njit
def _desks(world, d, day, seed, epoch, rules_table):
    """The court, the police and the appeal court of a district, from a turning start."""
    total = world.people.shape[0]
    start = d * DISTRICT
    size = min(DISTRICT, total - start)
    rules = rules_table[epoch]
    places = np.empty(3, np.int64)
    places[0] = _places(rules.court_desk, size, day)
    places[1] = _places(rules.police_desk, size, day)
    places[2] = _places(rules.appeal_desk, size, day)
    turn = start + draw(seed, DESK_START, day, d) % size
    _call(world.queues, world.states, turn, start + size, places)
    _call(world.queues, world.states, start, turn, places)


@njit
def _follow(world, day, seed, epoch, rules_table, panel, ledger):
    """The ledger of the followed: ledger[citizen, kind], from this morning's states."""
    total = world.people.shape[0]
    seen = world.words[day & 1]
    rules = rules_table[epoch]
    today = _today(day, seed, rules)
    heard = np.empty((3, 1), np.uint64)
    for k in range(panel.citizens.shape[0]):
        i = panel.citizens[k]
        _hear(world.people, world.ties, seen, i, i + 1, heard)
        words = Words(
            heard[0, 0], heard[1, 0], heard[2, 0],
            _word_of_double(seen, _turn(day - 1, seed, 0, total), i, total),
            _word_of_double(seen, _turn(day - 1, seed, 1, total), i, total),
        )  # fmt: skip
        face = _double(_turn(day, seed, 0, total), i, total)
        double_group = np.int64(world.people[face].group)
        morning = panel.mornings[k : k + 1]
        follow(i, morning, world.people, words, double_group, today, rules, ledger[k])


@driver
def live_days(world, first, days, seed, epochs, rules_table, chunk, tallies, panel):
    """Run days first … first + days − 1; tallies[day, stratum, measure] gain theirs.

    The panel's ledger gains the lines of its citizens; nothing else changes by it.
    """
    total = world.people.shape[0]
    chunks = (total + chunk - 1) // chunk
    districts = (total + DISTRICT - 1) // DISTRICT
    counts = np.zeros((chunks,) + tallies.shape[1:], np.int64)
    for t in range(days):
        day = first + t
        for k in range(panel.citizens.shape[0]):
            panel.mornings[k] = world.states[panel.citizens[k]]
        for c in prange(chunks):
            lo = c * chunk
            _chunk(world, lo, min(total, lo + chunk), day, seed, epochs[day], rules_table,
                   counts[c])  # fmt: skip
        _follow(world, day, seed, epochs[day], rules_table, panel, panel.ledger[t])
        for d in prange(districts):
            _desks(world, d, day, seed, epochs[day], rules_table)
        for stratum in prange(tallies.shape[1]):
            for c in range(chunks):
                tallies[t, stratum] += counts[c, stratum]
                counts[c, stratum] = 0
