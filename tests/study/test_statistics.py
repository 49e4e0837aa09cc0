"""Printed intervals cover what they say, and many differences are judged together."""

import numpy as np
import pytest

from underwatch.assessments.ranges import intervals
from underwatch.assessments.worlds.comparing import estimate as compared_with_runs
from underwatch.measurement.summary import SummaryLine
from underwatch.report.series.decisions import compared, poisson_interval
from underwatch.results.base import Value
from underwatch.study.bands import band
from underwatch.study.differences import judged, judged_sentence, paired
from underwatch.study.multiplicity import beyond_chance, mark_sentence
from underwatch.study.replicates_result import _mean
from underwatch.study.statistics import cut, estimate, of_unit, ratio_of_means

TRIALS = 1000
NOMINAL = 0.95 - 0.01 - 2 * (0.95 * 0.05 / TRIALS) ** 0.5  # less two standard errors of the trial


def covered(draw, truth, interval):
    """In what share of the trials the interval holds the truth."""
    found = [interval(draw()) for _ in range(TRIALS)]
    return np.mean([one.low <= truth <= one.high for one in found])


@pytest.mark.parametrize(("events", "seeds"), [(0.02, 3), (1, 10), (3, 5), (10, 3), (1000, 5)])
def test_the_interval_of_a_count_over_seeds_covers_rare_and_frequent_events(events, seeds):
    rng = np.random.default_rng(2)
    share = covered(
        lambda: rng.poisson(events, seeds).astype(float).tolist(),
        events,
        lambda values: of_unit(values, "restrictions"),
    )
    assert share >= NOMINAL


def test_a_mean_in_the_unit_of_a_count_has_the_interval_of_a_mean():
    """Seven ties a person are no seven events."""
    found = of_unit([7.01, 7.04, 7.02], "ties")
    assert 6.9 < found.low < found.value < found.high < 7.1
    assert of_unit([7.5, 7.5, 7.5], "ties")[1:] == (7.5, 7.5)


def test_the_interval_of_a_share_near_zero_covers_it_or_is_not_given():
    rng = np.random.default_rng(2)
    found = [
        of_unit((100 * rng.binomial(1000, 2e-4, 5) / 1000).tolist(), "% of adults")
        for _ in range(TRIALS)
    ]
    given = [one for one in found if one.low is not None]
    assert np.mean([one.low <= 0.02 <= one.high for one in given]) >= NOMINAL
    assert 0.2 < len(given) / TRIALS < 0.8 and all(one.low >= 0 for one in given)


@pytest.mark.parametrize("level", [0.95, 0.999])
def test_students_interval_covers_the_mean_difference_of_paired_seeds(level):
    rng = np.random.default_rng(3)

    def differences():
        world = rng.normal(100, 30, 3)
        return (world + rng.normal(2, 1, 3) - world).tolist()

    share = covered(differences, 2, lambda values: estimate(values, level=level))
    assert share == pytest.approx(level, abs=0.02)


def test_the_interval_of_a_ratio_of_means_carries_the_spread_of_both():
    """Dividing the interval of the difference by the first mean would cover far less."""
    rng = np.random.default_rng(4)

    def worlds():
        first = rng.normal(100, 10, 4)
        return first, 0.5 * first + rng.normal(0, 3, 4) + 10

    share = covered(worlds, 0.6, lambda both: ratio_of_means(*map(list, both)))
    assert share >= NOMINAL
    assert ratio_of_means([], []) == ratio_of_means([0.0] * 3, [1.0] * 3) == (None, None, None)
    assert ratio_of_means([2.0, 2.0], [1.0, 1.0]) == (0.5, None, None)


def test_worlds_that_move_together_leave_their_ratio_no_spread():
    first = [80.0, 100.0, 130.0]
    found = ratio_of_means(first, [0.5 * one for one in first])
    assert found == (0.5, pytest.approx(0.5, abs=1e-6), pytest.approx(0.5, abs=1e-6))


def test_the_interval_of_a_count_is_the_exact_one_of_tables():
    low, high = poisson_interval(np.array([0, 1, 10]))
    assert low == pytest.approx([0, 0.0253, 4.795], abs=1e-3)
    assert high == pytest.approx([3.689, 5.572, 18.39], abs=1e-2)


