"""Sizes of runs and studies are checked in one place, for options and Python alike."""

import numpy as np
import pytest

from underwatch.errors import UserError
from underwatch.scenario import Scenario
from underwatch.scenario.changes import check_days
from underwatch.scenario.limits import MAX_SEED, check_run_size, check_seeds


def test_integers_of_numpy_are_accepted_and_become_plain():
    sizes = check_run_size(days=np.int64(5), citizens=np.uint32(7), seed=None, panel=np.int8(0))
    assert sizes == {"days": 5, "citizens": 7, "panel": 0}
    assert {type(size) for size in sizes.values()} == {int}
    assert check_seeds(np.arange(3)) == check_seeds(3) == (0, 1, 2)


@pytest.mark.parametrize(
    "sizes",
    [
        {"days": 0}, {"days": 3_000_000}, {"citizens": -1}, {"panel": -1}, {"threads": 0},
        {"seed": MAX_SEED + 1}, {"seed": MAX_SEED, "seeds": 2}, {"seed": 10**5000}, {"chunk": 0},
        {"every": 0}, {"days": True}, {"days": np.bool_(True)}, {"days": 1.5}, {"days": "7"},
        {"citizens": np.float64(3)}, {"citizens": 10**10}, {"seeds": 0}, {"panel": None},
        {"every": None},
    ],
)  # fmt: skip
def test_sizes_out_of_range_are_refused_in_one_sentence_each(sizes):
    with pytest.raises(UserError) as caught:
        check_run_size(**sizes)
    (problem,) = caught.value.problems
    assert str(problem).startswith(f"{next(iter(sizes))} is ") and len(str(problem)) < 200


def test_all_sizes_are_reported_at_once():
    with pytest.raises(UserError, match="(?s)days is 0.*panel is -1"):
        check_run_size(days=0, citizens=5, panel=-1)


def test_seeds_are_distinct():
    assert check_seeds([8, 5]) == (8, 5) and check_seeds(2, first=7) == (7, 8)
    assert check_seeds(np.array(2)) == (0, 1)
    for wrong in ([3, 3], [], [-1], "12", {1: 2}, None, 0):
        with pytest.raises(UserError):
            check_seeds(wrong)


def test_a_run_is_no_longer_than_days_can_be_counted():
    scenario = Scenario.load("atlantic-2018", ["redress.ruling_holds_days=20000"])
    check_days(scenario, 45_535)
    with pytest.raises(UserError, match="redress.ruling_holds_days is 20,000.*at most 45,535 days"):
        check_days(scenario, 45_536)
    with pytest.raises(UserError, match="a run of 65,216 days is too long"):
        Scenario.load("atlantic-2018", ["last_day=2193-01-01"])
