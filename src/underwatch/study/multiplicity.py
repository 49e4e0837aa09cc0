"""Which of many differences are beyond chance, judged together.

Of a hundred differences that are all due to chance, five have a 95 % interval that leaves out
zero. So an interval speaks of its measure alone, and a difference is called one only if it stands
out among all that stand in the same table: by the procedure of Benjamini and Hochberg (1995),
which keeps the expected share of chance among the differences so called at 5 %.
"""

from collections.abc import Sequence

from underwatch.study.statistics import MIN_SEEDS, Estimate, student

FALSE_SHARE = 0.05
MARK = "*"


def p_value(found: Estimate, replicates: int) -> float | None:
    """Student's two-sided p that a mean of replicates is zero; None without an interval.

    found: as `statistics.estimate` makes it from so many replicates. A value that is the same
    under every seed has no spread: p is 1 if it is zero, else 0.

    Examples
    --------
    >>> from underwatch.study.statistics import estimate
    >>> round(p_value(estimate([1.0, 2.0, 3.0]), 3), 4)
    0.0742
    """
    from scipy.special import stdtr

    if found.value is None or found.low is None or found.high is None or replicates < MIN_SEEDS:
        return None
    if found.low == found.high:
        return 0.0 if found.value else 1.0
    error = (found.high - found.low) / 2 / student(replicates - 1)
    return float(2 * stdtr(replicates - 1, -abs(found.value) / error))


def beyond_chance(estimates: Sequence[tuple[Estimate, int]]) -> list[bool | None]:
    """Whether each mean is distinguished from zero, all judged together; None without an interval.

    estimates: each with its number of replicates. A difference that is zero under every seed is
    none, and is not counted among those that are judged.

    Examples
    --------
    >>> from underwatch.study.statistics import estimate
    >>> clear, faint = estimate([2.0, 2.1, 1.9]), estimate([1.0, 1.2, 0.6])
    >>> beyond_chance([(faint, 3)]), beyond_chance([(clear, 3), *[(faint, 3)] * 2])
    ([True], [True, True, True])
    >>> beyond_chance([(faint, 3), (estimate([1.0, -1.0, 0.5]), 3)])
    [False, False]
    """
    from scipy import stats

    values = [p_value(one, replicates) for one, replicates in estimates]
    judged = [k for k, p in enumerate(values) if p is not None and _differs(estimates[k][0])]
    found = [None if p is None else False for p in values]
    if judged:
        adjusted = stats.false_discovery_control([values[k] for k in judged])
        for k, p in zip(judged, adjusted, strict=True):
            found[k] = bool(p <= FALSE_SHARE)
    return found


def judged_together(estimates: Sequence[tuple[Estimate, int]]) -> int:
    """How many of these `beyond_chance` judges."""
    return sum(p_value(one, many) is not None and _differs(one) for one, many in estimates)


def mark_sentence(judged: int) -> str:
    """What the mark of a difference means, and what an interval does not say; empty of none.

    Examples
    --------
    >>> mark_sentence(0), mark_sentence(60)[:41]
    ('', 'Each 95 % interval speaks of one measure ')
    """
    if not judged:
        return ""
    by_chance = max(1, round(FALSE_SHARE * judged))
    return (
        f"Each 95 % interval speaks of one measure alone: if chance made all {judged:,} "
        f"differences, about {by_chance:,} of their intervals would leave out zero. {MARK} marks "
        f"a difference that is beyond chance with all {judged:,} judged together (Benjamini "
        "and Hochberg): of those so marked, at most one in twenty is expected to be chance."
    )


def _differs(found: Estimate) -> bool:
    return not found.value == found.low == found.high == 0
