"""What a recorded citizen ends each day with, kept for a replay.

A recording is a measure: nothing reads it back, and no bit of the day depends on it.
The rows of a recording are uint64, one column for each day and citizen.
"""

import numpy as np

from underwatch.engine.signals import flags_of_lookalikes
from underwatch.engine.world import HOME, lookalike_of, rotation_of
from underwatch.kernel.compile import nopython
from underwatch.model.society.people import DISTRICT
from underwatch.model.society.ties import SLOTS, by_slot
from underwatch.model.state import credit_of, fatigue_of

# Rows 0 to 3: the state by columns. SIGNALS: what others see. TOTAL and ASSOCIATES: the score
# and the observed contacts with the sum of their scores, all scores in sixteenths of a point, on
# days simulated stage by stage (else 0; chunks.py writes them).
SIGNALS, TOTAL, ASSOCIATES = 4, 5, 6
SHARE = 7  # the weight of one contact, 65,536 = 1
PROTESTING = 8  # share of the district's adults who protested today, 65,536 = 1
NAMESAKE = 9  # signals of today's double by name
MISTAKES = 10  # misidentification flags for each member of the household, four bits each
FATIGUED = 11  # recent days of protest
OFFENDING = 12  # share of the district's adults who offended seriously today, of 2^24
CREDITED = 13  # the loan: see state.CREDIT
CONTACTS = 14  # and the rows after it: the signals of each contact
OTHERS = HOME - 1  # household members besides the citizen


def contacts_of(population, citizens: np.ndarray) -> np.ndarray:
    """Whom some citizens hear: int64 (k, 23), the household first, then a tie for each slot.

    The population size stands for nobody.
    """
    people, n = population.people, len(population.people)
    found = np.full((len(citizens), OTHERS + SLOTS), n, np.int64)
    for place, citizen in enumerate(citizens.tolist()):
        first = citizen - int(people[citizen]["place_in_home"])
        members = range(first, first + int(people[citizen]["home_size"]))
        others = [member for member in members if member != citizen]
        found[place, : len(others)] = others
    found[:, OTHERS:] = by_slot(population.ties, citizens)
    return found


@nopython
def record_evening(world, panel, t, day, seed):
    """Write the evening of every recorded citizen into panel.evenings[row, t, citizen]."""
    total = world.people.shape[1]
    shown, flags = world.signals[1 - (day & 1)], world.flags[1 - (day & 1)]
    faces, names = rotation_of(day, seed, 0, total), rotation_of(day, seed, 1, total)
    for k in range(panel.citizens.shape[0]):
        i, out = panel.citizens[k], panel.evenings[:, t, k]
        for w in range(world.states.shape[0]):
            out[w] = world.states[w, i]
        out[SIGNALS], out[SHARE] = shown[i], np.uint64(world.shares[i])
        out[PROTESTING] = np.uint64(world.protesting[i // DISTRICT])
        out[CREDITED] = np.uint64(credit_of(flags[i]))
        out[OFFENDING] = np.uint64(world.offending[i // DISTRICT])
        out[FATIGUED] = np.uint64(fatigue_of(flags[i]))
        out[NAMESAKE] = shown[lookalike_of(names, i, total)]
        mistakes = np.uint64(flags_of_lookalikes(flags, faces, names, i, i, total))
        for c in range(panel.contacts.shape[1]):
            j = panel.contacts[k, c]
            out[CONTACTS + c] = shown[j]
            if c < OTHERS and j < total:
                at = np.uint64(4 * (c + 1))
                mistakes |= np.uint64(flags_of_lookalikes(flags, faces, names, j, i, total)) << at
        out[MISTAKES] = mistakes
