"""M22: support is what experiences make of it, not a level that was put in."""

import numpy as np
import pytest

from helpers import worlds
from helpers.nation import build
from underwatch.model.parameters import PARAMS
from underwatch.model.parameters.society import caps
from underwatch.model.state import CAUGHT, PENALISED, stored
from underwatch.results.run import run
from underwatch.scenario import Scenario


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


# --- The information experiment (xu_2022), on the organ


def informed(signal, citizens=20_000):
    """Mean support of adults one night after all of their contacts showed a signal, or none."""
    people, ties = build(citizens, 7)
    params = worlds.harsh()
    default = parameters_of_the_default()
    for name in PARAMS.names:
        if name.startswith("support_") or name == "detection_heard":
            params[name] = default[name]
    params["learn"], params["news_passes"] = 65_536, 65_536
    params["support_news"] = 0  # information alone, not a penalty of somebody close
    for name in ("support_penalised", "support_visa", "support_offences"):
        params[name] = 0
    caps(params, 3)
    world = worlds.world_of(people, ties, params, 7)
    adults = people["age"] >= 18
    world.signals[0, :citizens] = np.where(adults, stored.py_func(np.int64(signal)), np.uint32(0))
    _, states, _ = worlds.simulate(people, ties, params, np.zeros(1, int), 7, 5_000, world=world)
    return states["support"][adults].mean()


def parameters_of_the_default():
    from datetime import date

    from underwatch.model.parameters import params_on

    return params_on(Scenario.load("atlantic-2018"), date(2018, 6, 1))


def test_information_about_repression_costs_an_eighth_of_support_and_about_order_nothing():
    nothing, repression, order = informed(0), informed(PENALISED), informed(CAUGHT)
    assert repression / nothing - 1 == pytest.approx(-0.12, abs=0.02)
    assert order / nothing - 1 == pytest.approx(0, abs=0.005)
