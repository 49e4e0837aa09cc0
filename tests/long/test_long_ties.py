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
    return np.bitwise_count(simulation.world.slots).astype(int)


def test_the_unwatched_mean_degree_stays_for_thirty_years_while_people_die():
    simulation = started("unwatched", "last_day=2044-12-31")
    before = degrees(simulation)[simulation.ages() >= ADULT].mean()
    for year in range(1, 31):
        simulation.run(365 * year)
        adults = simulation.ages() >= ADULT
        assert degrees(simulation)[adults].mean() == pytest.approx(before, rel=0.05), year
        assert 0.75 < adults.mean() < 0.88 and 0.15 < (simulation.ages() >= 60).mean() < 0.33


def test_critics_lose_ties_relative_to_others_where_the_system_watches():
    alive = "society.births_and_deaths=false"
    unwatched = started("unwatched", alive)
    watched = started("atlantic-2018", "ties.let_go=1", alive)
    people = unwatched.population.people
    adults, critics = people["age"] >= ADULT, people["conviction"] >= 170
    kept = []
    for simulation in (unwatched, watched):
        simulation.run()
        found = degrees(simulation)
        kept.append(found[critics & adults].mean() / found[adults & ~critics].mean())
    assert kept[1] < kept[0]
