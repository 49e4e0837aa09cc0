"""Sets of safeguards: what is listed, what is not defined, and what is never searched."""

import inspect
from pathlib import Path

import numpy as np
import pytest

import underwatch as uw
from underwatch.errors import UserError
from underwatch.measurement.summary import SummaryLine
from underwatch.scenario import Scenario
from underwatch.study.attribute import attribute
from underwatch.study.dominance import dominates, tolerances
from underwatch.study.frontier import _points, frontier
from underwatch.study.goals import GOALS, HARMS, check_goals
from underwatch.study.runs import Outcome
from underwatch.study.statistics import estimate
from underwatch.study.tables import frontier_rows

LATE = Scenario.load("atlantic-2018", ["society.citizens=2000", "first_day=2019-11-01"])


@pytest.fixture(scope="module")
def found():
    many = {"life.critical_posts_per_year": 60, "life.minor_offences_per_year": 24}
    busy = LATE.with_(many)  # enough events to be ranked
    return frontier(busy, safeguards=["minimise", "no_speech", "coverage"], days=150, seeds=1)


def test_no_evaluated_set_dominates_a_listed_one(found):
    assert found.complete and len(found.evaluated) == found.sets == 8
    sign = -GOALS[found.benefit]
    cost = {point.safeguards: (point.harm, sign * point.benefit) for point in found.evaluated}
    tolerance = tolerances(list(cost.values()))
    for point in found.points:
        for other in found.evaluated:
            assert not dominates(cost[other.safeguards], cost[point.safeguards], tolerance)
        for goal, worse in point.gives_up.items():
            assert worse is None or GOALS[goal] * worse < 0
    best = min(found.points, key=lambda point: point.harm)
    assert best.harm < found.none.harm and "offences_deterred" in best.gives_up


def test_the_baseline_stands_last_and_goals_given_up_have_units(found):
    rows = frontier_rows(found).rows
    assert rows[-1][0] == "Baseline: no safeguard" and rows[-1][-1] == "none"
    assert all("no safeguard" not in row[0] for row in rows[:-1])
    units = [" offences", "per 1,000", "%", "of 100", "none"]
    assert all(any(unit in row[-1] for unit in units) for row in rows)
    alone = [point for point in found.evaluated if len(point.safeguards) == 1]
    assert min(alone, key=lambda point: point.harm).name in found.best_single()


def test_a_frontier_is_read_back_with_the_same_page(found, tmp_path):
    same = uw.load(found.save(tmp_path / "folder"))
    assert same.report() == found.report() and same.points == found.points
    assert same.to_dataframe().equals(found.to_dataframe())
    assert found.to_dataframe()["on_frontier"].sum() == len(found.points)
    assert "1 seed: no interval" in found.report() and found.plot().to_dict()


def test_a_harm_that_a_queue_bounds_says_so_in_every_study(tmp_path):
    busy = LATE.with_({"life.critical_posts_per_year": 60})
    asked = {"safeguards": ["coverage"], "days": 60, "seeds": 1}
    for study in (frontier(busy, harm="stops", **asked), attribute(busy, "stops", **asked)):
        assert study.limited.startswith("Police stops: the police are at capacity on up to ")
        assert study.limited in study.report()
        assert uw.load(study.save(tmp_path / study.kind)).limited == study.limited
    free = attribute(busy, "chilled_acts", **asked)
    assert not free.limited


def test_sets_that_rest_on_few_events_are_not_ranked_and_the_study_says_so(tmp_path):
    found = frontier(LATE, harm="wrongful", safeguards=["review", "wall"], days=60, seeds=1)
    most, least = (pick(p.harm_events for p in found.evaluated) for pick in (max, min))
    assert most < 30 and not found.points
    few = f"too few events ({most} and {least})"
    assert few in found.few and few in " ".join(found.sentences()) and few in found.report()
    assert not found.best_single() and few in frontier_rows(found).caption
    frame = found.to_dataframe()
    assert not frame["on_frontier"].any() and frame["note"].str.contains("too few").all()
    with pytest.raises(UserError, match="too few events"):
        found.plot()
    assert uw.load(found.save(tmp_path / "folder")).report() == found.report()


