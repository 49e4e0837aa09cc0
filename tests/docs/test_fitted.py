"""What is fitted: the scenario holds plausible values, its sources say so, and a page lists all."""

import json

import pytest

import underwatch as uw
from docs import fitted
from underwatch.calibration.findings import Fitted, interval_words
from underwatch.scenario.evidence import is_fitted


@pytest.fixture(scope="module")
def kept():
    return json.loads(fitted.KEPT.read_text("utf-8"))


def test_the_scenario_holds_values_that_the_calibration_does_not_exclude(kept):
    scenario = uw.Scenario.load(fitted.SCENARIO)
    assert kept["fitted"] and kept["declared_implausibility"] < 3
    for one in (Fitted(**each) for each in kept["parameters"]):
        value = fitted._at(scenario, one.key)
        held = {str(day): step for day, step in value.steps}[one.since] if one.since else value
        assert held == one.declared and one.lower <= held <= one.upper, one.name
        source = scenario.sources[one.key]
        assert is_fitted(source) and interval_words(one) in source, one.name


def test_the_targets_are_those_that_ship(kept):
    targets = uw.Targets.load(fitted.SCENARIO)
    assert [one["name"] for one in kept["targets"]] == [*targets.every]
    for one in kept["targets"]:
        target = targets.every[one["name"]]
        assert one["value"] == target.figure and one["held_out"] == (
            one["name"] in targets.held_out
        )
    fits = [one for one in kept["targets"] if not one["held_out"]]
    assert all(abs(one["declared"] / one["value"] - 1) < 0.1 for one in fits)


def test_the_shipped_list_follows_the_published_one():
    targets = uw.Targets.load(fitted.SCENARIO).every
    found = fitted.declared_figures(citizens=20_000)
    for (name, target), figure in zip(targets.items(), found, strict=True):
        if target.measure == "imposed":
            assert figure == pytest.approx(target.figure, rel=0.1), name


def test_the_page_is_that_of_the_kept_calibration_and_lists_every_fitted_figure(kept):
    text = fitted.PAGE.read_text("utf-8")
    assert text == fitted.page(kept)
    assert [line for line in fitted.others() if line not in text] == []
    assert fitted.UNKNOWN not in text


@pytest.mark.long
def test_a_page_of_a_run_marks_what_is_fitted():
    page = uw.run("atlantic-2018", citizens=500, days=5).report()
    assert page.count("<mark>fitted</mark>") >= 4
