"""Stories that a lawyer can read (tests/stories), each one day of one person in plain Python.

The engine is bound to the same law by tests/test_twin.py. What a story does not
tell is ordinary: an adult of middling traits, an empty file, silent contacts,
and luck by which nothing unlikely happens. `yes` in `luck` means that the
thing comes true if it can.
"""

from datetime import date
from pathlib import Path

import pytest
from helpers.twin import twin
from ruamel.yaml import YAML

from underwatch.model import parameters as rules
from underwatch.scenario import Scenario

STORIES = [
    told
    for file in sorted((Path(__file__).parent / "stories").glob("*.yaml"))
    for told in YAML(typ="safe", pure=True).load(file.read_text("utf-8"))
]
MIDDLING = dict(
    age=40, group=0, place=1, income=128, thrift=255, conviction=128, prudence=128,
    independence=128, sociability=128, mobility=128, taste=128, memberships=7, place_in_home=0,
    home_size=1, piloted=0, threshold=128,
)  # fmt: skip
UNTOLD = {"drift": 0.5, "feeling": 0.0}  # else nothing comes true


def fall(told):
    """Where a draw falls: `yes` or a fraction, as a number below 2^32."""
    return 0 if told == "yes" else min(twin.CERTAIN - 1, int(float(told) * twin.CERTAIN))


def person(told, law):
    citizen = twin.newborn(MIDDLING | told.get("who", {}), law)
    for key, value in told.get("given", {}).items():
        if key in ("region", "nation"):
            value = dict(twin.NO_COPY) | value
        citizen[key] = set(value) if isinstance(value, list) else value
    return citizen


def surroundings(told):
    def shown(some):
        return [twin.silent() | one for one in some]

    contacts = told.get("contacts", {})
    double = twin.silent() | {"group": 0} | told.get("lookalike", {})
    return {
        "hears": {layer: shown(contacts.get(layer, [])) for layer in twin.LAYERS},
        "face": [double], "name": [double], "namesake": double, "lookalike": double,
        "neighbours": [told.get("neighbour")] * 4,
        "ties": sum(len(contacts.get(layer, [])) for layer in ("local", "online")),
        "street": fall(told.get("street", 0)) >> 16,
        "occasion": lambda: 0 if told.get("occasion") else twin.CERTAIN - 1,
    }  # fmt: skip


@pytest.mark.parametrize("told", STORIES, ids=lambda told: told["story"])
def test_the_story_ends_as_told(told):
    scenario = Scenario.load(told["scenario"], told.get("but", []))
    on = date.fromisoformat(str(told["on"]))
    day = (on - scenario.first_day).days
    table = rules.params_on(scenario, on)
    law = {name: table[name][0].tolist() for name in table.dtype.names}
    citizen = person(told, law)
    before = dict(citizen)
    luck = told.get("luck", {})
    falls = {what: fall(u) for what, u in (UNTOLD | luck).items()}
    counted = {}
    number = told.get("number", 1)
    if told.get("pays today"):
        number = -day % 30
    shown = twin.one_day(
        citizen, number, surroundings(told), lambda what: falls.get(what, twin.CERTAIN - 1),
        day, law, counted,
    )  # fmt: skip
    came = counted | shown | citizen | {
        "listed": citizen["listed_until"] > 0,
        "restricted": bool(citizen["why_restricted"]),
        "because": sorted(citizen["why_listed"] | citizen["why_restricted"]),
    }  # fmt: skip
    for what, expected in told["then"].items():
        if expected in ("higher", "lower", "as before"):
            found = "as before" if citizen[what] == before[what] else (
                "higher" if citizen[what] > before[what] else "lower"
            )  # fmt: skip
        elif isinstance(expected, dict):
            found = {key: came[what][key] for key in expected}
        else:
            found = came[what]
        assert found == (sorted(expected) if what == "because" else expected), what
