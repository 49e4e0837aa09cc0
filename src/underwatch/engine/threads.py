"""The loop over days, with the citizens in chunks on threads.

Contacts' public signals are those of yesterday (two buffers), so a day needs no
barrier inside: citizens read their contacts and write to nobody else. Any chunk
size and number of threads gives the same bits. Between days, queues are served
and protesters counted, and every thirty days ties are reviewed.
"""

import numpy as np

from underwatch.engine.chunks import simulate_chunk
from underwatch.engine.deliveries import deliver
from underwatch.engine.night import (
    count_protesters,
    review_ties,
    turn_over_ties,
)
from underwatch.engine.queues import add_up_limits, add_up_queues, empty_counts, serve_queues
from underwatch.engine.recording import record_evening
from underwatch.engine.world import TILE, workspace_for
from underwatch.kernel.compile import nopython, nopython_nrt, parallel, prange
from underwatch.measurement.catalogue import OPINION_CLASSES
from underwatch.measurement.cohorts import OTHERS
from underwatch.measurement.queues import FIRST
from underwatch.model.society.people import DISTRICT
from underwatch.model.streams import MONTH

# The phases of a day, one after the other; the work of each is shared among threads. Choices of a
# review are written over yesterday's signals, which nobody reads again.
DELIVER, SIMULATE, SERVE, REVIEW, TURN_OVER, ADD_UP = range(6)
PHASES = 6


@nopython_nrt
def _counts(chunks, strata, measures):
    return (
        np.zeros((chunks, strata, measures), np.int64),
        np.zeros((chunks, OTHERS + 1, OPINION_CLASSES), np.int64),
        np.zeros(chunks, np.int64),
    )


@nopython
def _plan(many, chunks, districts, segments, strata, day):
    """How many pieces of work each phase of a day has: many[phase]."""
    many[DELIVER], many[SIMULATE], many[SERVE], many[ADD_UP] = chunks, chunks, districts, strata
    many[REVIEW] = many[TURN_OVER] = segments if day % MONTH == MONTH - 1 else 0


@nopython_nrt
def _simulate(world, c, lo, hi, day, seed, params, chunk, counts, heard, listed, panel, t):
    """Simulate the day of a chunk in a workspace of its own."""
    workspace = workspace_for(min(TILE, chunk))
    listed[c] = simulate_chunk(
        world, workspace, lo, hi, day, seed, params, counts[c], heard[c], panel, t
    )


@nopython_nrt
def _work(
    phase, k, world, begin, end, day, seed, params, chunk, counts, heard, listed, queued, limits,
    panel, tallies, t,
):  # fmt: skip
    """Piece k of the work of a phase: of a chunk, a district, a segment or a stratum."""
    lo = begin + k * chunk
    if phase == DELIVER:
        deliver(world, lo, min(end, lo + chunk), day, seed, params)
    elif phase == SIMULATE:
        hi = min(end, lo + chunk)
        _simulate(world, k, lo, hi, day, seed, params, chunk, counts, heard, listed, panel, t)
    elif phase == SERVE:
        d = begin // DISTRICT + k
        serve_queues(world, d, day, seed, params, queued[k], limits[k])
        count_protesters(world, d, day)
    elif phase == REVIEW:
        review_ties(world, k, day, seed, params, world.signals[day & 1])
    elif phase == TURN_OVER:
        turn_over_ties(world, k, world.signals[day & 1])
    else:
        _add_up(counts, k, tallies, t)
        add_up_queues(queued, k, tallies[t, k, FIRST:])


@nopython
def _sum(listed):
    """All chunks' citizens on the watch list; `np.sum` in a parallel function is a loop more."""
    return np.sum(listed)


@nopython
def _add_up(counts, stratum, tallies, t):
    """One stratum's counts of all chunks into the day's tally."""
    for c in range(counts.shape[0]):
        for measure in range(counts.shape[2]):
            tallies[t, stratum, measure] += counts[c, stratum, measure]
            counts[c, stratum, measure] = 0


@nopython
def _end(world, heard, expressed_opinions, panel, t, day, seed):
    """Add up the opinions that were expressed; keep the evening of the followed citizens."""
    for c in range(heard.shape[0]):
        for cohort in range(OTHERS + 1):
            for k in range(OPINION_CLASSES):
                expressed_opinions[t, cohort, k] += heard[c, cohort, k]
                heard[c, cohort, k] = 0
    if panel.evenings.shape[1]:
        record_evening(world, panel, t, day, seed)


@parallel
def simulate_days(
    world, first, days, seed, epochs, params_table, chunk, tallies, expressed_opinions, capacity,
    panel, begin, end,
):  # fmt: skip
    """Run days first … first + days − 1 of citizens begin … end − 1, who live in whole districts;
    tallies[day, stratum, measure] gain theirs.

    Ties are reviewed if these are all citizens; of several ranks, each reviews its own
    (ranks/review.py).

    expressed_opinions[day, cohort, class] counts posts by their authors; capacity[day, queue,
    kind] counts places, and districts with a queue at capacity. The panel's ledger
    gains the lines of its citizens, which changes nothing else.

    There is one parallel loop for all phases: each more would take a second to compile.
    """
    total, everybody = end - begin, end - begin == world.people.shape[1]
    chunks = (total + chunk - 1) // chunk
    districts = (total + DISTRICT - 1) // DISTRICT
    segments = (total + TILE - 1) // TILE if everybody else 0
    counts, heard, listed = _counts(chunks, tallies.shape[1], tallies.shape[2])
    queued, limits = empty_counts(districts, tallies.shape[1])
    many = np.zeros(PHASES, np.int64)
    for t in range(days):
        day = first + t
        _plan(many, chunks, districts, segments, tallies.shape[1], day)
        for phase in range(PHASES):
            for k in prange(many[phase]):
                _work(
                    phase, np.int64(k), world, begin, end, day, seed, params_table[epochs[day]],
                    chunk, counts, heard, listed, queued, limits, panel, tallies, t,
                )  # fmt: skip
            if phase == SIMULATE:
                world.listed[0] = _sum(listed)
        add_up_limits(limits, capacity[t])
        _end(world, heard, expressed_opinions, panel, t, day, seed)
