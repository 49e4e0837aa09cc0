"""A village of three neighbourhoods: margins, ties and likeness, small enough for every trial."""

import numpy as np
import pytest

from helpers.nation import build, open_ties
from underwatch.kernel.columns import as_columns, as_records
from underwatch.model.society.pairing import NEIGHBOURS
from underwatch.model.society.people import ADULT, PERSON
from underwatch.model.society.segments import LOCAL, by_slot
from underwatch.model.society.vital import OLDEST, YEAR, Vital, ask_everyone, newborns
from underwatch.model.streams import MONTH

CITIZENS = 1_536


@pytest.fixture(scope="module")
def village():
    people, ties = build(CITIZENS, likeness=(0.8, 0, 0, 0))
    return people, ties, open_ties(ties).astype(np.int64)


def test_places_and_groups_are_filled_by_quota(village):
    people, _, _ = village
    shares = np.bincount(people["group"], minlength=4) / CITIZENS
    assert shares == pytest.approx([0.70, 0.18, 0.08, 0.04], abs=0.001)
    places = np.bincount(people["place"], minlength=3) / CITIZENS  # whole households
    assert places == pytest.approx([0.361, 0.389, 0.25], abs=0.01)


@pytest.mark.parametrize("day", [30, 360, 390])
def test_a_birthday_is_in_the_month_before_the_day_that_holds_it(day):
    people, events = np.zeros(YEAR, PERSON), np.zeros(YEAR, np.uint8)
    columns = as_columns(people)
    birthdays = np.arange(YEAR, dtype=np.uint16)
    ask_everyone(columns, birthdays, events, day, 7, np.zeros(OLDEST + 1, np.int64), 0, YEAR)
    older = set(np.flatnonzero(as_records(columns, PERSON)["age"] == 1))
    assert older == {past % YEAR for past in range(day - MONTH, day)}


def test_whoever_has_the_age_of_certain_death_dies_and_nobody_else():
    people, events = np.zeros(OLDEST, PERSON), np.zeros(OLDEST, np.uint8)
    people["age"] = np.arange(OLDEST)
    deaths = np.where(np.arange(OLDEST + 1) == 70, 1 << 32, 0)
    born = np.full(OLDEST, 200, np.uint16)  # nobody has a birthday in these days
    ask_everyone(as_columns(people), born, events, 30, 7, deaths, 0, len(born))
    assert np.flatnonzero(events).tolist() == [70]


def test_newborns_lean_to_neither_side_of_their_parent():
    n, opinion = 4_000, 128
    vital = Vital(np.zeros(OLDEST + 1, np.int64), np.arange(256), spread=64, heirs=256)
    parents = np.full(n, 90), np.full(n, opinion)
    made = newborns(np.zeros(n, PERSON), np.arange(n), np.ones(n, np.int64), parents, 7, vital)
    held = made["conviction"].astype(float)
    assert held.mean() == pytest.approx(opinion - 0.5, abs=4 * held.std() / n**0.5)
    assert held.std() > 20 and (made["income"] == 90).all() and not made["age"].any()


def test_every_tie_has_two_ends(village):
    _, ties, opened = village
    for table in (opened, by_slot(ties, np.arange(CITIZENS)).astype(np.int64)):
        who, slot = np.nonzero(table < CITIZENS)
        assert (table[table[who, slot], slot] == who).all()


def test_adults_have_seven_ties_and_children_none(village):
    people, _, opened = village
    adult, known = people["age"] >= ADULT, opened < CITIZENS
    assert not known[~adult].any()
    layers = np.split(known[adult], [NEIGHBOURS, LOCAL], axis=1)
    many = [layer.sum(1).mean() for layer in layers]
    assert many == pytest.approx([1.4, 4.6, 1.0], rel=0.2)
    assert all((layer.mean(0) > 0.1).all() for layer in layers)  # no pairing of a layer is lost


def test_ties_join_opinions_as_alike_as_asked(village):
    people, _, opened = village
    who, slot = np.nonzero(opened < CITIZENS)
    opinion = people["conviction"].astype(float)
    likeness = np.corrcoef(opinion[who], opinion[opened[who, slot]])[0, 1]
    assert likeness == pytest.approx(0.8, abs=0.06)
