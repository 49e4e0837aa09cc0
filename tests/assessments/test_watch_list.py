"""A watch-list camera: exact cases, and runs that agree with them."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from underwatch.assessments.assessing import worlds_of
from underwatch.assessments.closed_forms.queues import mean_wait
from underwatch.assessments.closed_forms.watch_list import estimates, fpir, quick
from underwatch.assessments.closed_forms.watch_list_published import published, table
from underwatch.assessments.closed_forms.watch_list_setting import setting
from underwatch.assessments.declaration import read_deployment
from underwatch.assessments.worlds.watch_list import run
from underwatch.verification.registry import cases

STATION = read_deployment("station")
VALUES = STATION.values
ONE_GROUP = {f"people.groups.{group}.share": float(group == "A") for group in "ABCD"} | {
    f"accuracy.tested_mix.{group}": float(group == "A") for group in "ABCD"
}


def at_npl(**changed):
    """The station with one group, at NPL's threshold of 0.6: FPIR 1/6,000 for 10,000 faces."""
    return {**VALUES, **ONE_GROUP, **changed}


def test_fpir_of_the_list_follows_its_law_case_1():
    for faces, expected in ((1_000, 1 / 60_000), (10_000, 1 / 6_000), (1_000_000, 0.0165)):
        camera = setting(
            at_npl(**{"list.size": faces, "accuracy.lookalike_spread": 0}), STATION, 0.6
        )
        assert fpir(camera)[0].mean() == pytest.approx(expected, rel=2e-3)


@pytest.mark.parametrize(
    ("share", "alerts", "stops"), [(1e-5, 5.07, 14.5), (1e-4, 34.8, 62.8), (1e-3, 84.2, 94.4)]
)
def test_precision_before_and_after_review_cases_2_and_19(share, alerts, stops):
    changed = {"list.share_of_passes": share, "accuracy.lookalike_spread": 0}
    found = quick(at_npl(**changed), STATION)
    assert found["precision_of_alerts", "all", 0.6] == pytest.approx(alerts, rel=2e-3)
    assert found["precision_of_stops", "all", 0.6] == pytest.approx(stops, rel=4e-3)


@pytest.mark.parametrize(
    ("passes", "spread", "expected"),
    [(365, 0, 5.9), (3_650, 0, 45.6), (3_650, 1, 37.8), (3_650, 3, 18.7), (3_650, 10, 4.0)],
)
def test_falsely_alerted_at_least_once_cases_3_and_20(passes, spread, expected):
    changed = {f"people.visitors.{kind}.passes_per_year": passes
               for kind in STATION.get("people.visitors")}  # fmt: skip
    found = quick(at_npl(**changed, **{"accuracy.lookalike_spread": spread}), STATION)
    assert found["share_falsely_alerted", "all", 0.6] == pytest.approx(expected, abs=0.06)


def test_group_factors_leave_the_mean_of_the_tested_mix_as_published():
    tested = {f"people.groups.{group}.share": 0.25 for group in "ABCD"}
    same = quick({**VALUES, **tested}, STATION)
    alone = quick(at_npl(), STATION)
    key = ("false_alerts_per_1000_passes", "all", 0.6)
    assert same[key] == pytest.approx(alone[key], rel=2e-3)
    assert same["group_ratio", "all", 0.6] == pytest.approx(11.7, rel=1e-2)


def test_a_queue_waits_by_erlangs_formula_case_31():
    assert mean_wait(9, 1, 10) == pytest.approx(0.669, abs=1e-3)
    assert mean_wait(9.5, 1, 10) == pytest.approx(1.651, abs=1e-3)


def test_without_the_camera_nobody_is_alerted_on():
    found = run(STATION, 1, 2_000, {"as declared": frozenset(), "absent": None})["absent"]
    assert found["alerts_per_day", "all", 0.6] == (0, 0)
    assert estimates(VALUES, STATION, None)["missed_share", "all", 0.6] == 100


