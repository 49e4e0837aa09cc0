"""The Scenario of the public API: sources, changes, differences and texts."""

import pickle
import re
from datetime import date

import numpy as np
import pytest

from underwatch.errors import UserError
from underwatch.scenario import Scenario, shipped
from underwatch.scenario.catalogue import organs, safeguards, scenarios
from underwatch.scenario.dated import Dated
from underwatch.scenario.evidence import assumptions
from underwatch.scenario.starter import starter_text

atlantic = Scenario.load("atlantic-2018")


def test_sources_travel_with_a_scenario_and_change_neither_equality_nor_hash():
    assert atlantic.sources["society.share_urban"] == "census_2020"
    society = atlantic.society.model_copy(update={"seed": 1})
    copies = [
        atlantic.model_copy(update={"society": society}),
        pickle.loads(pickle.dumps(atlantic)),
    ]
    assert all(copy.sources == atlantic.sources for copy in copies)
    bare = Scenario.model_validate_json(atlantic.model_dump_json())
    assert bare == atlantic and hash(bare) == hash(atlantic) and bare.sources == {}
    assert "_sources" not in atlantic.model_dump()


def test_with_changes_values_checks_them_and_keeps_the_other_sources():
    changed = atlantic.with_(
        {
            "scoring.association": np.float64(0.5),
            "society.citizens": np.int64(2000),
            "cameras.uptime": {date(2018, 1, 1): 0.5},
            "restrictions.bans": ["flights"],
            "last_day": date(2019, 1, 1),
        }
    )
    assert changed.scoring.association == Dated(0.5) and changed.society.citizens == 2000
    assert changed.cameras.uptime == Dated({date(2018, 1, 1): 0.5})
    assert changed.sources["scoring.association"].startswith("assumption: set in Python")
    assert changed.sources["society.share_urban"] == "census_2020"
    assert list(changed.diff(atlantic)) == [
        "last_day", "society.citizens", "cameras.uptime", "scoring.association",
        "restrictions.bans",
    ]  # fmt: skip
    assert changed.diff(atlantic)["scoring.association"] == (0.5, 0.2)
    assert atlantic.with_({}) == atlantic


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"scoring.association": 1.3}, "scoring.association is 1.3, but it is a number above -1"),
        ({"scoring.asociation": 0.3}, "did you mean scoring.association?"),
        ({"scoring": 3}, "scoring is a section"),
        ({"scoring.floor": 1200}, "scoring.base is 1,000, but the scale runs from 1,200"),
        ({"cameras.uptime": float("nan")}, "cameras.uptime is not a finite number"),
        ({"cameras.uptime": print}, "which a scenario cannot hold"),
        ({"cameras.uptime": {"2018-13-01": 1}}, "2018-13-01 is not in the calendar"),
        ({"cameras.uptime": None}, "cameras.uptime is empty"),
        ({"scoring.on": "no"}, "write false"),
        ({"life.looks_abroad_per_year": 1}, "write life.foreign_visits_per_year"),
    ],
)
def test_with_refuses_what_a_file_could_not_hold(changes, sentence):
    with pytest.raises(UserError) as caught:
        atlantic.with_(changes)
    assert any(sentence in str(problem) for problem in caught.value.problems)


@pytest.mark.parametrize("name", ["atlantic-2018", "thaw", "south-wales-2017", "safeguarded"])
def test_to_yaml_writes_a_file_that_loads_to_an_equal_scenario(tmp_path, name):
    scenario = Scenario.load(name).with_({"title": 'A "title": \x1b \x85 \u2028 é # {{'})
    (tmp_path / "copy.yaml").write_text(scenario.to_yaml(), "utf-8")
    copy = Scenario.load(tmp_path / "copy.yaml")
    assert copy == scenario and copy.hash == scenario.hash
    differ = {k for k, v in copy.sources.items() if v != scenario.sources[k]}
    assert differ <= {"title", "text", "first_day", "last_day"}


def test_describe_marks_what_differs_from_the_parent():
    text = Scenario.load("safeguarded").describe()
    assert "extends atlantic-2018; 14 figures differ" in text
    assert "* safeguards.wall = 1 [0]\n      assumption: levels that a law could ask for" in text
    assert "  society.share_urban = 0.639\n      census_2020" in text
    assert sum(line.startswith("*") for line in text.splitlines()) == 14
    assert "\x1b" not in atlantic.with_({"title": "\x1b[31m"}).describe()


def test_representations_are_short_and_escaped():
    hostile = atlantic.with_({"title": "<script>\x1b" + "x" * 500})
    assert (
        len(repr(hostile)) < 300 and repr(hostile).isprintable() and str(hostile) == repr(hostile)
    )
    assert "<script>" not in hostile._repr_html_() and "&lt;script&gt;" in hostile._repr_html_()
    assert repr(atlantic) == (
        "<Scenario 'The system described in The Atlantic, 2018': 100,000 citizens, seed 2018, "
        "2014-06-14 to 2020-12-31>"
    )


def test_the_starter_loads_and_its_examples_differ_in_what_they_state(tmp_path):
    (tmp_path / "mine.yaml").write_text(starter_text('A "new": scenario'), "utf-8")
    mine = Scenario.load(tmp_path / "mine.yaml")
    assert mine.title == 'A "new": scenario' and mine.parent == "atlantic-2018"
    assert not mine.diff(atlantic)
    examples = re.sub(r"(?m)^# ( *\w+:(?: [{\"]|$))", r"\1", starter_text())
    (tmp_path / "all.yaml").write_text(examples, "utf-8")
    assert set(Scenario.load(tmp_path / "all.yaml").diff(atlantic)) == {
        "society.citizens", "cameras.uptime", "scoring.association", "restrictions.on",
        "restrictions.bans", "safeguards.notice",
    }  # fmt: skip
    with pytest.raises(UserError, match="did you mean unwatched"):
        starter_text(extends="unwached")


def test_assumptions_are_counted_by_one_rule():
    counted = assumptions(atlantic.sources)
    assert counted.figures == len(atlantic.sources) - 2  # title and text are no figures
    assert 0 < counted.assumed < counted.figures
    given = Scenario.load("atlantic-2018", ["society.share_urban=0.5"])
    assert assumptions(given.sources).assumed == counted.assumed + 1
    sources = {"a": "camera_counts, assumption: earlier", "b": "default", "c": "assumption: x"}
    assert assumptions(sources) == (2, 3)


@pytest.mark.parametrize(
    ("catalogue", "key", "keys"),
    [(scenarios, "unwatched", shipped()), (organs, "M12", [f"M{n}" for n in range(1, 28)]),
     (safeguards, "notice", list(type(atlantic.safeguards).model_fields)[:14])],
)  # fmt: skip
def test_a_catalogue_is_a_mapping_with_a_table_and_a_short_representation(catalogue, key, keys):
    found = catalogue()
    assert list(found) == keys and key in found and found[key] in found.values()
    assert len(repr(found)) < 300 and "<table" in found._repr_html_()
    assert list(found.to_dataframe().index) == keys
    with pytest.raises(KeyError, match="did you mean"):
        found[key[:-1] + "_" if len(key) > 3 else "M122"]