def test_fewer_than_three_seeds_give_no_interval_anywhere():
    line = SummaryLine("acts", "Acts", 1.0, "acts", "expression")
    made = paired("b", line, [1.0, 2.0, None], [3.0, 5.0, 4.0])
    assert (made.seeds, made.low, made.high) == (2, None, None)
    assert judged([made])[0].distinguished is None and not judged_sentence([made])
    assert band(np.ones(2), np.ones((2, 2))) is None
    runs = [(1.0, 100), (2.0, 100)]
    found = compared_with_runs(("x", "all", None), "as declared", ("X", "%"), 1.5, None, runs)
    assert found.chance_low is None and found.agrees is None


def test_a_mean_over_some_of_the_seeds_says_over_how_many():
    values = [Value("x", "X", v, "%", "", "error") for v in (10.0, 20.0, None, 30.0)]
    made = _mean(values)
    assert made.value == 20 and made.note == "interval cut at 0; defined under 3 of 4 seeds"


def test_of_sixty_differences_by_chance_some_intervals_leave_out_zero_and_none_is_marked():
    rng = np.random.default_rng(5)
    alone, marked = [], []
    for _ in range(100):
        found = [estimate(rng.normal(0, 1, 3).tolist()) for _ in range(60)]
        alone.append(sum(not one.low <= 0 <= one.high for one in found))
        marked.append(any(beyond_chance([(one, 3) for one in found])))
    assert np.mean(alone) == pytest.approx(3, abs=0.7)
    assert np.mean(marked) <= 0.05 + 2 * (0.05 * 0.95 / 100) ** 0.5


def test_real_differences_are_marked_and_at_most_one_in_twenty_marks_is_chance():
    rng = np.random.default_rng(6)
    right = wrong = 0
    for _ in range(50):
        centres = [0.0] * 40 + [5.0] * 20
        found = beyond_chance([(estimate(rng.normal(c, 1, 6).tolist()), 6) for c in centres])
        wrong, right = wrong + sum(found[:40]), right + sum(found[40:])
    assert right / (50 * 20) > 0.95 and wrong / (right + wrong) <= 0.06


def test_a_difference_that_is_zero_under_every_seed_is_not_counted_among_the_judged():
    faint, nothing = estimate([1.0, 1.2, 0.7]), estimate([0.0, 0.0, 0.0])
    assert beyond_chance([(faint, 3), *[(nothing, 3)] * 50]) == [True, *[False] * 50]
    assert beyond_chance([(faint, 3), *[(estimate([-1.0, 0.0, 1.0]), 3)] * 50])[0] is False
    assert beyond_chance([]) == [] and "all 60 differences, about 3 " in mark_sentence(60)


def test_groups_of_equal_rates_are_seldom_distinguished():
    """The two groups that differ most are chosen, so an interval of two groups is too narrow."""
    rng = np.random.default_rng(7)
    labels = np.array(list("ABCD"))
    texts = [compared(labels, c := rng.poisson(100, 4), c / 1e4) for _ in range(500)]
    apart = np.mean([text.startswith("Wrongful restrictions fall") for text in texts])
    assert apart <= 0.05 + 2 * (0.05 * 0.95 / 500) ** 0.5
    assert "95 % interval for all 6 pairs of groups" in texts[0]
    text = compared(labels, np.array([90, 60, 70, 200]), np.array([90, 60, 70, 200]) / 1e4)
    assert text.startswith("Wrongful restrictions fall on group D 3.33 times as often")


def test_draws_that_leave_a_wait_undefined_count_as_beyond_its_high_end():
    key = ("wait", "all", None)
    drawn = [{key: float(k)} for k in range(1, 991)] + [{} for _ in range(10)]
    low, high, defined = intervals(drawn)[key]
    assert high == pytest.approx(975, abs=2) and low == pytest.approx(25.7, abs=1)
    assert defined == 0.99
    assert intervals(drawn[:700] + [{}] * 30)[key][1] is None


def test_intervals_keep_to_what_a_unit_allows():
    assert cut(estimate([1.0, 2.0, 30.0]), "acts").low == 0
    assert cut(estimate([99.0, 90.0, 99.9]), "% of adults").high == 100
    assert cut(estimate([1.0, 2.0, 30.0]), "points").low < 0
