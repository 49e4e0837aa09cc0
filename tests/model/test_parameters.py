"""From scenario to whole numbers: dates, half-lives, levels of safeguards, ties in balance."""

import numpy as np
import pytest

from underwatch.model import parameters
from underwatch.model.parameters.timetable import params_on, timetable
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
