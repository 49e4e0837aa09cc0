"""Homophily over thirty years: what forming and ending ties alone do to it."""

import numpy as np
import pytest

from underwatch.engine.population import build
from underwatch.engine.simulation import Simulation
from underwatch.model.society.people import ADULT
from underwatch.model.society.segments import by_slot
from underwatch.scenario import Scenario

pytestmark = pytest.mark.long

CITIZENS, YEARS = 20_000, 30
FROZEN = [f"opinion.{key}=0" for key in
          ("steps_to_voices", "steps_to_official", "steps_to_conviction",
           "foreign_source_moves")]  # fmt: skip


def likeness(simulation):
    """Pearson's r of private opinion over open ties outside the household."""
    states, n = simulation.states(), simulation.population.citizens
    table = by_slot(simulation.population.ties, np.arange(n)).astype(np.int64)
    slots = simulation.world.slots
    is_open = np.unpackbits(slots[:, None].view(np.uint8), axis=1, bitorder="little")
    who, slot = np.nonzero(is_open)
    whom = table[who, slot]
    grown = (simulation.ages() >= ADULT)[who] & (simulation.ages() >= ADULT)[whom]
    opinions = states["opinion"].astype(float)
    return np.corrcoef(opinions[who[grown]], opinions[whom[grown]])[0, 1]


@pytest.mark.parametrize("asked", [0.3, 0.6])
def test_homophily_stays_where_it_was_asked_for_thirty_years_if_opinions_do_not_change(asked):
    settings = ["society.births_and_deaths=false", f"society.homophily_opinion={asked}"]
    settings += [f"society.citizens={CITIZENS}", "last_day=2044-12-31", *FROZEN]
    scenario = Scenario.load("unwatched", settings)
    simulation = Simulation(scenario, build(scenario), scenario.days, [], CITIZENS // 2)
    for year in range(0, YEARS + 1, 5):
        simulation.run(365 * year)
        assert likeness(simulation) == pytest.approx(asked, abs=0.03), year
