"""What launches do once a month: birthdays, deaths and births, as engine/vital.py has them.

A thread for each citizen. What happens to citizens is left in the place of the signals of the day
that begins, which the mornings write: DIES, COMES_OF_AGE, and MOVES_IN beside DIES. Each launch
reads of others only what no thread of the same launch changes: whoever reads the household passes
over its dead.
"""

import numpy as np
from numba import cuda

from underwatch.engine.cuda.ties import begin
from underwatch.kernel.bits import lowest
from underwatch.kernel.compile import kernel
from underwatch.kernel.random import key, mixed
from underwatch.measurement.catalogue import NAMES
from underwatch.measurement.cohorts import CAME_OF_AGE, CHILD, MOVED_IN
from underwatch.measurement.tally import stratum
from underwatch.model.decisions.restrictions import in_force
from underwatch.model.response.overnight import first_feelings
from underwatch.model.society.bearers import (
    age_of_incomer,
    conviction_drawn,
    conviction_of_newborn,
    income_of_newborn,
    own_traits,
    parent_drawn,
)
from underwatch.model.society.people import ADULT, DISTRICT, Person, load_person, store_person
from underwatch.model.society.segments import SLOTS, near_slots
from underwatch.model.society.ties import OPEN, OUT_OF
from underwatch.model.society.vital import COMES_OF_AGE, DIES, YEAR, ask
from underwatch.model.state import MISTAKEN, load_state, put_feelings
from underwatch.model.streams import BIRTH, DEATH, MEETING

MOVES_IN = 4  # beside DIES: the number passes to an adult
_GROWN = COMES_OF_AGE | MOVES_IN
DEAD_OF, NEXT = 0, 1  # words of `found`: the dead, and those written to the log
LOG = 4  # words of the log for each of the dead: as `logged` reads them
_DEATHS, _BIRTHS, _COMINGS = (NAMES.index(x) for x in ("deaths", "births", "comings_of_age"))
_ENDED, _ENDED_BY_DEATH = NAMES.index("ended"), NAMES.index("ended_by_death")
_NEVER = (OPEN << 32) // OUT_OF  # a draw from here on: the two do not meet


