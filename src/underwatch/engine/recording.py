"""What a recorded citizen ends each day with, kept for a replay.

A recording is a measure: nothing reads it back, and no bit of the day depends on it.
The rows of a recording are uint64, one column for each day and citizen.
"""

import numpy as np

from underwatch.engine.signals import flags_of_lookalikes, share_of
from underwatch.engine.world import HOME, lookalike_of, rotation_of
from underwatch.kernel.columns import field_of
from underwatch.kernel.compile import nopython, serial
from underwatch.model.dossiers.companies import sold_by
from underwatch.model.society.people import DISTRICT, PERSON, load_person
from underwatch.model.society.segments import SLOTS, by_slot
from underwatch.model.state import (
    CREDIT,
    FATIGUE,
    all_in_lanes,
    credit_of,
    fatigue_of,
    in_lanes,
)

# Rows 0 to 4: the state by columns; FILE is the local file. SIGNALS: what others see. TOTAL and
# ASSOCIATES: the score and the observed contacts with the sum of their scores, all scores in
# sixteenths of a point, on days simulated stage by stage (else 0; active.py writes them).
FILE, STATE_WORDS = 2, 5
SIGNALS, TOTAL, ASSOCIATES = 5, 6, 7
SHARE = 8  # the weight of one contact, 65,536 = 1
PROTESTING = 9  # share of the district's adults who protested today, 65,536 = 1
NAMESAKE = 10  # local file of the day's double by name (see _namesake_file)
MISTAKES = 11  # misidentification flags for each member of the household, four bits each
FATIGUED = 12  # recent days of protest
PEOPLE = 13  # and the row after it: the traits of that day
AGES = 15  # of the other members of the household, eight bits each
OFFENDING = 16  # share of the district's adults who offended seriously today, of 2^24
CREDITED = 17  # the loan: see state.CREDIT
CLOSED = 18  # bits: the slots of candidate ties that are closed
CONTACTS = 19  # and the rows after it: the signals of each contact
OTHERS = HOME - 1  # household members besides the citizen


def contacts_of(population, citizens: np.ndarray) -> np.ndarray:
    """Whom some citizens hear: int64 (k, 23), the household first, then a tie for each slot.

    The population size stands for nobody.
    """
    n = population.citizens
    places, sizes = (
        field_of(population.columns, PERSON, name)[citizens].tolist()
        for name in ("place_in_home", "home_size")
    )
    found = np.full((len(citizens), OTHERS + SLOTS), n, np.int64)
    for place, citizen in enumerate(citizens.tolist()):
        first = citizen - places[place]
        members = range(first, first + sizes[place])
        others = [member for member in members if member != citizen]
        found[place, : len(others)] = others
    if len(citizens):
        found[:, OTHERS:] = by_slot(population.ties, citizens)
    return found


def closed_of(world, citizens: np.ndarray) -> np.ndarray:
    """The closed ties of some citizens, a bit for the slot of each candidate: uint64 (k)."""
    return (world.candidate_slots[citizens] & ~world.slots[citizens]).astype(np.uint64)


def record_morning(simulation, passed) -> dict[tuple[int, int], np.ndarray]:
    """Write what births and deaths of a month changed into the evening before, as mornings see it.

    Returns the first state of recorded adults who moved in, and their closed ties after it, by
    (day, place): the evening before is that of the person who died.
    """
    world, day, recorded = simulation.world, simulation.day, simulation.followed
    seen = world.signals[day & 1]
    evening = simulation.evenings[:, day - 1]
    evening[SHARE] = shares_of(world, recorded)
    _record_namesakes(world, recorded, day - 1, simulation.population.seed, evening[NAMESAKE])
    evening[CONTACTS:] = all_in_lanes(seen[simulation.contacts]).T
    flags = world.flags[day & 1][recorded].astype(np.int64)
    evening[FATIGUED], evening[CREDITED] = flags // FATIGUE & 15, flags // CREDIT
    alive = ~np.isin(recorded, passed.dead["citizen"])
    states = np.vstack([world.states[:, recorded], closed_of(world, recorded)])
    evening[:STATE_WORDS, alive] = states[:STATE_WORDS, alive]
    evening[CLOSED, alive] = states[STATE_WORDS, alive]
    come = np.flatnonzero(~alive & np.isin(recorded, passed.new_adults))
    return {(day, k): states[:, k].copy() for k in come.tolist()}


def shares_of(world, citizens: np.ndarray) -> np.ndarray:
    """The weight of one contact of some citizens, 65,536 = 1: uint64 (k)."""
    known = world.known[citizens].astype(np.uint64)
    return np.where(known, 65_536 // np.maximum(known, 1), 0).astype(np.uint64)


@nopython
def _namesake_file(world, i, names):
    """The local file of i's double by name, as i's marketplace and office know it; 0 for i's own.

    The purchases of a customer of another marketplace are not in it.
    """
    namesake = lookalike_of(names, i, world.people.shape[1])
    if namesake == i:
        return np.uint64(0)
    theirs = load_person(world.people, namesake).memberships
    own = load_person(world.people, i).memberships
    return np.uint64(sold_by(np.int64(world.states[FILE, namesake]), theirs, own))


@serial
def _record_namesakes(world, citizens, day, seed, out):
    """Write the file of the double by name of each of some citizens."""
    names = rotation_of(day, seed, 1, world.people.shape[1])
    for k in range(citizens.shape[0]):
        out[k] = _namesake_file(world, citizens[k], names)


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
        out[SIGNALS], out[SHARE] = in_lanes(shown[i]), np.uint64(share_of(world.known[i]))
        out[PROTESTING] = np.uint64(world.protesting[i // DISTRICT])
        out[CREDITED] = np.uint64(credit_of(flags[i]))
        out[OFFENDING] = np.uint64(world.offending[i // DISTRICT])
        out[FATIGUED] = np.uint64(fatigue_of(flags[i]))
        out[NAMESAKE] = _namesake_file(world, i, names)
        out[CLOSED] = np.uint64(np.int64(world.candidate_slots[i]) & ~np.int64(world.slots[i]))
        out[PEOPLE], out[PEOPLE + 1] = world.people[0, i], world.people[1, i]
        ages = np.uint64(0)
        mistakes = np.uint64(flags_of_lookalikes(flags, faces, names, i, i, total))
        for c in range(panel.contacts.shape[1]):
            j = panel.contacts[k, c]
            out[CONTACTS + c] = in_lanes(shown[j])
            if c < OTHERS and j < total:
                at = np.uint64(4 * (c + 1))
                mistakes |= np.uint64(flags_of_lookalikes(flags, faces, names, j, i, total)) << at
                ages |= (world.people[0, j] & np.uint64(255)) << np.uint64(8 * c)
        out[MISTAKES], out[AGES] = mistakes, ages
