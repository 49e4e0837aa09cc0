"""Once a month: birthdays, deaths, births and comings of age (see model/society/vital.py).

What the dead leave behind ends with them: files at all offices, restrictions, cases, ties. The
numbers pass to newborns. A case of the dead leaves its queue that evening and is counted as
dropped; a restriction is counted as ended, and as ended by death.
"""

from typing import NamedTuple

import numpy as np

from underwatch.engine.night import pack_open_ties
from underwatch.kernel.columns import as_columns, as_records, field_of, pieces
from underwatch.measurement.catalogue import LAYERS, NAMES
from underwatch.measurement.cohorts import CAME_OF_AGE, CHILD, MOVED_IN
from underwatch.measurement.tally import stratum
from underwatch.model.society.people import ADULT, PERSON, Person
from underwatch.model.society.segments import SLOTS, by_slot
from underwatch.model.society.ties import OPEN, OUT_OF
from underwatch.model.society.vital import (
    COMES_OF_AGE,
    DIES,
    YEAR,
    Vital,
    ask_everyone,
    hashes,
    incomers,
    lot,
    newborns,
)
from underwatch.model.state import MISTAKEN, STATE
from underwatch.model.streams import MEETING

# A bearer of a number who died: who it was, and what was counted about them.
DEAD = np.dtype(
    [("citizen", "u4"), ("bearer", "u1"), ("day", "u2")]
    + [(name, "u1") for name in PERSON.names]
    + [("cohort", "u1"), ("restricted_days", "u2"), ("history", "u2")]
)
_HOME = np.arange(8)  # members of the largest household


class Month(NamedTuple):
    """What happened between two days."""

    dead: np.ndarray  # DEAD records
    counts: np.ndarray  # int64 (strata, measures): what the day that begins gains
    new_adults: np.ndarray  # int64: citizens who came of age or moved in


def stratum_of(people: np.ndarray) -> np.ndarray:
    """The stratum of PERSON records: int64 (n)."""
    return stratum.py_func(Person(*(people[name].astype(np.int64) for name in Person._fields)))


def first_states(people: np.ndarray, citizens: np.ndarray, held) -> np.ndarray:
    """The state of adults on their first morning: STATE records (n).

    people: PERSON records of the citizens; held: a PARAMS record.
    """
    from underwatch.model.response.overnight import resting_trusts_of

    first = np.zeros(len(people), STATE)
    first["opinion"] = people["conviction"]
    first["support"] = held["support_start"][people["conviction"]]
    first["trust"] = resting_trusts_of(citizens, held)
    return first


def vital_of(held) -> Vital:
    """The parameters of births and deaths of a PARAMS record."""
    return Vital(held["deaths"], held["convictions"], int(held["conviction_spread"]),
                 int(held["heirs"]))  # fmt: skip


class Elsewhere:
    """Whoever simulates the rest of the nation: nobody, if this process simulates everyone."""

    def exchange_ages(self, world) -> None:
        """Called when all own citizens have their age, before that of a candidate is read."""

    def exchange_ties(
        self, world, citizens: np.ndarray, candidates: np.ndarray, born: bool
    ) -> None:
        """Called when the ties of newborns, or of new adults, are closed or open, before packing.

        candidates: theirs by slot, uint32 (k, 16); the population size for none.
        """


NOBODY = Elsewhere()


def pass_month(
    world, day: int, seed: int, held, own: tuple[int, int] | None = None,
    elsewhere: Elsewhere = NOBODY,
) -> Month:  # fmt: skip
    """Births and deaths before a day begins.

    world: changed in place; held: the PARAMS record of the day. own: the first citizen and the one
    after the last who are simulated here; None = everyone. elsewhere: whoever simulates the others.
    """
    n, vital = world.people.shape[1], vital_of(held)
    begin, end = own or (0, n)
    room = world.signals[1 - (day & 1)].view(np.uint8)  # of the day that begins, not written yet
    before, events = room[: 2 * n].view(np.uint16), room[2 * n : 3 * n]
    before[begin:end] = world.slots[begin:end]
    deaths = np.ascontiguousarray(vital.deaths)
    ask_everyone(world.people, world.birthdays, events, day, seed, deaths, begin, end)
    dead, of_age = (_with_bit(events, bit, begin, end) for bit in (DIES, COMES_OF_AGE))
    counts = np.zeros((len(_strata()), len(NAMES)), np.int64)
    log = _end(world, day, dead, counts)
    _store(world, of_age, first_states(_people(world, of_age), of_age, held))
    world.cohorts[of_age] = CAME_OF_AGE
    moved, born = _replace(world, seed, dead, events, vital, held)
    new_adults = np.union1d(of_age, moved)
    elsewhere.exchange_ages(world)
    _close_and_open(world, day, seed, born, new_adults, elsewhere)
    pack_open_ties(world, before, begin, end)
    for name, who in (("births", born), ("comings_of_age", of_age)):
        np.add.at(counts[:, NAMES.index(name)], stratum_of(_people(world, who)), 1)
    return Month(log, counts, new_adults)


def _strata() -> range:
    return range(np.prod([len(labels) for labels in LAYERS.values()]))


def _with_bit(events: np.ndarray, bit: int, begin: int, end: int) -> np.ndarray:
    """Those of citizens begin … end − 1 with a bit of `events`, ascending: int64."""
    return np.concatenate([
        here.start + np.flatnonzero(events[here] & bit != 0) for here in pieces(end, first=begin)
    ])  # fmt: skip


