"""What the refit claims: least errors, shipped values that are the fit, a page that lists all."""

from datetime import date

import numpy as np
import pytest

import underwatch as uw
from docs import fitted, refit

FIRST = date(2014, 6, 14)


def test_the_fit_has_the_least_largest_relative_error():
    parts, target = np.array([[1.0], [1.0], [1.0]]), np.array([0.72, 0.59, 0.67])
    (weight,) = refit.minimax(parts, target)
    errors = weight / target - 1
    assert errors.max() == pytest.approx(-errors.min())
    for other in (0.99 * weight, 1.01 * weight):
        assert np.abs(other / target - 1).max() > np.abs(errors).max()


def test_people_listed_before_the_first_day_count_as_listed():
    (weight,) = refit.minimax(np.array([[2.0]]), np.array([10.0]), before=4)
    assert weight == pytest.approx(3)


def test_twice_as_many_simulated_events_give_half_the_constants():
    scenario = uw.Scenario.load(refit.SCENARIO)
    constants = refit.shipped(scenario)
    days = np.ones(1_900)
    one, two = (
        refit.refitted(FIRST, constants, {each.name: size * days for each in series})
        for size in (1_000, 2_000)
        for series in [refit.published(FIRST)]
    )
    for key in constants:
        for begin, value in refit._steps(one[key]).items():
            assert refit._steps(two[key])[begin] == pytest.approx(value / 2, abs=0.06, rel=0.01)


def test_a_shipped_value_that_is_off_is_named():
    good = {refit.FLIGHTS: 0.7, refit.COURT: {FIRST: 6.0}}
    bad = {refit.FLIGHTS: 0.7, refit.COURT: {FIRST: 5.0}}
    assert refit.off(good, good) == []
    (sentence,) = refit.off(good, bad)
    assert "6.0 from 2014-06-14, but the fit is 5.0" in sentence


def test_only_figures_up_to_the_end_of_2018_are_fitted():
    listed, *_ = refit.published(FIRST)
    assert listed.fitted[-1] == date(2018, 12, 31)
    assert [day for day in listed.figures if day > listed.fitted[-1]]


def test_the_shipped_list_follows_the_published_one():
    scenario = uw.Scenario.load(refit.SCENARIO)
    daily = refit.simulate(scenario, refit.shipped(scenario), citizens=20_000)
    rows = refit.compared(scenario.first_day, daily)
    listed = [row for row in rows if row.series.tally == "imposed" and row.fitted]
    assert len(listed) == 4 and refit.missed(listed) == []


@pytest.mark.long
def test_the_shipped_values_are_those_of_the_fit():
    scenario = uw.Scenario.load(refit.SCENARIO)
    holds = refit.shipped(scenario)
    daily = refit.simulate(scenario, holds, citizens=1_000_000)
    assert refit.off(holds, refit.refitted(scenario.first_day, holds, daily)) == []
    assert refit.missed(refit.compared(scenario.first_day, daily)) == []


def test_the_page_lists_every_fitted_figure_and_the_shipped_constants():
    text = refit.PAGE.read_text("utf-8")
    constants = refit.shipped(uw.Scenario.load(refit.SCENARIO))
    assert fitted._code(constants) in text
    assert [line for line in fitted.others() if line not in text] == []
    assert fitted.UNKNOWN not in text
