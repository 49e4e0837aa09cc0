"""M26 in closed form: who a risk score checks, what follows, and identities that must hold.

The groups' rates are sums over cells of the chances of `risk_score_checks.py`.
"""

from collections.abc import Callable
from functools import cache

import numpy as np
from scipy.special import ndtr, ndtri

from underwatch.assessments.closed_forms.risk_score_checks import Checks, Law
from underwatch.assessments.closed_forms.risk_score_checks import checks as checks
from underwatch.assessments.organs.attributes import CELLS, GROUPS, Mix, members
from underwatch.assessments.organs.measures import Counts
from underwatch.assessments.organs.risk_score import RiskScore

_NODES = 80  # of the quadrature over noise that stays with a person
_FINE = 2_000  # equally frequent values of it


def false_positive_rate(base_rate: float, ppv: float, fnr: float) -> float:
    """The false positive rate that the other three leave no choice about (Chouldechova 2017).

    Examples
    --------
    >>> round(false_positive_rate(0.5144, 0.62, 0.35), 3)
    0.422
    >>> round(false_positive_rate(0.3936, 0.62, 0.35), 3)
    0.259
    """
    return base_rate / (1 - base_rate) * (1 - ppv) / ppv * (1 - fnr)


def mean_risk_of_errors(mean: float, mean_square: float) -> float:
    """The mean calibrated score of cases with an error: E[s²] / E[s] (Kleinberg and others 2016).

    Two groups whose scores are calibrated and differ in base rate differ in this, too.

    Examples
    --------
    >>> round(mean_risk_of_errors(0.3, 0.3 * 4 / 11), 4)  # Beta(3, 7)
    0.3636
    """
    return mean_square / mean


def appeal_odds_ratio(wrong_if_appealed: float, wrong_if_not: float) -> float:
    """How many times higher the odds of an appeal are in a wrong decision than in a right one.

    wrong_if_appealed, wrong_if_not: share of wrong decisions among those appealed and not.

    Examples
    --------
    >>> round(appeal_odds_ratio(0.92, 0.70), 2)
    4.93
    """
    return wrong_if_appealed / (1 - wrong_if_appealed) / (wrong_if_not / (1 - wrong_if_not))


def wrong_if_appealed(wrong_if_not: float, odds_ratio: float) -> float:
    """The share of wrong decisions among those appealed; the inverse of `appeal_odds_ratio`.

    Examples
    --------
    >>> round(wrong_if_appealed(0.70, 4.93), 3)
    0.92
    """
    odds = odds_ratio * wrong_if_not / (1 - wrong_if_not)
    return odds / (1 + odds)


def expected(
    score: RiskScore,
    mix: Mix,
    group: str = "all",
    cases: float = 1.0,
    made: Checks | None = None,
) -> Counts:
    """What to expect of a group in one round, for so many cases of all groups together.

    made: what `checks` found, if it is known already.

    Examples
    --------
    >>> from underwatch.assessments.organs.measures import rate
    >>> from underwatch.assessments.organs.risk_score import Feature
    >>> found = expected(RiskScore(0.3, features=(Feature(1.0),), capacity=0.1), Mix())
    >>> round(rate(found, "hit_rate"), 3), round(rate(found, "checked_share"), 3)
    (0.704, 0.1)
    """
    return expected_of(score, made or checks(score, mix), cases)[group]


def expected_of(score: RiskScore, made: Checks, cases: float = 1.0) -> dict[str, Counts]:
    """The same for everybody ("all") and for every group. made: what `checks` found."""
    did = score.outcomes
    errors = cases * made.joint * made.rates
    right = cases * made.joint * (1 - made.rates)
    by_cell = np.array([cases * made.joint, errors, errors * made.if_error, right * made.if_right])
    all_cases, all_errors, hits, misses = by_cell @ _groups().T
    found = hits * did.found * (1 - did.review_clears_right)
    wrong = misses * did.wrongly_found * (1 - did.review_clears_wrong)
    ends = did.debts + did.suspensions
    appealed = wrong * ends * did.appeals_if_wrong, found * ends * did.appeals_if_right
    table = np.array([
        all_cases, all_errors, hits + misses, hits, found, wrong, wrong * did.debts, wrong * ends,
        found * ends, *appealed, appealed[0] * did.upheld_if_wrong,
        appealed[1] * did.upheld_if_right,
    ]).T.tolist()  # fmt: skip
    return {group: Counts(*row) for group, row in zip(("all", *GROUPS), table, strict=True)}


@cache
def _groups() -> np.ndarray:
    """Which cells everybody and each group has: float64 (9, 16)."""
    return np.array([members(np.arange(CELLS), group) for group in ("all", *GROUPS)], float)


