"""A citizen-score pilot: the figures of its file reach the engine's scenario."""

from dataclasses import replace

import pytest

from underwatch.assessments.closed_forms.citizen_score import MEASURES, estimates
from underwatch.assessments.declaration import read_deployment
from underwatch.assessments.declaration.citizen_score import SCENARIO_KEYS
from underwatch.assessments.worlds.citizen_score import check, run, scenario_of
from underwatch.errors import UserError
from underwatch.scenario.keys import at
from underwatch.study.runs import Task, run_in_worker

PILOT = read_deployment("citizen-score-pilot")
VALUES = {path: float(figure.value) for path, figure in PILOT.figures.items()}


def test_every_figure_of_the_file_stands_in_the_scenario():
    declared = scenario_of(PILOT, frozenset(["review"]), 1_000, 5)
    for path, key in SCENARIO_KEYS.items():
        value = at(declared, key)
        held = value.on(declared.first_day) if hasattr(value, "on") else value
        assert held == pytest.approx(VALUES[path]), key
    review = declared.safeguards.review.on(declared.first_day)
    assert review == VALUES["safeguards.review.level"]
    assert (declared.society.seed, declared.days) == (5, PILOT.period.days)
    assert not scenario_of(PILOT, None, 1_000, 5).scoring.on.on(declared.first_day)


def test_association_spills_over_by_its_law_case_12():
    for weight, expected in ((0.2, 25), (0.5, 100), (0.9, 900)):
        found = estimates({**VALUES, "score.association": weight}, PILOT)
        assert found["spillover", "all", None] == pytest.approx(expected)
    without = estimates(VALUES, PILOT, frozenset(["no_association"]))
    assert without["spillover", "all", None] == 0


def test_the_worlds_of_a_seed_hold_the_same_people_and_measures_have_labels():
    short = replace(PILOT, period=replace(PILOT.period, days=40))
    worlds = {"as declared": frozenset(), "absent": None, "again": frozenset()}
    found = run(short, 3, 1_500, worlds)
    assert found["as declared"] == found["again"]
    declared = found["as declared"]
    outcome = Task("3", {"x": scenario_of(short, frozenset(), 1_500, 3)}, 3, 40)
    totals = run_in_worker(outcome, lambda _: None)["x"].totals
    people = 1_000 * totals["imposed"] / (totals["adults"] * 40 / 365.25)
    assert declared["imposed_rate", "all", None][0] == pytest.approx(people, rel=0.01)
    person_days = 100 * totals["restricted"] / (totals["adults"] * 40)
    assert declared["under_restriction", "all", None][0] == pytest.approx(person_days, rel=0.01)
    assert {measure for measure, _, _ in found["absent"]} <= set(MEASURES)
    groups = {group for measure, group, _ in found["absent"] if measure == "under_restriction"}
    assert groups == {"all", "A", "B", "C", "D"}


def test_a_scenario_that_does_not_exist_is_refused_before_any_run():
    pilot = {**PILOT.sections["pilot"], "scenario": "atlantis-2018"}
    with pytest.raises(UserError, match="atlantis-2018"):
        check(replace(PILOT, sections={**PILOT.sections, "pilot": pilot}))
