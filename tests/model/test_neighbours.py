"""Neighbours who inform (M20): a rate of false reports means what its description says."""

from math import sqrt

import pytest

from underwatch.results.run import run
from underwatch.scenario import Scenario

DAYS, PER_YEAR = 90, 4


@pytest.mark.parametrize("skew", [1, 3])
def test_false_reports_a_year_are_the_rate_times_the_number_of_adults(skew):
    """Whoever the neighbours are, whether or not they are friends, as on the first day."""
    settings = ["first_day=2019-01-01", f"neighbours.lies_per_year={PER_YEAR}",
                f"society.conviction_skew={skew}"]  # fmt: skip
    result = run(Scenario.load("atlantic-2018", settings), citizens=4_000, days=DAYS)
    expected = (result.people.age >= 18).sum() * PER_YEAR * DAYS / 365.25
    found = int(result.tallies["false_by_neighbour"].sum())
    assert found == pytest.approx(expected, abs=4 * sqrt(expected))
