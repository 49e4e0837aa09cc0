"""Ten and more years of ties: longer than the suite allows. Run with `make test-long`."""

import numpy as np
import pytest

from underwatch.engine.population import build
from underwatch.engine.simulation import Simulation
from underwatch.model.society.people import ADULT
from underwatch.scenario import Scenario

pytestmark = pytest.mark.long

CITIZENS = 20_000


def started(name, *settings):
    scenario = Scenario.load(name, [f"society.citizens={CITIZENS}", *settings])
    return Simulation(scenario, build(scenario), scenario.days, [], CITIZENS // 2)


def degrees(simulation):
    """Open ties outside the household, of everyone."""
    closed = simulation.states()["dissolved"]
    return np.bitwise_count(simulation.population.ties.slots & ~closed).astype(int)


def test_the_unwatched_mean_degree_stays_within_two_percent_for_ten_years():
    simulation = started("unwatched", "last_day=2024-12-31")
    adults = simulation.population.people["age"] >= ADULT
    before = degrees(simulation)[adults].mean()
    for year in range(1, 11):
        simulation.run(365 * year)
        assert degrees(simulation)[adults].mean() == pytest.approx(before, rel=0.02), year


def test_critics_lose_ties_relative_to_others_where_the_system_watches():
    unwatched, watched = started("unwatched"), started("atlantic-2018", "ties.let_go=1")
    people = unwatched.population.people
    adults, critics = people["age"] >= ADULT, people["conviction"] >= 170
    kept = []
    for simulation in (unwatched, watched):
        simulation.run()
        found = degrees(simulation)
        kept.append(found[critics & adults].mean() / found[adults & ~critics].mean())
    assert kept[1] < kept[0]
