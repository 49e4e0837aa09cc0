"""Shapley values: the share of each player in what a coalition of all of them is worth.

A player's share is what it adds, averaged over all orders in which the players could join:

    φ(i) = Σ over S without i of |S|! (n - |S| - 1)! / n! · (v(S + i) - v(S))

The shares sum to v(all) - v(none), exactly. With many players, some orders are sampled, each
with its reverse; the shares of each order sum to the same total.
"""

import random
from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import combinations
from math import factorial

Coalition = frozenset[str]
Worth = Mapping[Coalition, Fraction]


def shapley(player: str, players: Sequence[str], worth: Worth) -> Fraction:
    """The exact share of one player.

    Examples
    --------
    >>> none, a, b, ab = (frozenset(s) for s in ("", "a", "b", "ab"))
    >>> shapley("a", "ab", {none: 0, a: 1, b: 2, ab: 6})
    Fraction(5, 2)
    """
    n, others, share = len(players), [p for p in players if p != player], Fraction(0)
    for size in range(n):
        weight = Fraction(factorial(size) * factorial(n - size - 1), factorial(n))
        for some in combinations(others, size):
            without = frozenset(some)
            share += weight * (worth[without | {player}] - worth[without])
    return share


def marginal(order: Sequence[str], worth: Worth) -> dict[str, Fraction]:
    """What each player adds where the players join in this order."""
    here: Coalition = frozenset()
    added = {}
    for player in order:
        larger = here | {player}
        added[player] = worth[larger] - worth[here]
        here = larger
    return added


def sample_orders(players: Sequence[str], count: int, seed: int) -> list[tuple[str, ...]]:
    """`count` random orders, each followed by its reverse, which reduces the variance."""
    generator = random.Random(seed)
    found: list[tuple[str, ...]] = []
    for _ in range(count):
        order = list(players)
        generator.shuffle(order)
        found += [tuple(order), tuple(reversed(order))]
    return found


def coalitions_of(orders: Sequence[Sequence[str]]) -> list[Coalition]:
    """Every coalition that arises in these orders, each once."""
    return list(dict.fromkeys(frozenset(o[:k]) for o in orders for k in range(len(o) + 1)))


def subsets(players: Sequence[str]) -> list[Coalition]:
    """Every coalition of these players, the smallest first."""
    return [frozenset(some) for size in range(len(players) + 1)
            for some in combinations(players, size)]  # fmt: skip