def wrongly_found_in_a_year(
    score: RiskScore, mix: Mix, times: int = 1, group: str = "all", cases: float | None = None
) -> float:
    """The share of people with at least one wrong finding in all rounds; or two (times=2).

    cases: among which the score was trained.
    """
    made = checks(score, mix, cases)
    share = made.joint * members(np.arange(CELLS), group)
    return float(share @ wrongly_found_by_cell(score, made, times) / share.sum())


def wrongly_found_by_cell(score: RiskScore, made: Checks, times: int = 1) -> np.ndarray:
    """The same share in each cell, float64 (16). made: what `checks` found.

    The noise that stays with a person makes some people return to the top, so fewer people bear
    more findings. The risk of each is that of the cell: exact where spread is 0.
    """
    return _often(score, made, times, lambda _, right: _wrong(score, made, right))


def checked_by_cell(score: RiskScore, made: Checks, times: int = 1) -> np.ndarray:
    """The share of people of each cell who are checked in so many rounds or more: float64 (16)."""

    def checked(error: np.ndarray, right: np.ndarray) -> np.ndarray:
        rates = _of_cells(made.rates, right)
        return np.asarray(rates * error + (1 - rates) * right)

    return _often(score, made, times, checked)


def _often(
    score: RiskScore, made: Checks, times: int,
    event: Callable[[np.ndarray, np.ndarray], np.ndarray],
) -> np.ndarray:  # fmt: skip
    """The share of people of each cell to whom something happens in one round or in two.

    event: its chance in a round, from those of a check with an error and without, by cell, shift
    and noise that stays.
    """
    nodes, weights = _quadrature()

    def often(error: np.ndarray, right: np.ndarray) -> np.ndarray:
        each = event(error, right)
        missed = (1 - each) ** score.rounds
        if times == 2:
            missed = missed + score.rounds * each * (1 - each) ** (score.rounds - 1)
        return np.asarray((1 - missed) @ weights)

    if made.law is None or not np.isfinite(made.cut):
        alike = (np.repeat(one[:, None], len(nodes), axis=1)
                 for one in (made.if_error, made.if_right))  # fmt: skip
        return often(*alike)
    by, cut = made.law, made.cut
    return by.mean(lambda shifts: often(
        _given(score, by, cut - by.signal, shifts, nodes), _given(score, by, cut, shifts, nodes)
    ))  # fmt: skip


def share_of_most_exposed(
    score: RiskScore, made: Checks, share: float = 0.01, fine: int = _FINE
) -> float:
    """The share of all wrong findings that falls on the people most exposed to them, 1 % of all.

    Exposed by their cell, by what the score learned about it on average, and by the noise that
    stays with them. made: what `checks` found. fine: of how many equally frequent values of that
    noise.
    """
    nodes = ndtri((np.arange(fine) + 0.5) / fine)
    chances = np.repeat(made.if_right[:, None], fine, axis=1)
    if made.law is not None and np.isfinite(made.cut):
        shifts = made.law.shifts + made.law.learned.mean
        chances = _given(score, made.law, made.cut, shifts[:, None], nodes)[:, 0]
    each = _wrong(score, made, chances)
    people = np.repeat(made.joint[:, None] / fine, fine, axis=1).ravel()
    order = np.argsort(-each, axis=None, kind="stable")
    people, borne = people[order], (people * each.ravel())[order]
    before = np.cumsum(people) - people
    part = np.clip((share - before) / np.maximum(people, 1e-300), 0, 1)
    return float((borne * part).sum() / borne.sum()) if borne.any() else float("nan")


def _given(
    score: RiskScore, by: Law, cut: float, shifts: np.ndarray, nodes: np.ndarray
) -> np.ndarray:
    """The chance of a check by shift and by noise that stays; of an error with a lower cut.

    shifts: float64 (16, n). nodes: float64 (m). Returns float64 (16, n, m).
    """
    above = shifts[:, :, None] + by.lasting * nodes - cut
    chances = ndtr(above / by.fresh) if by.fresh else (above >= 0).astype(float)
    by_chance = (score.capacity or 0.0) * score.drawn
    return np.asarray(by_chance + (1 - by_chance) * chances)


def _wrong(score: RiskScore, made: Checks, chances: np.ndarray) -> np.ndarray:
    """The chance of a wrong finding in a round, where that of a check is known: (16, …)."""
    did = score.outcomes
    right = 1 - _of_cells(made.rates, chances)
    return np.asarray(right * chances * (did.wrongly_found * (1 - did.review_clears_wrong)))


def _of_cells(values: np.ndarray, like: np.ndarray) -> np.ndarray:
    """Values of cells, float64 (16), beside an array that begins with cells."""
    return values.reshape(-1, *[1] * (like.ndim - 1))


@cache
def _quadrature() -> tuple[np.ndarray, np.ndarray]:
    """Nodes and weights of the normal distribution (Gauss and Hermite)."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(_NODES)
    return nodes, weights / weights.sum()
