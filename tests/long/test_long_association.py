"""One unit of the line or of a point changes no headline (M10).

Twenty seeds, each simulated in pairs with common random numbers; minutes on two cores.
"""

import numpy as np
import pytest

from underwatch.engine.population import build
from underwatch.engine.simulation import Simulation
from underwatch.measurement.catalogue import NAMES
from underwatch.scenario import Scenario

pytestmark = pytest.mark.long

CITIZENS, SEEDS = 20_000, range(1, 21)
HEADLINES = ("association_only", "wrongful")


def headlines(seed, *settings):
    """Restrictions of association only, and wrongful ones, in 2019 and 2020."""
    size = [f"society.citizens={CITIZENS}", f"society.seed={seed}", "first_day=2019-07-01"]
    scenario = Scenario.load("atlantic-2018", [*size, *settings])
    days = (scenario.last_day - scenario.first_day).days + 1
    simulation = Simulation(scenario, build(scenario), days, [], 1 << 13)
    simulation.run()
    total = simulation.daily.sum(axis=tuple(range(simulation.daily.ndim - 1)))
    return np.array([total[NAMES.index(name)] for name in HEADLINES])


@pytest.fixture(scope="module")
def default():
    return np.array([headlines(seed) for seed in SEEDS])


@pytest.mark.parametrize(
    "setting",
    [
        "restrictions.below=849", "restrictions.below=851",
        "scoring.points.serious_offence=-174", "scoring.points.serious_offence=-176",
    ],
)  # fmt: skip
def test_one_unit_of_line_or_points_moves_no_headline_by_two_standard_errors(default, setting):
    moved = np.array([headlines(seed, setting) for seed in SEEDS]) - default
    for name, change, before in zip(HEADLINES, moved.T, default.T, strict=True):
        error = change.std(ddof=1) / len(SEEDS) ** 0.5
        print(f"{setting}: {name} {before.mean():.2f}, moved by {change.mean():+.2f} ± {error:.2f}")
        assert abs(change.mean()) <= 2 * error, name