def test_a_goal_is_given_up_only_if_the_seeds_agree_that_it_is_worse():
    def outcome(trust):
        values = dict.fromkeys(GOALS, 5.0) | {"trust": trust, "imposed": 9}
        lines = [
            SummaryLine(k, k, v, "of 100", "stated goal", events=50) for k, v in values.items()
        ]
        return Outcome("", tuple(lines), {})

    wall, none = frozenset(["wall"]), frozenset()
    noise = {none: [*map(outcome, (50.0, 51.0, 52.0))], wall: [*map(outcome, (49.9, 51.1, 51.9))]}
    worse = {none: noise[none], wall: [*map(outcome, (48.9, 50.1, 50.9))]}
    for found, expected in ((noise, {}), (worse, {"trust": -1.0333})):
        assert _points(found, ("wall",), "imposed", "support")[wall].gives_up == expected


def test_among_many_sets_a_goal_that_one_interval_alone_calls_worse_is_not_given_up():
    """One set in forty is just below zero with its own interval: chance does as much."""

    def outcomes(values):
        lines = [
            [SummaryLine(k, k, 5.0 if k != "trust" else v, "of 100", "stated goal", events=50)
             for k in (*GOALS, "imposed")]
            for v in values
        ]  # fmt: skip
        return [Outcome("", tuple(one), {}) for one in lines]

    rng = np.random.default_rng(3)
    sets = [frozenset([str(k)]) for k in range(40)]
    found = {frozenset(): outcomes([50.0] * 5)}
    found |= {one: outcomes(50 + rng.normal(0, 1, 5)) for one in sets}
    faint, clear = 50 - np.array([0.5, 0.9, 1.4, 1.0, 0.4]), 50 - np.array([9, 9.1, 8.8, 9, 9.3])
    assert estimate(list(faint - 50)).high < 0
    found[sets[0]], found[sets[1]] = outcomes(faint), outcomes(clear)
    points = _points(found, tuple(map(str, range(40))), "imposed", "support")
    assert [one for one in points if "trust" in points[one].gives_up] == [sets[1]]


def test_sets_in_which_a_measure_is_undefined_are_named_and_take_no_part():
    bare = LATE.with_({"restrictions.bans": [], "blacklist.on": False})
    found = frontier(bare, harm="wrongful_share", safeguards=["wall"], days=30, seeds=1)
    assert [point.harm for point in found.undefined] == [None, None]
    assert not found.points
    text = " ".join(found.sentences())
    assert "not defined in 2 evaluated sets" in text and "no safeguard; wall" in text
    assert "not defined" in found.report()


def test_harms_are_no_goals_and_only_safeguards_are_searched():
    assert not set(GOALS) & set(HARMS)
    assert "safeguards" in inspect.signature(frontier).parameters
    assert "organs" not in inspect.signature(frontier).parameters
    readme = Path(__file__).parents[2] / "README.md"
    assert "searches safeguards only" in readme.read_text("utf-8")
    with pytest.raises(UserError, match="support is no harm"):
        check_goals("support", "offences_deterred")
    with pytest.raises(UserError, match="chilled_acts is no stated goal"):
        check_goals("chilled_acts", "chilled_acts")


def test_many_safeguards_are_searched_from_few_upwards_and_within_the_limit():
    found = frontier(LATE, harm="records_held", days=10, max_sets=18, seeds=1)
    assert (
        len(found.evaluated) == 18
        and found.sets == 2 ** len(uw.safeguards())
        and not found.complete
    )
    assert {len(p.safeguards) for p in found.evaluated[:16]} == {0, 1, len(uw.safeguards())}
    with pytest.raises(UserError, match="max_sets is 3"):
        frontier(LATE, max_sets=3)
