"""Days over citizens on threads: it loops, and knows no word of policy.

Contacts' words are those of yesterday (two buffers), so a day needs no barrier
inside: every citizen pulls, nobody scatters, and any chunking or number of
threads gives the same bits. Between days, desks call who waits in a queue, the
streets are counted, and once in thirty days ties are looked at.
"""

import numpy as np
from numba import prange

from underwatch.engine.chunks import live_chunk
from underwatch.engine.night import close_day, close_ties, look_at_ties
from underwatch.engine.world import TILE, WORD, room_of
from underwatch.kernel.compile import driver, holder, part
from underwatch.measurement.catalogue import VOICES
from underwatch.model.society.people import DISTRICT
from underwatch.model.streams import MONTH


@holder
def _counts(chunks, strata, measures):
    return np.zeros((chunks, strata, measures), np.int64), np.zeros((chunks, VOICES), np.int64)


@part
def _add_up(counts, stratum, tallies, t):
    """One stratum's counts of all chunks into the day's tally."""
    for c in range(counts.shape[0]):
        for measure in range(counts.shape[2]):
            tallies[t, stratum, measure] += counts[c, stratum, measure]
            counts[c, stratum, measure] = 0


@part
def _end(world, heard, voices, panel, t, shown):
    """The day's voices, and how the followed end it."""
    for c in range(heard.shape[0]):
        for k in range(VOICES):
            voices[t, k] += heard[c, k]
            heard[c, k] = 0
    if panel.evenings.shape[1]:
        for k in range(panel.citizens.shape[0]):
            for w in range(world.states.shape[0]):
                panel.evenings[w, t, k] = world.states[w, panel.citizens[k]]
            panel.evenings[WORD, t, k] = shown[panel.citizens[k]]


@driver
def live_days(world, first, days, seed, epochs, rules_table, chunk, tallies, voices, panel):
    """Run days first … first + days − 1; tallies[day, stratum, measure] gain theirs.

    voices[day, class] counts posts by their authors' opinion. The panel's ledger
    gains the lines of its citizens; nothing else changes by it.
    """
    total = world.people.shape[1]
    chunks = (total + chunk - 1) // chunk
    districts = (total + DISTRICT - 1) // DISTRICT
    counts, heard = _counts(chunks, tallies.shape[1], tallies.shape[2])
    for t in range(days):
        day = first + t
        for c in prange(chunks):
            lo = c * chunk
            room = room_of(min(TILE, chunk))
            live_chunk(world, room, lo, min(total, lo + chunk), day, seed,
                   rules_table[epochs[day]], counts[c], heard[c], panel, t)  # fmt: skip
        for d in prange(districts):
            close_day(world, np.int64(d), day, seed, rules_table[epochs[day]])
        if day % MONTH == MONTH - 1:
            leaving = np.empty(total, np.uint16)
            for c in prange(chunks):
                lo, rules = c * chunk, rules_table[epochs[day]]
                look_at_ties(world, lo, min(total, lo + chunk), day, seed, rules, leaving)
            for c in prange(chunks):
                close_ties(world, c * chunk, min(total, c * chunk + chunk), leaving)
        for stratum in prange(tallies.shape[1]):
            _add_up(counts, np.int64(stratum), tallies, t)
        _end(world, heard, voices, panel, t, world.words[1 - (day & 1)])