def _people(world, citizens: np.ndarray) -> np.ndarray:
    return as_records(world.people[:, citizens], PERSON)


def _store(world, citizens: np.ndarray, states: np.ndarray) -> None:
    world.states[:, citizens] = as_columns(states)


def _end(world, day: int, dead: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """Empty the numbers of the dead; what is counted about them is returned."""
    people, states = _people(world, dead), as_records(world.states[:, dead], STATE)
    log = np.zeros(len(dead), DEAD)
    log["citizen"], log["bearer"], log["day"] = dead, world.bearers[dead], day
    for name in PERSON.names:
        log[name] = people[name]
    log["cohort"], log["history"] = world.cohorts[dead], world.history[dead]
    log["restricted_days"] = world.restricted_days[dead]
    strata = stratum_of(people)
    by_score = (states["score_until"] > 0) & (states["reasons"] > 15)
    ended = (states["list_until"] > 0).astype(np.int64) + by_score
    np.add.at(counts[:, NAMES.index("deaths")], strata, 1)
    for name in ("ended", "ended_by_death"):
        np.add.at(counts[:, NAMES.index(name)], strata, ended)
    world.history[dead], world.restricted_days[dead] = 0, 0
    world.signals[day & 1][dead] = 0
    world.flags[day & 1][dead] &= np.uint16(MISTAKEN)  # an act of yesterday is entered today
    world.bearers[dead] += np.uint8(1)
    world.birthdays[dead] = day % YEAR
    return log


def _replace(world, seed, dead, events, vital, held) -> tuple[np.ndarray, np.ndarray]:
    """Newborns, and adults where none is left, take the numbers of the dead.

    Returns who moved in, and who was born. The events of those who moved in end.
    """
    people, number = _people(world, dead), world.bearers[dead].astype(np.int64)
    head = dead - people["place_in_home"]
    members = np.minimum(head[:, None] + _HOME, world.people.shape[1] - 1)
    there = _HOME < people["home_size"][:, None]
    empty = ~(there & _adults_alive(world, events, members)).any(1)
    moves = empty & (np.diff(head, prepend=-1) > 0)  # the lowest number of each home
    moved, born = dead[moves], dead[~moves]
    arrived = incomers(people[moves], moved, number[moves], seed, vital)
    world.people[:, moved] = as_columns(arrived)
    _store(world, moved, first_states(arrived, moved, held))
    world.cohorts[moved] = MOVED_IN
    events[moved] = 0

    people, number, members = people[~moves], number[~moves], members[~moves]
    adults = there[~moves] & _adults_alive(world, events, members)
    drawn = lot(seed, number, born, adults.sum(1))
    place = np.argmax(np.cumsum(adults, 1) > drawn[:, None], 1)
    parent = members[np.arange(len(born)), place]
    opinion = as_records(world.states[:, parent], STATE)["opinion"].astype(np.int64)
    income = _people(world, parent)["income"].astype(np.int64)
    babies = newborns(people, born, number, (income, opinion), seed, vital)
    world.people[:, born] = as_columns(babies)
    _store(world, born, np.zeros(len(born), STATE))
    world.cohorts[born] = CHILD
    return moved, born


def _adults_alive(world, events: np.ndarray, citizens: np.ndarray) -> np.ndarray:
    """Which of some citizens are adults who do not die: bool, of the same shape."""
    adults = field_of(world.people, PERSON, "age")[citizens] >= ADULT
    alive: np.ndarray = adults & (events[citizens] & DIES == 0)
    return alive


def put(world, citizens: np.ndarray, bits: np.ndarray, closed) -> None:
    """Close or open slots; `closed` is one truth value or one for each of them.

    citizens: whose slots, each as often as there are any; bits: of the slots, uint16 (n).
    """
    np.bitwise_and.at(world.slots, citizens, ~bits)
    np.bitwise_or.at(world.slots, citizens, np.where(closed, np.uint16(0), bits))


def _candidates(citizens: np.ndarray, table: np.ndarray, n: int):
    """The candidate ties in a table by slot: own ends, other ends (int64) and slots (uint16)."""
    row, slot = np.nonzero(table < n)
    return citizens[row], table[row, slot].astype(np.int64), slot.astype(np.uint16)


def _close_and_open(world, day, seed, born, new_adults, elsewhere) -> None:
    """A newborn's ties are closed at both ends; those of a new adult to adults open by lot."""
    n = world.people.shape[1]
    young, grown = by_slot(world, born), by_slot(world, new_adults)
    own, theirs, slots = _candidates(born, young, n)
    bits = np.uint16(1) << slots
    np.bitwise_or.at(world.absent, theirs, bits)
    put(world, own, bits, True)
    put(world, theirs, bits, True)
    own, theirs, slots = _candidates(new_adults, grown, n)
    bits = np.uint16(1) << slots
    np.bitwise_and.at(world.absent, theirs, ~bits)
    pair = np.minimum(own, theirs) * SLOTS + slots
    drawn = hashes(seed, MEETING, day, pair) >> np.uint64(32)
    child = field_of(world.people, PERSON, "age")[theirs] < ADULT
    closed = child | (drawn >= np.uint64((OPEN << 32) // OUT_OF))
    put(world, own, bits, closed)
    put(world, theirs, bits, closed)
    elsewhere.exchange_ties(world, born, young, True)
    elsewhere.exchange_ties(world, new_adults, grown, False)
