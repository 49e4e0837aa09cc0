"""The plain day of reference/day.py and the engine: the same bits in every citizen."""

import importlib.util
from pathlib import Path

import numpy as np
import pytest
from conftest import build
from test_day import NOBODY, harsh

from underwatch.engine.cpu import Panel, World, live_days
from underwatch.measures.ledger import empty_ledger
from underwatch.measures.tally import NAMES, STRATA
from underwatch.response.state import POLICE, POLICE_CALLED, STATE, State
from underwatch.rules import timetable
from underwatch.scenario import Scenario
from underwatch.society.ties import LOCAL

SEED = 2018
_path = Path(__file__).parent.parent / "reference" / "day.py"
_spec = importlib.util.spec_from_file_location("reference_day", _path)
plain = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(plain)

# Where the engine reads the model otherwise than the plain day. Shorten, never lengthen.
STILL_DISPUTED = ("removals unseen", "wait inherited", "own double")


def as_dicts(records):
    """Structured records as dictionaries of plain numbers and lists."""
    return [dict(zip(records.dtype.names, record, strict=True)) for record in records.tolist()]


def rules_as_dicts(table):
    return [{name: record[name].tolist() for name in table.dtype.names} for record in table]


def contacts_of(people, ties):
    """Ids known at home, locally and online."""
    n = len(people)
    first = np.arange(n) - people["place_in_home"]
    return [
        {
            "home": [j for j in range(first[i], first[i] + people["home_size"][i]) if j != i],
            "local": [j for j in row[:LOCAL] if j < n],
            "online": [j for j in row[LOCAL:] if j < n],
        }
        for i, row in enumerate(ties.tolist())
    ]


def lived_by_engine(nation, table, epochs):
    people, ties = nation
    n, days = len(people), len(epochs)
    states = np.zeros(n, STATE)
    states["trust"], states["score"] = 32_768, table["base"][0]
    world = World(people, ties, states, np.zeros((2, n + 1), np.uint64), np.zeros(n, np.uint8))
    tallies = np.zeros((days, STRATA, len(NAMES)), np.int64)
    live_days(world, 0, days, SEED, np.asarray(epochs, np.int64), table, 777, tallies,
              Panel(NOBODY, np.zeros(0, STATE), empty_ledger(days, 0)))  # fmt: skip
    totals = [dict(zip(NAMES, day, strict=True)) for day in tallies.sum(1).tolist()]
    return states.tolist(), totals


def lived_plainly(nation, table, epochs, disputes=STILL_DISPUTED):
    people, ties = nation
    rules = rules_as_dicts(table)
    citizens, counts = plain.live(
        as_dicts(people), contacts_of(people, ties), [rules[e] for e in epochs], len(epochs),
        SEED, rules[0]["base"], disputes,
    )  # fmt: skip
    return [plain.as_record(citizen) for citizen in citizens], counts


def differences(engine, twin):
    """Where two runs part: sentences, the first few."""
    found = [
        f"day {day}, {name}: engine {ours[name]}, plain {theirs[name]}"
        for day, (ours, theirs) in enumerate(zip(engine[1], twin[1], strict=True))
        for name in NAMES
        if ours[name] != theirs[name]
    ][:10]
    found += [
        f"citizen {i}, {field}: engine {a}, plain {b}"
        for i, (ours, theirs) in enumerate(zip(engine[0], twin[0], strict=True))
        if ours != theirs
        for field, a, b in zip(State._fields, ours, theirs, strict=True)
        if a != b
    ][:10]
    return found


def changing_on_day_30():
    """Harsh rules, and others from day 30: (rules, epochs)."""
    first, then = harsh(), harsh()
    first["points"] = [-5, 1, -50, 1, -1, -10, -30, -5, -50, 10]
    then["line"], then["score_bans"], then["hops_many"], then["correct"] = 970, 7, 1, 0
    then["watch_line"], then["piloted"], then["halve_days"] = 2, 128, 40
    then["association"], then["observed"] = -20_000, [1, 0, 1]
    return np.concatenate([first, then]), [0] * 30 + [1] * 30


def article_from_2020():
    """The shipped scenario from its 2020 epoch on: (rules, epochs)."""
    scenario = Scenario.load("atlantic-2018")
    table, epochs = timetable(scenario, scenario.days)
    return table, epochs[-366:][:60].tolist()


def harshest():
    """Harsh rules that fill a village's desks and mistake most faces: (rules, epochs)."""
    rules = harsh()
    rules["court_desk"] = rules["police_desk"] = rules["appeal_desk"] = 100_000 * 65_536
    rules["minor_rate"], rules["match_hit"], rules["match_false"] = 1 << 32, 0, 1 << 31
    rules["line"], rules["train_rate"] = 1_000, 1 << 30
    return rules, [0] * 90


@pytest.mark.parametrize("rules", [changing_on_day_30, article_from_2020])
def test_the_plain_day_and_the_engine_agree_in_every_citizen(rules):
    nation = build(2_000, SEED)
    table, epochs = rules()
    engine = lived_by_engine(nation, table, epochs)
    assert differences(engine, lived_plainly(nation, table, epochs)) == []
    if rules is changing_on_day_30:  # or they would agree on what never happens
        assert [name for name in NAMES if not any(day[name] for day in engine[1])] == []


def test_the_desks_of_two_districts_call_the_same_people():
    people, ties = build(66_500, SEED)
    people["age"][np.arange(len(people)) % 40 != 0] = 7  # few adults, for the plain day's sake
    table, epochs = harsh(), [0] * 8
    table["visit_serious"], table["serious_rate"] = 1, 1 << 30
    engine = lived_by_engine((people, ties), table, epochs)
    assert differences(engine, lived_plainly((people, ties), table, epochs)) == []
    for district in (engine[0][:65_536], engine[0][65_536:]):  # some called, some waiting
        standing = np.array([state[State._fields.index("standing")] for state in district])
        assert (standing & POLICE_CALLED).any() and (standing & POLICE).any()


@pytest.mark.parametrize("change", [{"risk_decay": 1}, {"read_hit": 1 << 26}, {"line": 1}])
def test_a_rule_that_differs_by_a_hair_shows(change):
    nation = build(120, SEED)
    table, epochs = harshest()
    engine = lived_by_engine(nation, table, epochs[:60])
    for name, hair in change.items():
        table[name] += hair
    assert differences(engine, lived_plainly(nation, table, epochs[:60])) != []


@pytest.mark.parametrize("dispute", STILL_DISPUTED)
def test_what_is_called_disputed_still_is(dispute):
    """If this fails the engine has changed: take the dispute off both lists."""
    nation = build(120, SEED)
    others = [d for d in STILL_DISPUTED if d != dispute]
    engine = lived_by_engine(nation, *harshest())
    assert differences(engine, lived_plainly(nation, *harshest())) == []
    assert differences(engine, lived_plainly(nation, *harshest(), others)) != []
