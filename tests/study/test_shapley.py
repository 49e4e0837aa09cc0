"""Shapley values and intervals: exact identities, and the error that each interval covers."""

from fractions import Fraction
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from underwatch.study.attribute import Plan, estimates_of
from underwatch.study.shapley import coalitions_of, marginal, sample_orders, shapley
from underwatch.study.statistics import estimate, of_unit, unpaired_seeds

PLAYERS = "abcd"
SETS = [frozenset(c) for n in range(5) for c in combinations(PLAYERS, n)]
games = st.lists(st.integers(-(10**9), 10**9), min_size=16, max_size=16).map(
    lambda values: dict(zip(SETS, map(Fraction, values), strict=True))
)


@given(games)
def test_shares_sum_to_the_total_whatever_the_interactions(game):
    shares = [shapley(player, PLAYERS, game) for player in PLAYERS]
    assert sum(shares) == game[frozenset(PLAYERS)] - game[frozenset()]
    assert sum(marginal("cadb", game).values()) == sum(shares)


@given(st.lists(st.integers(-1000, 1000), min_size=4, max_size=4))
def test_without_interactions_a_share_is_what_the_player_adds(added):
    worth = dict(zip(PLAYERS, added, strict=True))
    game = {s: Fraction(sum(worth[player] for player in s)) for s in SETS}
    assert [shapley(player, PLAYERS, game) for player in PLAYERS] == added


def test_two_players_that_only_work_together_share_equally_and_a_third_gets_zero():
    game = {s: Fraction(10 * ({"a", "b"} <= s)) for s in SETS}
    assert [shapley(player, PLAYERS, game) for player in PLAYERS] == [5, 5, 0, 0]


def sampled(seeds, orders, noise, rng):
    """Estimates of a game in which each seed has a worth of its own and little noise within."""
    players = tuple("abcdefghi")
    plan_orders = {seed: sample_orders(players, orders, seed) for seed in range(seeds)}
    plan = Plan({s: coalitions_of(o) for s, o in plan_orders.items()}, plan_orders)
    values = {}
    for seed, wanted in plan.coalitions.items():
        worth = dict(zip(players, 100 + noise * rng.standard_normal(9), strict=True))
        for coalition in wanted:
            values[seed, coalition] = sum(worth[p] for p in sorted(coalition))
    none, every = frozenset(), frozenset(players)
    total = np.mean([values[s, every] - values[s, none] for s in range(seeds)])
    return estimates_of(players, plan, values, float(total))


def test_with_three_seeds_the_interval_over_sampled_orders_is_that_of_the_seeds():
    rng, width, hits = np.random.default_rng(1), [], 0
    for _ in range(60):
        found, over = sampled(4, 3, 10, rng)
        assert over == "seeds"
        width += [share.high - share.low for share in found.values()]
        hits += sum(share.low <= 100 <= share.high for share in found.values())
    # Orders add nothing here, so that pooling them would give intervals of zero width.
    assert hits / (60 * 9) == pytest.approx(0.95, abs=0.04)
    assert np.mean(width) > 10


@pytest.mark.parametrize("seeds", [1, 2])
def test_one_seed_or_two_give_no_interval_however_many_orders_are_sampled(seeds):
    found, over = sampled(seeds, 40, 10, np.random.default_rng(1))
    assert over is None
    assert all(share.low is None and share.high is None for share in found.values())


def test_no_event_under_any_seed_does_not_make_an_interval_of_zero_width():
    none = of_unit([0.0] * 5, "restrictions")
    assert none.low == 0 and none.high == pytest.approx(3.689 / 5, abs=1e-3)
    assert of_unit([0.0] * 5, "% of adults") == (0.0, None, None)  # of how many is not known
    assert of_unit([1.0, 2.0, 3.0], "restrictions") == (2.0, 0.0, pytest.approx(4.484, abs=1e-3))


def test_an_interval_needs_three_seeds_and_is_never_a_point():
    assert estimate([5.0]).low is None and estimate([5.0, 7.0]).low is None
    found = estimate([5.0, 7.0, 6.0])
    assert found.low < 6 < found.high
    assert estimate([]) == (None, None, None)
    assert unpaired_seeds([1.0, 2.0], [3.0, 5.0]) is None


@given(st.integers(3, 9), st.integers(0, 10**6))
def test_an_estimate_is_the_mean_and_its_interval_is_centred(count, seed):
    values = list(np.random.default_rng(seed).normal(3, 2, count))
    found = estimate(values)
    assert found.value == pytest.approx(np.mean(values))
    assert found.low + found.high == pytest.approx(2 * found.value)


def test_every_sampled_order_is_followed_by_its_reverse():
    orders = sample_orders("abcdefghij", 5, seed=1)
    assert len(orders) == 10 and len(set(orders)) == 10
    assert all(b == a[::-1] for a, b in zip(orders[::2], orders[1::2], strict=True))
