"""M8, M15: people close below a line that pays strive for a score, and gaming is counted."""

import numpy as np
import pytest
from numba import njit

from underwatch.model.parameters import PARAMS
from underwatch.model.scoring.striving import within_reach
from underwatch.results.run import run
from underwatch.scenario import Scenario

STRIVING = [
    "society.citizens=4000", "first_day=2019-06-01", "precursor.on=true",
    "precursor.joining_alone_per_year=50", "precursor.perks_from=600",
    "response.striving_reach_points=100",
]  # fmt: skip


def simulated(*settings, name="sesame", days=200):
    return run(Scenario.load(name, [*STRIVING, *settings]), days=days).tallies


def total(tallies, measure):
    return int(tallies[measure].sum())


def test_who_is_close_below_the_line_of_perks_games_the_score():
    honest = simulated("response.striving=0")
    some, more = simulated("response.striving=0.3"), simulated("response.striving=0.9")
    gamed = [total(found, "gamed_acts") for found in (honest, some, more)]
    assert gamed[0] == 0 < gamed[1] < gamed[2]
    assert total(honest, "striving") == 0 < total(some, "striving")
    privileged = [int(found.privileged[-1].sum()) for found in (honest, more)]
    assert privileged[1] > privileged[0]


@pytest.mark.parametrize(
    "off",
    [
        ["precursor.perks_from=0"],
        ["precursor.points.favoured=0", "precursor.points.disfavoured=0"],
        ["response.striving_reach_points=0"],
    ],
)
def test_without_a_line_without_points_or_out_of_reach_nobody_games(off):
    assert total(simulated(*off, days=60), "gamed_acts") == 0


def test_nobody_strives_in_the_unwatched_world():
    found = simulated(name="unwatched", days=60)
    assert total(found, "striving") == total(found, "gamed_acts") == 0


# --- Strategic classification (Hardt and others, 2016)


@njit
def _short(points, line, params, out):
    for k in range(len(points)):
        out[k] = (line - points[k]) * within_reach(points[k], line, params[0])


def test_movers_and_their_mean_cost_are_those_of_the_closed_form():
    unit, n = 1_000, 1_000_000  # points a standard deviation
    points = np.round(unit * np.random.default_rng(7).standard_normal(n)).astype(np.int64)
    params = np.zeros(1, PARAMS)
    params["striving_reach"] = unit // 2  # 1 / k for k = 2
    short = np.zeros(n, np.int64)
    _short(points + 5 * unit, 6 * unit, params, short)  # a line at 1
    movers = short > 0
    assert movers.mean() == pytest.approx(0.1499, abs=0.001)
    assert (short[movers] / (unit // 2)).mean() == pytest.approx(0.531, abs=0.003)
