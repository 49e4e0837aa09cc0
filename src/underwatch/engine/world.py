"""What a day reads and writes, and what a part of it needs for a while."""

from typing import NamedTuple

import numpy as np
from numba import prange

from underwatch.kernel.compile import nopython, nopython_nrt, parallel
from underwatch.kernel.random import draw
from underwatch.model.society.ties import SLOTS
from underwatch.model.streams import DAILY_STREAMS, LOOKALIKES, Today

TILE = 4096  # citizens whose day is lived at once: what they need then stays near a core
HOME = 8  # people in the largest household


class World(NamedTuple):
    """Everything a day reads and writes; n citizens."""

    people: np.ndarray  # uint64 (2, n): PERSON by columns
    candidates: np.ndarray  # uint32: whom everyone knows or could know, as society.ties lays them
    candidate_reach: np.ndarray  # uint32 (2 n + 1): where each citizen's begin in it
    candidate_slots: np.ndarray  # uint16 (n): by which slots they are known or could be
    contacts: np.ndarray  # uint32: those whom everyone knows now, one behind the other, in as
    # much room as the candidates take
    reach: np.ndarray  # uint32 (2 n + 1): where each citizen's begin in it
    slots: np.ndarray  # uint16 (n): by which slots they are known
    shares: np.ndarray  # uint32 (n): 65,536 over the adults one knows
    states: np.ndarray  # uint64 (4, n): STATE by columns
    signals: np.ndarray  # uint64 (2, n + 1); the last is nobody's and stays 0
    flags: np.ndarray  # uint8 (2, n + 1): mistakes, for the double
    queues: np.ndarray  # uint8 (n): bits, one for each desk
    protesting: np.ndarray  # int64 (districts): yesterday's share protesting, in 65,536ths
    restricted_days: np.ndarray  # uint16 (n): days under restriction, a measure
    history: np.ndarray  # uint16 (n): bits of measurement/history.py, a measure


class Panel(NamedTuple):
    """The followed citizens, k of them, in ascending order."""

    citizens: np.ndarray  # int64 (k)
    ledger: np.ndarray  # uint8 (days, k, kinds)
    evenings: np.ndarray  # uint64 (EVENING, days, k), or no days, if nobody asks


# What an evening of a followed citizen tells: their state by columns, the word that others see,
# and, where the day was lived in full, their score and the company it counted.
SIGNALS, TOTAL, ASSOCIATES = 4, 5, 6
EVENING = 7


class Workspace(NamedTuple):
    """What a chunk of m citizens needs for a day and forgets."""

    draws: np.ndarray  # uint32 (streams, m)
    heard: np.ndarray  # uint64 (layers, m): sums of contacts' words
    sums: np.ndarray  # uint64 (16 m + 1): running sums of contacts' words
    homes: np.ndarray  # uint64 (m + 17): the same of all words, from a home before to one after
    misattributed: np.ndarray  # uint8 (m): marks
    active: np.ndarray  # uint8 (m): whether the day is lived stage by stage
    levels: np.ndarray  # uint8 (m): 1 on the fast lane, 2 on the watch list


@nopython_nrt
def workspace_for(m):
    return Workspace(
        np.empty((DAILY_STREAMS, m), np.uint32), np.empty((3, m), np.uint64),
        np.empty(SLOTS * m + 1, np.uint64), np.empty(m + 2 * HOME + 1, np.uint64),
        np.empty(m, np.uint8), np.empty(m, np.uint8), np.empty(m, np.uint8),
    )  # fmt: skip


@nopython
def lookalike_of(rotation, i, total):
    """Whom citizen i is mistaken for under today's turn: a reflection, its own inverse."""
    there = rotation - i
    return there + total if there < 0 else there


@nopython
def rotation_of(day, seed, kind, total):
    """The day's turn of faces (kind 0) or names (kind 1), which pairs everyone with a double."""
    return draw(seed, LOOKALIKES + kind, day, 0) % total


@nopython
def today_of(day, seed, params):
    """A day's address, and whose files halve."""
    fading = day % params.halve_days if params.halve_days > 0 else -1
    return Today(seed, day, fading)


@parallel
def fill_rotations(rotations, day, seed, kind, total):
    """Fill `turns` with the turns of faces (kind 0) or names (kind 1) from a day on."""
    for k in prange(rotations.shape[0]):
        rotations[k] = rotation_of(day + np.int64(k), seed, kind, total)
