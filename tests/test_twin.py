"""The engine and the plain-Python day agree in every citizen and every count."""

import importlib.util
from pathlib import Path

import numpy as np
import pytest
from conftest import build
from test_day import NOBODY, harsh

from underwatch import rules
from underwatch.engine.cpu import Panel, World, live_days
from underwatch.measures.ledger import empty_ledger
from underwatch.measures.tally import NAMES, STRATA
from underwatch.response.state import STATE, State
from underwatch.scenario import Scenario

_spec = importlib.util.spec_from_file_location(
    "reference_day", Path(__file__).parent.parent / "reference" / "day.py"
)
twin = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(twin)

CITIZENS, SEED = 2_000, 7


@pytest.fixture(scope="module")
def village():
    people, ties = build(CITIZENS, SEED)
    contacts = []
    for i in range(CITIZENS):
        first = i - int(people[i]["place_in_home"])
        home = [j for j in range(first, first + int(people[i]["home_size"])) if j != i]
        slots = [[int(j) for j in part if j < CITIZENS] for part in (ties[i, :12], ties[i, 12:])]
        contacts.append({"home": home, "local": slots[0], "online": slots[1]})
    plain = [dict(zip(people.dtype.names, map(int, p), strict=True)) for p in people]
    return people, ties, plain, contacts


def engine(people, ties, table, epochs):
    n = len(people)
    world = World(
        people, ties, np.zeros(n, STATE), np.zeros((2, n + 1), np.uint64), np.zeros(n, np.uint8)
    )
    world.states["trust"], world.states["score"] = 32_768, 1000
    tallies = np.zeros((len(epochs), STRATA, len(NAMES)), np.int64)
    nobody = Panel(NOBODY, np.zeros(0, STATE), empty_ledger(len(epochs), 0))
    live_days(world, 0, len(epochs), SEED, epochs, table, 700, tallies, nobody)
    return world.states, tallies.sum(1)


def two_epochs():
    """Harsh rules, and from day 100 others: company counts further, files last, less is barred."""
    table = np.concatenate([harsh(), harsh()])
    table["court_desk"] *= 10  # a village of 2,000 has a whole place a day
    table["hops_many"][1], table["halve_days"][1] = 1, 0
    table["list_bans"][1], table["correct"][1], table["observed"][1] = 1, 0, [1, 0, 1]
    return table, (np.arange(130) >= 100).astype(np.int64)


def article():
    """The default scenario from the day on which everyone is scored."""
    scenario = Scenario.load("atlantic-2018", ["first_day=2019-12-02"])
    return rules.timetable(scenario, 60)


def differences(village, table, epochs, twins_table):
    people, ties, plain, contacts = village
    states, tallies = engine(people, ties, table, epochs)
    by_epoch = [{k: r[k].tolist() for k in twins_table.dtype.names} for r in twins_table]
    by_day = [by_epoch[e] for e in epochs]
    citizens, counts = twin.live(plain, contacts, by_day, len(by_day), SEED, 1000)
    found = []
    for i, citizen in enumerate(citizens):
        ours = twin.as_record(citizen)
        found += [
            f"citizen {i}: {field} is {int(s)} in the engine and {o} in the twin"
            for field, s, o in zip(State._fields, states[i], ours, strict=True)
            if int(s) != o
        ]
    for day, row in enumerate(tallies):
        found += [
            f"day {day}: {name} is {int(n)} in the engine and {counts[day][name]} in the twin"
            for name, n in zip(NAMES, row, strict=True)
            if int(n) != counts[day][name]
        ]
    return found, tallies.sum(0)


def test_the_plain_day_and_the_engine_agree_where_everything_happens(village):
    table, epochs = two_epochs()
    found, total = differences(village, table, epochs, table)
    assert found[:10] == []
    assert [name for name, n in zip(NAMES, total, strict=True) if n == 0] == []


def test_they_agree_under_the_system_of_the_article(village):
    table, epochs = article()
    found, _ = differences(village, table, epochs, table)
    assert found[:10] == []


def test_a_rule_changed_by_a_hair_in_one_of_them_is_noticed(village):
    table, epochs = two_epochs()
    other = table.copy()
    other["risk_heard"] += 7
    found, _ = differences(village, table, epochs[:8], other)
    assert found
