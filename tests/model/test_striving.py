"""M8, M15: people close below a line that pays strive for a score, and gaming is counted."""

import pytest

from underwatch.results.run import run
from underwatch.scenario import Scenario
from underwatch.verification.registry import cases

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


def test_movers_and_their_mean_cost_are_those_of_the_closed_form():
    """Strategic classification (Hardt and others, 2016), as the verification runs it."""
    assert all(check.agrees for check in cases()[24].run(100_000, 7))
