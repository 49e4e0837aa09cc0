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


@nopython_nrt
def _counts(chunks, strata, measures):
    return (
        np.zeros((chunks, strata, measures), np.int64),
        np.zeros((chunks, OTHERS + 1, OPINION_CLASSES), np.int64),
        np.zeros(chunks, np.int64),
    )


@nopython
def _count_listed(listed, world):
    """Add up all chunks' citizens on the watch list, who are a handful of numbers.

    `np.sum` in the loop over days would be one more parallel loop, which takes a second to compile.
    """
    world.listed[0] = np.sum(listed)


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
    """
    total, everybody = end - begin, end - begin == world.people.shape[1]
    chunks = (total + chunk - 1) // chunk
    first_district, districts = begin // DISTRICT, (total + DISTRICT - 1) // DISTRICT
    segments = (total + TILE - 1) // TILE
    counts, heard, listed = _counts(chunks, tallies.shape[1], tallies.shape[2])
    queued, limits = empty_counts(districts, tallies.shape[1])
    for t in range(days):
        day = first + t
        for c in prange(chunks):
            lo = begin + c * chunk
            deliver(world, lo, min(end, lo + chunk), day, seed, params_table[epochs[day]])
        for c in prange(chunks):
            lo = begin + c * chunk
            workspace = workspace_for(min(TILE, chunk))
            listed[c] = simulate_chunk(
                world, workspace, lo, min(end, lo + chunk), day, seed,
                params_table[epochs[day]], counts[c], heard[c], panel, t,
            )  # fmt: skip
        _count_listed(listed, world)
        for d in prange(districts):
            params, district = params_table[epochs[day]], first_district + np.int64(d)
            serve_queues(world, district, day, seed, params, queued[d], limits[d])
            count_protesters(world, district, day)
        if everybody and day % MONTH == MONTH - 1:
            choices = world.signals[day & 1]  # of yesterday, which nobody reads again
            for s in prange(segments):
                review_ties(world, np.int64(s), day, seed, params_table[epochs[day]], choices)
            for s in prange(segments):
                turn_over_ties(world, np.int64(s), choices)
        for stratum in prange(tallies.shape[1]):
            _add_up(counts, np.int64(stratum), tallies, t)
            add_up_queues(queued, np.int64(stratum), tallies[t, stratum, FIRST:])
        add_up_limits(limits, capacity[t])
        _end(world, heard, expressed_opinions, panel, t, day, seed)
