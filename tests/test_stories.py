"""Stories that a lawyer can read (tests/stories), told to the plain-Python day.

The engine is bound to the same law by tests/test_twin.py.
"""

from datetime import date
from pathlib import Path

import pytest
from ruamel.yaml import YAML
from test_twin import twin

from underwatch import rules
from underwatch.scenario import Scenario

STORIES = YAML(typ="safe", pure=True).load(
    (Path(__file__).parent / "stories" / "decisions.yaml").read_text("utf-8")
)
SEEN = ("judged", "contradicting", "serious", "alert")


@pytest.mark.parametrize("told", STORIES, ids=lambda told: told["story"])
def test_the_story_ends_as_told(told):
    scenario = Scenario.load(told["scenario"])
    on = date.fromisoformat(str(told["on"]))
    table = rules.rules_on(scenario, on)
    law = {name: table[name][0].tolist() for name in table.dtype.names}

    citizen = twin.newborn({"age": 40}, 1000)
    given = told.get("given", {})
    citizen |= {k: set(v) if k.startswith("why") else v for k, v in given.items()}
    today = told.get("today", {})
    points = told.get("points", dict(own=1000, rightful=1000, total=1000, scored=True))
    draw = twin.CERTAIN - 1 if told.get("luck") == "nothing comes true" else 0

    made = twin.decide(
        citizen, dict(citizen), {k: today.get(k, False) for k in SEEN},
        {"name": today.get("name mistaken", False), "face": False}, points,
        (on - scenario.first_day).days, lambda what: draw, law,
    )  # fmt: skip
    came = made | {
        "listed": citizen["listed_until"] > 0,
        "restricted": citizen["restricted_until"] > 0,
        "because": sorted(citizen["why_listed"] | citizen["why_restricted"]),
    }
    for what, expected in told["then"].items():
        assert came[what] == (sorted(expected) if what == "because" else expected), what
