"""What the refit claims: least errors, shipped values that are the fit, a page that lists all."""

from datetime import date, timedelta

import numpy as np
import pytest

import underwatch as uw
from docs import fitted, fitting, refit

FIRST = date(2014, 6, 14)
TRIPS = {fitting.FLIGHTS: 1.0, fitting.TRAINS: 0.3}


def history(places: dict[date, float], days=1_900, leaving=0.0004) -> fitting.Daily:
    """What a simulation gives whose court lists 1,000 people for each place and day."""
    dates = [FIRST + timedelta(day) for day in range(days)]
    listings = np.array([1_000 * [v for s, v in places.items() if s <= day][-1] for day in dates])
    stock = fitting._stock(listings, leaving)
    tickets = {"flights refused": 0.002 * stock, "trains refused": 0.0007 * stock}
    return {"people put on the list": listings, fitting.ON_THE_LIST: stock} | tickets


def test_the_fit_does_not_depend_on_the_constants_of_the_simulation():
    one, two = ({FIRST: a, date(2018, 1, 1): b} for a, b in ((5.0, 7.0), (8.0, 6.0)))
    found = [
        fitting.refitted(FIRST, {fitting.COURT: places, **TRIPS}, history(places))
        for places in (one, two)
    ]
    for begin, value in found[0][fitting.COURT].items():
        assert found[1][fitting.COURT][begin] == pytest.approx(value, abs=0.15)
    assert found[0][fitting.FLIGHTS] == pytest.approx(found[1][fitting.FLIGHTS], rel=0.02)


def test_the_largest_error_of_a_series_is_as_large_above_as_below():
    found = fitting._centred(np.array([-0.39, -0.29, -0.37]))
    assert found.max() == pytest.approx(-found.min()) and np.abs(found).max() < 0.1


def test_twice_as_many_refused_tickets_give_half_the_trips():
    places = {FIRST: 5.5}
    constants, daily = {fitting.COURT: places, **TRIPS}, history(places)
    twice = daily | {"flights refused": 2 * daily["flights refused"]}
    one, two = (fitting.refitted(FIRST, constants, each) for each in (daily, twice))
    assert two[fitting.FLIGHTS] == pytest.approx(one[fitting.FLIGHTS] / 2, abs=0.02)
    assert two[fitting.TRAINS] == one[fitting.TRAINS]


def test_people_listed_before_the_first_day_count_as_listed():
    listed, *_ = fitting.published(FIRST)
    assert listed.before == 87_079
    none = np.zeros(1_900)
    assert fitting.errors(listed, FIRST, none)[0] == pytest.approx(87_079 / 6_730_000 - 1)


def test_a_shipped_value_that_is_off_is_named():
    good = {refit.FLIGHTS: 0.7, refit.COURT: {FIRST: 6.0}}
    bad = {refit.FLIGHTS: 0.7, refit.COURT: {FIRST: 5.0}}
    assert refit.off(good, good) == []
    (sentence,) = refit.off(good, bad)
    assert "6.0 from 2014-06-14, but the fit is 5.0" in sentence


def test_only_figures_up_to_the_end_of_2018_are_fitted():
    listed, *_ = fitting.published(FIRST)
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
    assert refit.off(holds, fitting.refitted(scenario.first_day, holds, daily)) == []
    assert refit.missed(refit.compared(scenario.first_day, daily)) == []


def test_the_page_lists_every_fitted_figure_and_the_shipped_constants():
    text = refit.PAGE.read_text("utf-8")
    constants = refit.shipped(uw.Scenario.load(refit.SCENARIO))
    assert fitted._code(constants) in text
    assert [line for line in fitted.others() if line not in text] == []
    assert fitted.UNKNOWN not in text
