"""A citizen-score pilot: the figures of its file reach the engine's scenario."""

from dataclasses import replace

import pytest

from underwatch.assessments.assessing import assess
from underwatch.assessments.closed_forms.citizen_score import MEASURES, estimates
from underwatch.assessments.declaration import read_deployment
from underwatch.assessments.declaration.citizen_score import SCENARIO_KEYS
from underwatch.assessments.drivers_by_runs import drivers_by_runs
from underwatch.assessments.worlds import citizen_score_laws as laws
from underwatch.assessments.worlds.citizen_score import faults, run, scenario_of
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
    deployment = replace(PILOT, sections={**PILOT.sections, "pilot": pilot})
    assert "atlantis-2018" in faults(deployment)[0][1]
    with pytest.raises(UserError, match="pilot: there is no scenario atlantis-2018"):
        assess(deployment, seeds=1)


def test_an_end_of_a_range_that_the_scenario_refuses_is_found_before_any_run():
    decisions = PILOT.sections["decisions"]
    days = replace(decisions["days"], high=100_000)
    deployment = replace(
        PILOT, sections={**PILOT.sections, "decisions": {**decisions, "days": days}}
    )
    assert faults(deployment) == [
        ("decisions", "decisions.days.high is 100000, but it is a whole number between 1 and "
         "20,000, in days.")
    ]  # fmt: skip


def test_each_law_is_simulated_at_the_declared_figures():
    made = replace(PILOT, sections={**PILOT.sections, "decisions": {
        **PILOT.sections["decisions"], "days": replace(PILOT.sections["decisions"]["days"], value=9)
    }})  # fmt: skip
    closed = estimates({**VALUES, "decisions.days": 9}, made)
    found = laws._length(made, 4, 1_000, frozenset())
    assert found["restriction_days", "all", None][0] == closed["restriction_days", "all", None] == 9
    worlds = {"absent": None, "safeguard:appeal": frozenset(["appeal"])}
    assert laws.probes(made, 4, 1_000, {"absent": worlds["absent"]}) == {"absent": {}}
    assert "correctable" not in {key[0] for key in estimates(VALUES, PILOT, worlds.popitem()[1])}


def by_hand(inputs, seeds=3):
    """A measure that association raises and everything else but the line leaves alone."""
    return [
        [5 + 30 * at["score.association"] + 0.01 * seed
         + 0.2 * (-1) ** seed * (at["decisions.line"] - 900) / 50 for seed in range(seeds)]
        for at in inputs
    ]  # fmt: skip


def test_runs_under_common_seeds_give_turning_points_within_the_range_and_tell_chance_apart():
    found = {each.path: each for each in drivers_by_runs(PILOT, "wrongful_share", 10.0, by_hand)}
    assert list(found) == ["score.association", "decisions.line"]
    spills = found["score.association"]
    exact = (10 - 0.01 - 5) / 30
    assert spills.turning_low <= exact <= spills.turning_high
    assert spills.turning_high - spills.turning_low < 0.35 / 16 and not spills.everywhere
    assert spills.change_low == pytest.approx(spills.change_high) == pytest.approx(30 * 0.35)
    line = found["decisions.line"]  # two seeds move up and one down
    assert not line.sought and line.turning_point is None
    assert line.change_low < 0 < line.change_high
    beyond = drivers_by_runs(PILOT, "wrongful_share", 50.0, by_hand)[0]
    assert beyond.sought and beyond.turning_point is None
