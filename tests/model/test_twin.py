"""The engine and the plain-Python day agree in every citizen and every count."""

import numpy as np
import pytest

from helpers import worlds
from helpers.nation import build
from helpers.twin import twin
from underwatch.measurement.catalogue import NAMES
from underwatch.model import parameters
from underwatch.model.parameters.society import caps
from underwatch.model.society.segments import SLOTS, by_slot
from underwatch.model.state import State
from underwatch.scenario import Scenario

CITIZENS, SEED = 600, 7


def settled(citizens):
    """(people, ties, plain people, plain contacts) of a village."""
    people, ties = build(citizens, SEED)
    candidates, contacts = by_slot(ties, np.arange(citizens)), []
    for i in range(citizens):
        first = i - int(people[i]["place_in_home"])
        home = [j for j in range(first, first + int(people[i]["home_size"])) if j != i]
        slots = [int(j) if j < citizens else None for j in candidates[i]]
        closed = {slot for slot in range(SLOTS) if ties.closed[i] >> slot & 1}
        contacts.append({"home": home, "slots": slots, "closed": closed})
    plain = [dict(zip(people.dtype.names, map(int, p), strict=True)) for p in people]
    return people, ties, plain, contacts


@pytest.fixture(scope="module")
def village():
    return settled(CITIZENS)


def three_epochs():
    """Harsh parameters; then files that do not halve and fewer bans; then review."""
    table = np.concatenate([worlds.harsh()] * 3)
    for queue in ("police_capacity", "appeal_capacity"):
        table[queue] *= 10  # so that 600 people have a whole place a day
    table["court_capacity"] *= [1, 0, 2]  # so that some debtors pay while they wait
    table["register_mistyped"] *= 2
    table["halve_days"][1] = 0
    table["list_bans"][1], table["correct"][1], table["observed_local"][1] = 1, 0, 0
    table["score_reads"], table["police_read"] = [0, 1, 2], [0, 2, 1]
    table["review_on"], table["opted_out"] = [0, 0, 1], [0, 0, 1 << 30]
    table["credit_on"] = [1, 0, 1]
    table["instalments_reported"][0] *= 0.6  # an empty file is below the lender's line
    table["news_passes"][2], table["compelled"][2] = 65536, 0
    table["posts_handed"][1], table["messages_handed"][1], table["petitions_handed"][2] = 0, 0, 0
    table["platform_every"][1] = 1  # what is flagged is handed over at once
    caps(table, 3)
    return table, np.repeat([0, 1, 2], [50, 35, 35])


def default_scenario():
    """The default scenario from 30 days before everyone is scored."""
    scenario = Scenario.load("atlantic-2018", ["first_day=2019-12-02"])
    return parameters.timetable(scenario, 60)


def differences(village, table, epochs, twins_table):
    people, ties, plain, contacts = village
    world, states, tallies = worlds.simulate(people, ties, table, epochs, SEED, 250)
    tallies = tallies.sum(1)
    by_epoch = [{k: r[k].tolist() for k in twins_table.dtype.names} for r in twins_table]
    by_day = [by_epoch[e] for e in epochs]
    citizens, counts = twin.simulate(plain, contacts, by_day, len(by_day), SEED)
    found = []
    for i, citizen in enumerate(citizens):
        ours = twin.as_record(citizen)
        found += [
            f"citizen {i}: {field} is {int(s)} in the engine and {o} in the twin"
            for field, s, o in zip(State._fields, states[i], ours, strict=True)
            if int(s) != o
        ]
    found += [
        f"citizen {i}: closed ties are {int(ours):b} in the engine and {theirs:b} in the twin"
        for i, ours in enumerate(world.candidate_slots & ~world.slots)
        if int(ours) != (theirs := twin.closed_ties(citizens[i]))
    ]
    for day, row in enumerate(tallies):
        found += [
            f"day {day}: {name} is {int(n)} in the engine and {counts[day][name]} in the twin"
            for name, n in zip(NAMES, row, strict=True)
            if int(n) != counts[day][name]
        ]
    return found, tallies.sum(0)


def test_twin_and_engine_agree_where_every_measure_occurs(village):
    table, epochs = three_epochs()
    found, total = differences(village, table, epochs, table)
    assert found[:10] == []
    assert [name for name, n in zip(NAMES, total, strict=True) if n == 0] == []


@pytest.mark.long
def test_twin_and_engine_agree_over_400_days_of_2000_people():
    table, _ = three_epochs()
    found, _ = differences(settled(2_000), table, np.repeat([0, 1, 2], [160, 120, 120]), table)
    assert found[:10] == []


def test_twin_and_engine_agree_in_the_default_scenario(village):
    table, epochs = default_scenario()
    found, _ = differences(village, table, epochs, table)
    assert found[:10] == []


def test_a_slightly_changed_parameter_in_one_of_them_is_noticed(village):
    table, epochs = three_epochs()
    other = table.copy()
    other["risk_heard"] += 7
    found, _ = differences(village, table, epochs[:16], other)
    assert found
