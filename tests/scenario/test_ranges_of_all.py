"""Every figure of every shipped scenario has a range, or a reason why it is not varied."""

import random

import pytest

import underwatch as uw
from underwatch.errors import UserError
from underwatch.scenario.evidence import is_assumption, stated_range
from underwatch.scenario.keys import leaves
from underwatch.scenario.ranges import range_of, ranges, table

WORLDS = ["atlantic-2018", "unwatched", "rongcheng", "thaw", "met-lfr", "sesame", "credit-bureau",
          "south-wales-2017", "safeguarded"]  # fmt: skip


@pytest.fixture(scope="module")
def atlantic():
    return uw.Scenario.load("atlantic-2018")


def test_each_figure_of_the_schema_has_one_entry(atlantic):
    figures = {key for key, _ in leaves(atlantic)} - {"title", "text"}
    assert {*table()} == figures
    for key, entry in table().items():
        ways = {"low", "factor", "alternatives", "days", "fixed"} & {*entry}
        assert len(ways) == 1 and ("low" in entry) == ("high" in entry), key
        assert str(entry.get("reason", entry.get("fixed"))).endswith("."), key
        assert "alternatives" not in entry or len(entry["alternatives"]) > 1, key


@pytest.mark.parametrize("name", sorted(uw.scenarios()))
def test_each_assumption_has_a_range_or_a_reason(name):
    scenario = uw.Scenario.load(name)
    found = ranges(scenario)
    for key, source in scenario.sources.items():
        if key not in ("title", "text") and is_assumption(source):
            assert found[key].reason
            assert not found[key].varied or found[key].low != found[key].high, key


@pytest.mark.parametrize("name", WORLDS)
def test_all_places_of_the_ranges_together_are_a_valid_scenario(name):
    scenario = uw.Scenario.load(name)
    varied = {key: one for key, one in ranges(scenario).items() if one.varied}
    draws = random.Random(name)
    for place in (lambda: 0, lambda: 1, lambda: draws.choice((0, 1)), draws.random):
        changes = {key: one.value_at(place()) for key, one in varied.items()}
        assert scenario.with_(changes).diff(scenario)


def test_a_range_in_the_source_of_a_figure_comes_before_the_shipped_one(atlantic):
    for key, source in atlantic.sources.items():
        if stated := stated_range(source):
            shipped = table()[key]
            found = range_of(atlantic, key)
            assert found.stated and found.varied
            if found.kind == "number":
                assert (found.low, found.high) == stated == (shipped["low"], shipped["high"]), key


def test_a_value_that_is_set_keeps_the_range_of_its_figure_and_leaves_it_when_it_lies_beyond():
    def set_to(value):
        setting = f"scoring.association={value}"
        return uw.Scenario.load("atlantic-2018", [setting])

    within, beyond = set_to(0.1), set_to(0.9)
    assert range_of(within, "scoring.association").stated
    for scenario in (beyond, beyond.with_({"scoring.association": 0.8}).with_({"title": "Own"})):
        found = range_of(scenario, "scoring.association")
        assert "lies outside the range that was stated, 0.05 to 0.5; half to tw" in found.reason
        assert found.ends == (0.5, 2) and not found.stated
    assert range_of(beyond.with_({"scoring.association": 0.3}), "scoring.association").stated


def test_what_is_published_switched_off_or_without_effect_is_not_varied(atlantic):
    assert range_of(atlantic, "cameras.gallery").reason == "It is a published figure."
    assert not range_of(atlantic, "review.errs").varied
    assert range_of(uw.Scenario.load("safeguarded"), "review.errs").words == "0.1 to 0.7"
    off = atlantic.with_({"platforms.read": 0, "scoring.on": False})
    assert not range_of(off, "platforms.read").varied
    assert "scoring.on" in range_of(off, "scoring.association").reason


def test_a_value_outside_the_shipped_range_may_be_half_or_twice(atlantic):
    found = range_of(atlantic.with_({"response.caution": 20}), "response.caution")
    assert (found.low, found.high) == (10, 40) and "outside" in found.reason


def test_of_dated_values_the_zeros_and_ends_stay():
    thaw = uw.Scenario.load("thaw")
    read = range_of(thaw, "platforms.read")
    assert read.high == {"2014-06-14": 0.25, "2018-01-01": 0}
    assert not range_of(thaw, "scoring.on").varied


def test_an_unknown_figure_is_refused_with_a_suggestion(atlantic):
    with pytest.raises(UserError, match="did you mean scoring.association"):
        range_of(atlantic, "scoring.asociation")
