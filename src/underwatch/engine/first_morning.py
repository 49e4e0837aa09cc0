"""The first morning: what citizens feel and owe, whose birthday is when, who is on the watch list.

What is 0 then is not written, so that it takes no memory before it is needed.
"""

import numpy as np

from underwatch.kernel.columns import putter
from underwatch.kernel.compile import nopython, parallel, prange
from underwatch.kernel.random import key, mixed
from underwatch.measurement.cohorts import ADULTS_AT_START, CHILD
from underwatch.model.decisions.police import enrolled_at_random
from underwatch.model.response.overnight import first_feelings
from underwatch.model.society.people import ADULT, BORROWS, load_person
from underwatch.model.society.vital import YEAR
from underwatch.model.state import CREDIT, STATE
from underwatch.model.streams import BIRTHDAY

PART = 16_384  # citizens whom a thread takes at once
_put_first = putter(STATE, "trust", "support", "opinion")  # as in vital.first_states


@nopython
def _instalments_left(i, term):
    """How many of a loan's `term` instalments are left on the first morning: 1 to `term`."""
    return 1 + ((i * 3_266_489_917 & 0xFFFFFFFF) * term >> 32)


@nopython
def _begin(world, lo, hi, seed, birthday_key, params):
    """Set what citizens lo … hi − 1 begin with. How many of them are on the watch list."""
    listed = 0
    for i in range(lo, hi):
        person = load_person(world.people, i)
        turn = mixed(birthday_key, i) >> np.uint64(32)
        world.birthdays[i] = np.uint16(turn * np.uint64(YEAR) >> np.uint64(32))
        if person.age < ADULT:
            world.absent[i] = world.candidate_slots[i]
            world.cohorts[i] = np.uint8(CHILD)
            continue
        world.cohorts[i] = np.uint8(ADULTS_AT_START)
        trust, support = first_feelings(i, person.conviction, params)
        _put_first(world.states, i, trust, support, person.conviction)
        if params.credit_on and person.memberships & BORROWS:
            left = _instalments_left(i, np.int64(params.credit_term))
            world.flags[0, i] = np.uint16(left * CREDIT)
        listed += enrolled_at_random(i, seed, np.int64(params.enrolled))
    return listed


@parallel
def begin_everyone(world, seed, table, begin, end, listed):
    """Set what citizens begin … end − 1 begin with; listed[part] of them are on the watch list.

    table: PARAMS records, the first of which is that of the first day.
    """
    birthday_key = key(seed, BIRTHDAY, 0)
    for part in prange(listed.shape[0]):
        lo = begin + np.int64(part) * PART
        hi = min(end, lo + PART)
        listed[part] = _begin(world, lo, hi, seed, birthday_key, table[0])


def begin_lives(world, seed: int, held: np.void, begin: int, end: int) -> None:
    """Set what citizens begin … end − 1 begin with, and how many are on the watch list.

    held: the PARAMS record of the first day.
    """
    listed = np.zeros(-(-(end - begin) // PART), np.int64)
    begin_everyone(world, seed, np.array([held]), begin, end, listed)
    world.listed[0] = listed.sum()
