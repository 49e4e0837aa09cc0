"""The first morning: each citizen begins with what formulas say, worked out here in another way."""

import numpy as np

from helpers import worlds
from underwatch.engine.first_morning import PART
from underwatch.engine.vital import first_states
from underwatch.kernel.columns import as_records
from underwatch.measurement.cohorts import ADULTS_AT_START, CHILD
from underwatch.model.society.pairing import empty_pairs
from underwatch.model.society.people import BORROWS, PERSON
from underwatch.model.society.ties import none_chosen
from underwatch.model.society.vital import YEAR, hashes
from underwatch.model.state import STATE
from underwatch.model.streams import BIRTHDAY

CITIZENS, SEED = 2 * PART + 77, 2018


def test_everyone_begins_with_what_the_formulas_say():
    rng = np.random.default_rng(1)
    people = np.zeros(CITIZENS, PERSON)
    for name, top in (("age", 90), ("conviction", 256), ("memberships", 256)):
        people[name] = rng.integers(0, top, CITIZENS)
    ties = none_chosen(empty_pairs(CITIZENS), CITIZENS)
    ties.candidate_slots[:] = rng.integers(0, 1 << 16, CITIZENS)
    params = worlds.harsh()
    params["credit_on"], params["credit_term"] = 1, 36
    world = worlds.world_of(people, ties, params, SEED)

    citizens, adults = np.arange(CITIZENS), people["age"] >= 18
    states = as_records(world.states, STATE)
    expected = first_states(people, citizens, params[0])  # as adults who come of age later begin
    for name in STATE.names:
        assert (states[name] == expected[name] * adults).all(), name
    turns = hashes(SEED, BIRTHDAY, 0, citizens) >> np.uint64(32)
    assert (world.birthdays == turns * np.uint64(YEAR) >> np.uint64(32)).all()
    assert (world.absent == np.where(adults, 0, ties.candidate_slots)).all()
    assert (world.cohorts == np.where(adults, ADULTS_AT_START, CHILD)).all()
    place = citizens * 3_266_489_917 & 0xFFFFFFFF
    left = (1 + (place * 36 >> 32)) * (adults & (people["memberships"] & BORROWS != 0))
    assert (world.flags[0, :-1] >> 9 == left).all() and left.max() == 36
    enrolled = (place + SEED * 2_654_435_761 & 0xFFFFFFFF) < params["enrolled"]
    assert world.listed[0] == (enrolled & adults).sum() > 0