def grow_older(world, work, day, seed, params_table, epoch, found):
    """Birthdays, and who dies; found[DEAD_OF] counts them."""
    params, events = params_table[epoch], world.signals[1 - (day & 1)]
    month_key = key(seed, DEATH, day)
    for i in range(cuda.grid(1), world.people.shape[1], cuda.gridsize(1)):
        before = load_person(world.people, i).age
        ask(world.people, world.birthdays, events, i, i + 1, day, month_key, params.deaths)
        if before < ADULT and load_person(world.people, i).age >= ADULT:
            cuda.atomic.add(work.adults, i // DISTRICT, 1)
        if np.int64(events[i]) & DIES:
            cuda.atomic.add(found, DEAD_OF, 1)


@kernel
def _start_as_adult(world, i, conviction, params):
    """The state of an adult on the first morning."""
    for column in range(world.states.shape[0]):
        world.states[column, i] = np.uint64(0)
    trust, support = first_feelings(i, conviction, params)
    put_feelings(world.states, i, 0, 0, trust, support, conviction, 0)


@kernel
def _bury(world, i, traits, day, log, at, counts):
    """End what the dead leave behind, and write them to the log."""
    state, k = load_state(world.states, i), stratum(traits)
    ended = in_force(state)
    number = np.uint64(world.bearers[i]) << np.uint64(32)
    cohort = np.uint64(world.cohorts[i]) << np.uint64(40)
    restricted = np.uint64(world.restricted_days[i]) << np.uint64(48)
    log[0, at] = np.uint64(i) | number | cohort | restricted
    log[1, at] = np.uint64(world.history[i])
    log[2, at], log[3, at] = world.people[0, i], world.people[1, i]
    cuda.atomic.add(counts, (k, _DEATHS), 1)
    if ended:
        cuda.atomic.add(counts, (k, _ENDED), ended)
        cuda.atomic.add(counts, (k, _ENDED_BY_DEATH), ended)
    world.history[i], world.restricted_days[i] = np.uint16(0), np.uint16(0)
    world.signals[day & 1, i] = np.uint32(0)
    world.flags[day & 1, i] = world.flags[day & 1, i] & np.uint16(MISTAKEN)
    world.bearers[i] = np.uint8(np.int64(world.bearers[i]) + 1 & 255)
    world.birthdays[i] = np.uint16(day % YEAR)


@kernel
def _moves_in(world, events, i, traits):
    """Whether an adult takes the number of i: the first of the dead of a home without adults."""
    head = i - traits.place_in_home
    for j in range(head, head + traits.home_size):
        if np.int64(events[j]) & DIES:
            if j < i:
                return False
        elif load_person(world.people, j).age >= ADULT:
            return False
    return True


@kernel
def _incomer(world, i, old, seed, params):
    """An adult of 18 to 29 takes the number of i, and the group, place and memberships."""
    number = np.int64(world.bearers[i])
    first = mixed(key(seed, BIRTH, number), i)
    second = mixed(key(seed, BIRTH + 1, number), i)
    conviction = np.int64(params.convictions[conviction_drawn(second)])
    thrift, prudence, independent, sociable, mobile, taste, threshold, income = own_traits(first)
    new = Person(
        age_of_incomer(second), old.group, old.place, income, thrift, conviction, prudence,
        independent, sociable, mobile, taste, old.memberships, old.place_in_home, old.home_size,
        old.piloted, threshold,
    )  # fmt: skip
    store_person(world.people, i, new)
    _start_as_adult(world, i, conviction, params)


def succeed(world, work, day, seed, params_table, epoch, log, counts, found):
    """Who comes of age begins as an adult; the dead are buried, and adults move in."""
    params, events = params_table[epoch], world.signals[1 - (day & 1)]
    for i in range(cuda.grid(1), world.people.shape[1], cuda.gridsize(1)):
        event = np.int64(events[i])
        if event:
            traits, district = load_person(world.people, i), i // DISTRICT
            if event & DIES:
                at = cuda.atomic.add(found, NEXT, 1)
                _bury(world, i, traits, day, log, at, counts)
                if traits.age >= ADULT:
                    cuda.atomic.add(work.adults, district, -1)
                if _moves_in(world, events, i, traits):
                    _incomer(world, i, traits, seed, params)
                    events[i] = np.uint32(DIES | MOVES_IN)
                    world.cohorts[i] = np.uint8(MOVED_IN)
                    cuda.atomic.add(work.adults, district, 1)
            else:
                _start_as_adult(world, i, traits.conviction, params)
                world.cohorts[i] = np.uint8(CAME_OF_AGE)
                cuda.atomic.add(counts, (stratum(traits), _COMINGS), 1)


@kernel
def _is_parent(world, events, j):
    """Whether j is an adult of the household as it is after deaths and moves."""
    event = np.int64(events[j])
    return event & MOVES_IN != 0 or (
        event & DIES == 0 and load_person(world.people, j).age >= ADULT
    )


@kernel
def _newborn(world, events, i, old, seed, params):
    """A newborn takes the number of i, and after one adult of the household. The newborn."""
    number, head, adults = np.int64(world.bearers[i]), i - old.place_in_home, 0
    first = mixed(key(seed, BIRTH, number), i)
    second = mixed(key(seed, BIRTH + 1, number), i)
    for j in range(head, head + old.home_size):
        adults += np.int64(_is_parent(world, events, j))
    left, parent = parent_drawn(second, adults), head
    for j in range(head, head + old.home_size):
        if _is_parent(world, events, j):
            if left == 0:
                parent = j
            left -= 1
    opinion = load_state(world.states, parent).opinion
    theirs = load_person(world.people, parent).income
    thrift, prudence, independent, sociable, mobile, taste, threshold, own = own_traits(first)
    conviction = conviction_of_newborn(second, opinion, np.int64(params.conviction_spread))
    income = income_of_newborn(second, own, theirs, np.int64(params.heirs))
    new = Person(
        0, old.group, old.place, income, thrift, conviction, prudence, independent, sociable,
        mobile, taste, old.memberships, old.place_in_home, old.home_size, old.piloted, threshold,
    )  # fmt: skip
    store_person(world.people, i, new)
    return new


def be_born(world, work, day, seed, params_table, epoch, counts):
    """Newborns take the other numbers of the dead."""
    params, events = params_table[epoch], world.signals[1 - (day & 1)]
    for i in range(cuda.grid(1), world.people.shape[1], cuda.gridsize(1)):
        if np.int64(events[i]) == DIES:
            new = _newborn(world, events, i, load_person(world.people, i), seed, params)
            for column in range(world.states.shape[0]):
                world.states[column, i] = np.uint64(0)
            world.cohorts[i] = np.uint8(CHILD)
            cuda.atomic.add(counts, (stratum(new), _BIRTHS), 1)


def meet(world, work, day, seed):
    """A newborn's ties close at both ends; those of a new adult to adults open by lot."""
    events, month_key = world.signals[1 - (day & 1)], key(seed, MEETING, day)
    for i in range(cuda.grid(1), world.people.shape[1], cuda.gridsize(1)):
        held, own = np.int64(world.candidate_slots[i]), np.int64(events[i])
        opened, absent = np.int64(world.slots[i]), np.int64(world.absent[i])
        near, wide = begin(world, work, i)
        mask, start = near_slots(world, i), i // DISTRICT * DISTRICT
        is_child = load_person(world.people, i).age < ADULT
        while held:
            slot = lowest(held)
            held &= held - 1
            is_near = mask >> slot & 1
            if is_near:
                j = start + np.int64(work.near[near])
            else:
                j = np.int64(work.wide[wide])
            near += is_near
            wide += 1 - is_near
            theirs, bit = np.int64(events[j]), 1 << slot
            if theirs & _GROWN:
                absent &= ~bit
            elif theirs:
                absent |= bit
            if (own | theirs) & _GROWN:
                drawn = np.int64(mixed(month_key, min(i, j) * SLOTS + slot) >> np.uint64(32))
                closed = is_child or load_person(world.people, j).age < ADULT or drawn >= _NEVER
                opened = opened & ~bit if closed else opened | bit
            elif own | theirs:
                opened &= ~bit
        world.slots[i], world.absent[i] = np.uint16(opened), np.uint16(absent)
