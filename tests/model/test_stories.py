"""Cases that a lawyer can read (the folder stories): one day of one person in plain Python.

test_twin.py compares the engine with the same plain Python. What a case does not
state is a default: an adult of average traits, an empty file, contacts without
signals, and random draws by which nothing unlikely happens. `yes` in `draws`
means that an event happens if it can; a number from 0 to 1 is the draw itself.
"""

from datetime import date
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from helpers.twin import twin
from underwatch.model import parameters
from underwatch.scenario import Scenario

STORIES = [
    case
    for file in sorted((Path(__file__).parent / "stories").glob("*.yaml"))
    for case in YAML(typ="safe", pure=True).load(file.read_text("utf-8"))
]
AVERAGE = dict(
    age=40, group=0, place=1, income=128, thrift=255, conviction=128, prudence=128,
    independence=128, sociability=128, mobility=128, taste=128, memberships=7, place_in_home=0,
    home_size=1, piloted=0, threshold=128,
)  # fmt: skip
DEFAULT_DRAWS = {"drift": 0.5, "feeling": 0.0, "fine feeling": 0.0}  # all others: nothing happens


class Draws:
    """The random draws of the day, as the case states them."""

    def __init__(self, draws, day, person):
        self.draws, self.address = draws, (0, day, person)

    def __call__(self, what):
        return self.draws.get(what, twin.CERTAIN - 1)

    def later(self, what, days):
        return self(what)

    def record(self, office, kind, number):
        return self(f"linked {kind}")

    def happens(self, what, p):
        return self(what) < p

    def upper(self, what):
        return self(what) // 65_536


def as_draw(written):
    """A draw, written as `yes` or a fraction, as a number below 2^32."""
    return 0 if written == "yes" else min(twin.CERTAIN - 1, int(float(written) * twin.CERTAIN))


def in_sixteenths(signals):
    """Signals whose score is written in points, as the day keeps it."""
    score = signals["score"]
    return signals | {"score": None if score is None else 16 * score}


def person(case, params):
    citizen = twin.newborn(AVERAGE | case.get("who", {}), set(), params)
    citizen["instalments"] = twin.first_loan(citizen, 0, params)
    for key, value in case.get("given", {}).items():
        if key in ("region", "nation"):
            value = twin.empty_file() | value
        citizen[key] = set(value) if isinstance(value, list) else value
    return citizen


def surroundings(case):
    def shown(some):
        return [in_sixteenths(twin.silent() | one) for one in some]

    contacts = case.get("contacts", {})
    lookalike = in_sixteenths(twin.silent() | {"group": 0} | case.get("lookalike", {}))
    return {
        "hears": {layer: shown(contacts.get(layer, [])) for layer in twin.LAYERS},
        "face": [lookalike], "name": [lookalike],
        "lookalike": lookalike, "resemblance": lambda: 512,
        "faces": 0, "enrolled": lambda params: False,
        "neighbours": lambda number: case.get("neighbour"),
        "ties": sum(len(contacts.get(layer, [])) for layer in ("local", "online")),
        "protesters": as_draw(case.get("protesters", 0)) >> 16,
        "offenders": 0,
        "occasion": lambda: 0 if case.get("occasion") else twin.CERTAIN - 1,
    }  # fmt: skip


@pytest.mark.parametrize("case", STORIES, ids=lambda case: case["story"])
def test_the_case_ends_as_stated(case):
    scenario = Scenario.load(case["scenario"], case.get("but", []))
    on = date.fromisoformat(str(case["on"]))
    day = (on - scenario.first_day).days
    table = parameters.params_on(scenario, on)
    params = {name: table[name][0].tolist() for name in table.dtype.names}
    citizen = person(case, params)
    before = dict(citizen)
    given = DEFAULT_DRAWS | case.get("draws", {})
    draws = {what: as_draw(u) for what, u in given.items()}
    counted = {}
    number = case.get("number", 1)
    if case.get("pays today"):
        number = -day % 30
    others = twin.empty_file() | case.get("namesake", {})
    chance = Draws(draws, day, number)
    twin.hand_over(citizen, number, others, day, chance, params)
    twin.receive(citizen, number, others, day, chance, params)
    shown = twin.one_day(citizen, number, surroundings(case), chance, day, params, counted)
    results = counted | shown | citizen | {
        "score": None if shown["score"] is None else shown["score"] / 16,
        "listed": citizen["listed_until"] > 0,
        "restricted": bool(citizen["why_restricted"]),
        "because": sorted(citizen["why_listed"] | citizen["why_restricted"]),
    }  # fmt: skip
    for what, expected in case["then"].items():
        if expected in ("higher", "lower", "as before"):
            found = "as before" if citizen[what] == before[what] else (
                "higher" if citizen[what] > before[what] else "lower"
            )  # fmt: skip
        elif isinstance(expected, dict):
            found = {key: results[what][key] for key in expected}
        else:
            found = results[what]
        assert found == (sorted(expected) if what == "because" else expected), what
