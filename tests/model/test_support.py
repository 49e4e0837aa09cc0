"""M22: support is what experiences make of it, not a level that was put in."""

import pytest

from underwatch.results.run import run
from underwatch.scenario import Scenario
from underwatch.verification.cases.society import informed


def final_support(*settings, name="atlantic-2018", citizens=1_500, days=None):
    found = run(Scenario.load(name, [f"society.citizens={citizens}", *settings]), days=days)
    tallies = found.tallies
    return float(tallies.support_sum[-1].sum() / 255 / tallies.adults[-1].sum())


def elasticity(key, low, here, high, citizens):
    """The relative change of final support over that of a constant, over the default run."""
    y = [final_support(f"support.{key}={x}", citizens=citizens) for x in (low, here, high)]
    return abs(y[2] - y[0]) / y[1] / ((high - low) / here)


def test_final_support_does_not_depend_on_how_many_approve_at_the_start():
    assert elasticity("approving_at_start", 0.4, 0.8, 1.0, 600) < 0.25


@pytest.mark.long
@pytest.mark.parametrize(
    "key, low, here, high",
    [("approving_at_start", 0.4, 0.8, 1.0), ("spread_at_start", 0.4, 0.8, 1.2)],
)
def test_no_constant_of_the_start_decides_final_support(key, low, here, high):
    assert elasticity(key, low, here, high, 20_000) < 0.25


def test_support_lies_where_surveys_find_it_in_the_default_scenario():
    assert 0.65 < final_support() < 0.85


@pytest.mark.parametrize(
    "bad", ["life.serious_offences_per_year=0.2", "life.missed_instalments_worst=0.6"]
)
def test_offences_in_the_district_and_broken_promises_lower_support(bad):
    settings = ["first_day=2019-01-01"]
    assert final_support(bad, *settings, days=300) < final_support(*settings, days=300) - 0.02


def test_information_about_repression_costs_an_eighth_of_support_and_about_order_nothing():
    """The information experiment (xu_2022), as the verification runs it."""
    repression, order = informed(5_000, 7)
    assert repression.agrees and order.agrees
    assert repression.got < -10 and abs(order.got) < 0.5
