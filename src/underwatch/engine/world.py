"""The arrays that a day reads and writes, and the workspace of a chunk."""

from typing import NamedTuple

import numpy as np

from underwatch.kernel.compile import nopython, nopython_nrt, parallel, prange
from underwatch.kernel.random import draw
from underwatch.model.reasons import REASONS
from underwatch.model.sensing.galleries import faces_on_list, most_mistaken
from underwatch.model.society.segments import SEGMENT, SLOTS
from underwatch.model.streams import DAILY_STREAMS, LOOKALIKES, Today

TILE = SEGMENT  # citizens who are simulated at once; their workspace fits a core's cache
SUMMED = 128  # of them, those whose contacts' signals are summed at once, in the nearest cache
HOME = 8  # people in the largest household
APART = 16  # between rows of a workspace: rows 4 KiB apart would share one set of a cache's lines


class World(NamedTuple):
    """Everything a day reads and writes; n citizens."""

    people: np.ndarray  # uint64 (2, n): PERSON by columns
    near: np.ndarray  # uint16: local candidates, the open ones first (society/segments.py)
    wide: np.ndarray  # uint32: the other candidates, the open ones first
    starts: np.ndarray  # int64 (2, segments + 1): where each segment begins in near and in wide
    narrow: np.ndarray  # int64 (1): the citizen from whom on all candidates are wide
    candidate_slots: np.ndarray  # uint16 (n): a bit for each slot that holds a candidate
    slots: np.ndarray  # uint16 (n): a bit for each slot that holds an open tie
    states: np.ndarray  # uint64 (5, n): STATE by columns
    signals: np.ndarray  # uint32 (2, n + 1): public signals, as stored; element n stays 0
    flags: np.ndarray  # uint16 (2, n + 1): misidentifications; protest, fatigue, offences
    queues: np.ndarray  # uint8 (n): bits of the queues in which a citizen waits (queues.py)
    listed: np.ndarray  # int64 (1): citizens on the watch list yesterday
    protesting: np.ndarray  # int64 (districts): adults who protested yesterday, in 65,536ths
    offending: np.ndarray  # int64 (districts): who offended seriously, in 2^24ths
    restricted_days: np.ndarray  # uint16 (n): days under restriction, a measure
    history: np.ndarray  # uint16 (n): bits of measurement/history.py, a measure
    entries: np.ndarray  # uint32: who waits in each queue, in order (queues.py)
    lengths: np.ndarray  # int64 (queues, districts): how many wait
    birthdays: np.ndarray  # uint16 (n): day of the year, counted from the first day
    bearers: np.ndarray  # uint8 (n): how many people had the citizen's number before
    absent: np.ndarray  # uint16 (n): a bit for each slot whose candidate is a child
    cohorts: np.ndarray  # uint8 (n): of measurement/cohorts.py, a measure
    known: np.ndarray  # uint8 (n): how many adults a citizen knows, at home and by open ties


class Panel(NamedTuple):
    """The followed citizens, k of them, in ascending order."""

    citizens: np.ndarray  # int64 (k)
    ledger: np.ndarray  # uint8 (days, k, kinds)
    evenings: np.ndarray  # uint64 (rows of recording.py, days, k); no days if nothing is recorded
    contacts: np.ndarray  # int64 (k, c): whose signals are recorded; n for nobody


class Workspace(NamedTuple):
    """What a chunk of m citizens needs for a day and forgets."""

    draws: np.ndarray  # uint32 (streams, m)
    heard: np.ndarray  # uint64 (layers, m): sums of contacts' signals
    shares: np.ndarray  # uint32 (m): 65,536 divided by the number of known adults
    sums: np.ndarray  # uint64 (2, 16 × SUMMED + 1): running sums of near and of wide contacts
    counts: np.ndarray  # int64 (2, TILE / SUMMED): near and wide contacts of each SUMMED citizens
    homes: np.ndarray  # uint64 (m + 17): running sums of the signals of everyone, by household
    misattributed: np.ndarray  # uint8 (m): flags of yesterday's misidentifications
    active: np.ndarray  # uint8 (m): 0, or why the day is simulated by stages (model/reasons.py)
    listed: np.ndarray  # uint16 (2, m): those who are active: in order, and by the reasons
    starts: np.ndarray  # int64: where those with each combination of reasons begin
    levels: np.ndarray  # uint8 (m): 1 = privileged access, 2 = on the watch list, 4, 8 = strives


@nopython_nrt
def workspace_for(m):
    return Workspace(
        np.empty((DAILY_STREAMS, m + APART), np.uint32), np.empty((3, m + APART), np.uint64),
        np.empty(m, np.uint32), np.empty((2, SLOTS * SUMMED + 1), np.uint64),
        np.empty((2, TILE // SUMMED), np.int64), np.empty(m + 2 * HOME + 1, np.uint64),
        np.empty(m, np.uint8), np.empty(m, np.uint8),
        np.empty((2, m), np.uint16), np.empty(REASONS // 2 + 1, np.int64), np.empty(m, np.uint8),
    )  # fmt: skip


@nopython
def lookalike_of(rotation, i, total):
    """The citizen for whom i is mistaken: rotation - i (mod total), which is its own inverse."""
    there = rotation - i
    return there + total if there < 0 else there


@nopython
def rotation_of(day, seed, kind, total):
    """The rotation of faces (kind 0; the same every day) or of the day's names (kind 1).

    It pairs lookalikes.
    """
    return draw(seed, LOOKALIKES + kind, day * kind, 0) % total


@nopython
def today_of(day, seed, listed, total, params):
    """A day's address of random draws, whose files and fatigue halve on it, and the watch list.

    listed: citizens on it yesterday, of `total`.
    """
    fading = day % params.halve_days if params.halve_days > 0 else -1
    resting = day % params.fatigue_days if params.fatigue_days > 0 else -1
    faces = faces_on_list(listed, total, params)
    return Today(seed, day, fading, resting, faces, most_mistaken(faces, params))


@parallel
def fill_rotations(rotations, day, seed, kind, total):
    """Fill `rotations` with those of faces (kind 0) or names (kind 1), from a day on."""
    for k in prange(rotations.shape[0]):
        rotations[k] = rotation_of(day + np.int64(k), seed, kind, total)
