"""From scenario to whole numbers: dates, half-lives, levels of safeguards, ties in balance."""

from types import SimpleNamespace

import numpy as np
import pytest
from numba import njit

from helpers import worlds
from underwatch.model import parameters
from underwatch.model.dossiers.handed import WAITING, halved, packed
from underwatch.model.parameters.timetable import params_on, timetable
from underwatch.model.scoring.precursor import company_score
from underwatch.model.sensing.matcher import rates_at
from underwatch.model.society.ties import OPEN, OUT_OF
from underwatch.scenario import Scenario

LATE = ["society.citizens=2000", "first_day=2019-12-30"]


def held(*settings):
    """The parameters of the first day."""
    scenario = Scenario.load("atlantic-2018", [*LATE, *settings])
    return params_on(scenario, scenario.first_day)[0]


def test_a_dated_value_holds_from_its_date_on():
    change = "cameras.per_1000_people={2014-06-14: 0, 2020-01-02: 300}"
    scenario = Scenario.load("atlantic-2018", [*LATE, change, "scoring.on=false"])
    table, epochs = timetable(scenario, 6)
    watched = [int(table[epoch]["watched_spots"].max()) > 0 for epoch in epochs]
    assert watched == [False, False, False, True, True, True]
    assert parameters.timetable is timetable


def test_between_two_points_of_a_curve_rates_change_by_equal_factors():
    curve = SimpleNamespace(
        thresholds=[0.5, 0.6], false_match_rates=[1e-2, 1e-4], miss_rates=[0.1, 0.5],
        false_match_rates_high=[2e-2, 2e-4], false_match_rates_low=[5e-3, 5e-5],
        miss_rates_high=[0.2, 0.6], miss_rates_low=[0.05, 0.4],
    )  # fmt: skip
    false_match, missed = rates_at(curve, 0.55)
    assert false_match == pytest.approx(1e-3)
    assert missed == pytest.approx(0.25)  # equal steps of log odds, 1 : 9 to 1 : 1
    assert rates_at(curve, 0.55, 1)[0] == pytest.approx(2e-3)
    assert rates_at(curve, 0.7)[0] == pytest.approx(1e-6)


_private = njit(lambda share, record: company_score(0, share, record))
_halved = njit(lambda handed: halved(handed))


@pytest.mark.parametrize(("share", "points"), [(0, 0), (546, 0), (547, 1), (65_536, 60)])
def test_points_for_connections_are_rounded_to_the_nearest(share, points):
    record = worlds.harsh()[0]  # 60 points if all contacts boast
    assert _private(share, record) == record["private_base"] + points


def test_purchases_handed_over_halve_and_what_waits_at_a_platform_still_waits():
    assert _halved(packed.py_func(7, 4, 3, 1) | WAITING) == packed.py_func(3, 2, 1, 0) | WAITING
    assert _halved(packed.py_func(15, 15, 3, 3)) == packed.py_func(7, 7, 1, 1)


@pytest.mark.parametrize("days", [5, 30, 365])
@pytest.mark.parametrize(
    ("key", "name"),
    [("police.lapse_half_life_days", "lapse"), ("naming.jobless_half_life_days", "rehired")],
)
def test_half_of_those_who_wait_are_left_after_a_half_life(days, key, name):
    stays = 1 - int(held(f"{key}={days}")[name]) / 2**32
    assert stays**days == pytest.approx(0.5, rel=0.01)


def test_half_a_safeguard_counts_half():
    without, half, full = (held(f"safeguards.coverage={level}") for level in (0, 0.5, 1))
    for name in ("watched_spots", "crowd_seen", "presence", "pass_checked"):
        assert np.asarray(without[name]).any()
        assert half[name] == pytest.approx(without[name] / 2, abs=1), name
        assert not np.asarray(full[name]).any(), name


def test_as_many_ties_open_as_end_where_nobody_refuses():
    r = held()
    opened = int(r["ties_open"]) * (OUT_OF - OPEN)
    assert opened == pytest.approx(int(r["ties_end"]) * OPEN, rel=1e-6)
