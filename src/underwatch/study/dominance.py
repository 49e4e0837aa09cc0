"""Which of many sets to list, when less harm and more benefit are both wanted.

A set dominates another if it has no more harm and no less benefit, and if one of the two is
better by more than a tolerance. Domination is transitive, so every set that is dominated is
dominated by one that is not.

Of the sets that no evaluated set dominates, many may differ by less than the tolerance. A set
is listed unless a smaller listed set comes within the tolerance of it, in harm and in benefit.

So of any evaluated sets (`listed` promises both, and a property test checks both):
- no listed set is dominated by any evaluated set;
- each evaluated set has a listed set with at most the tolerance more harm and less benefit.
"""

from collections.abc import Hashable, Mapping, Sequence
from typing import TypeVar

TOLERANCE = 0.005  # of the span of each measure over the evaluated sets
Cost = tuple[float, float]  # (harm, benefit given up): the less, the better, in both
T = TypeVar("T", bound=Hashable)


def tolerances(costs: Sequence[Cost], share: float = TOLERANCE) -> Cost:
    """The tolerance in each of the two: a share of the span from the lowest to the highest."""
    first, second = (
        share * (max(cost[k] for cost in costs) - min(cost[k] for cost in costs)) for k in (0, 1)
    )
    return first, second


def dominates(one: Cost, other: Cost, tolerance: Cost) -> bool:
    """Whether a set with the first cost dominates one with the second.

    Examples
    --------
    >>> dominates((1, 5), (2, 5), tolerance=(0.5, 0.5)), dominates((1, 5), (1.2, 5), (0.5, 0.5))
    (True, False)
    """
    no_worse = one[0] <= other[0] and one[1] <= other[1]
    return no_worse and any(other[k] - one[k] > tolerance[k] for k in (0, 1))


def covers(one: Cost, other: Cost, tolerance: Cost) -> bool:
    """Whether the first cost is higher than the second by the tolerance at most, in both."""
    return all(one[k] - other[k] <= tolerance[k] for k in (0, 1))


def listed(
    costs: Mapping[T, Cost], smallest_first: Sequence[T], least: Cost = (0.0, 0.0)
) -> list[T]:
    """The sets to list, see above; sorted by harm, then by the benefit given up.

    costs: of every evaluated set. smallest_first: the same sets in the order in which they are
    preferred where they come within the tolerance of each other. least: the smallest tolerance
    in each of the two, whatever the span.
    """
    if not costs:
        return []
    first, second = tolerances(list(costs.values()))
    tolerance = max(first, least[0]), max(second, least[1])
    different = set(costs.values())
    chosen: list[T] = []
    for one in smallest_first:
        cost = costs[one]
        if any(dominates(other, cost, tolerance) for other in different):
            continue
        if not any(covers(costs[smaller], cost, tolerance) for smaller in chosen):
            chosen.append(one)
    return sorted(chosen, key=lambda one: costs[one])