def test_the_same_seed_gives_the_same_numbers_and_worlds_share_their_passes():
    worlds = worlds_of(STATION)
    once, again = (run(STATION, 7, 3_000, worlds) for _ in range(2))
    assert once == again
    alone = run(STATION, 7, 3_000, {"as declared": frozenset()})
    assert alone["as declared"] == once["as declared"]
    declared, second = (once[world]["alerts_per_day", "all", 0.6]
                        for world in ("as declared", "safeguard:second_reviewer"))  # fmt: skip
    assert declared == second  # a reviewer changes stops, not alerts


@given(
    spread=st.sampled_from([0.0, 1.0, 3.0]),
    threshold=st.sampled_from([0.54, 0.56]),
    share=st.floats(1e-4, 1e-2),
    spared=st.floats(0, 1),
    citizens=st.just(15_000),
)
@example(spread=3.0, threshold=0.54, share=1e-3, spared=0.98, citizens=60_000)  # a few bear much
@settings(max_examples=5, deadline=None)
def test_runs_agree_with_the_closed_form_whatever_is_declared(
    spread, threshold, share, spared, citizens
):
    sections = {name: {**section} for name, section in STATION.sections.items()}
    accuracy, listed = sections["accuracy"], sections["list"]
    accuracy |= {"threshold": threshold, "compare_thresholds": []}
    accuracy["lookalike_spread"] = replace(accuracy["lookalike_spread"], value=spread)
    listed["share_of_passes"] = replace(listed["share_of_passes"], value=share)
    sections["safeguards"] = {
        "no_repeated_alert": {"works_for": replace(listed["share_of_passes"], value=spared)}
    }
    station = replace(STATION, sections=sections)
    worlds = worlds_of(station)
    runs = [run(station, seed, citizens, worlds) for seed in range(6)]
    for world in ("as declared", "safeguarded"):
        closed = quick(station.values, station, worlds[world])
        for measure in ("false_alerts_per_1000_passes", "falsely_alerted_once",
                        "falsely_alerted_repeatedly", "precision_of_stops", "missed_share",
                        "burden_top_percent", "falsely_stopped_once"):  # fmt: skip
            key = (measure, "all", threshold)
            values = np.array([one[world][key][0] for one in runs])
            events = sum(one[world][key][1] for one in runs)
            if events < 100:
                continue
            error = max(values.std(ddof=1), values.mean() / np.sqrt(events)) / np.sqrt(len(runs))
            error = max(error, abs(values.mean()) / np.sqrt(events))
            assert abs(values.mean() - closed[key]) < 5 * error, (world, key)


def test_case_15_lies_in_its_wilson_intervals_and_the_page_prints_what_it_takes():
    final, trials, year = published()
    assert 6.1 <= final.precision <= 8.1
    assert 10 <= trials.precision <= 33
    assert year.false_alerts == pytest.approx(10, abs=0.5)
    page = (Path(__file__).parents[2] / "docs" / "how-to" / "assess.md").read_text("utf-8")
    assert "\n".join(table()) in page


def test_runs_of_two_deployments_have_their_published_precision_case_15():
    assert not [check for check in cases()[15].run(2, 2018) if not check.agrees]


def test_runs_of_the_final_in_cardiff_have_its_alerts():
    cardiff = read_deployment("south-wales-2017")
    runs = [run(cardiff, seed, None, {"as declared": frozenset()}) for seed in range(2)]
    threshold = cardiff.get("accuracy.threshold")
    daily = [one["as declared"]["alerts_per_day", "all", threshold][0] for one in runs]
    assert 335 <= np.mean(daily) <= 370


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_the_closed_form_is_defined_at_every_corner_that_a_turning_point_may_try(data):
    changed = dict(VALUES)
    for path in data.draw(st.sets(st.sampled_from(sorted(VALUES)), min_size=1, max_size=3)):
        value = VALUES[path]
        corner = data.draw(st.sampled_from([1e-12, value / 1000, value * 1000, 1.0]))
        changed[path] = min(corner, 1.0) if value <= 1 and "factors" not in path else corner
    safeguards = data.draw(st.sampled_from([frozenset(), frozenset(["no_repeated_alert"]), None]))
    found = estimates(changed, STATION, safeguards, audit=False)
    assert all(np.isfinite(value) and value >= 0 for value in found.values())
