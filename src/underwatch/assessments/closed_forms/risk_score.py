"""M26 in closed form: who a risk score checks, what follows, and identities that must hold.

Given the error, a score is a sum of normal features, so its distribution in a cell is normal and
the groups' rates are integrals over cells. Where the score is the risk itself, they are sums over
the table of risks.
"""

from dataclasses import replace
from functools import cache
from typing import NamedTuple

import numpy as np
from scipy.optimize import brentq
from scipy.special import ndtr, ndtri

from underwatch.assessments.organs.attributes import CELLS, GROUPS, HAS, NAMES, Mix, members
from underwatch.assessments.organs.chance import CERTAIN
from underwatch.assessments.organs.measures import Counts
from underwatch.assessments.organs.risk_score import RiskScore, risk_tables

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


class Checks(NamedTuple):
    """Chances of a check by cell, float64 (16), with and without an error, and the cut."""

    joint: np.ndarray
    rates: np.ndarray
    if_error: np.ndarray
    if_right: np.ndarray
    cut: float


class Law(NamedTuple):
    """The normal law of a score: its shift by cell and with an error, and its two spreads."""

    shifts: np.ndarray  # float64 (16)
    signal: float
    lasting: float  # standard deviation of the noise that stays with a person
    fresh: float


def law(score: RiskScore, mix: Mix) -> Law:
    """The normal law of a score in the first round, in standard deviations of a feature's noise."""
    shifts = learned(score, mix)
    signal = lasting = fresh = 0.0
    for feature in score.features:
        signal += feature.weight * feature.signal
        lasting += feature.weight**2 * feature.lasting
        fresh += feature.weight**2 * (1 - feature.lasting)
        for name, strength in feature.proxies.items():
            shifts = shifts + feature.weight * strength * HAS[NAMES.index(name)]
    return Law(shifts, signal, lasting**0.5, fresh**0.5)


def learned(score: RiskScore, mix: Mix) -> np.ndarray:
    """What the score learned about each cell from earlier checks, on average: float64 (16)."""
    history = score.history
    if not history.strength or not history.checked:
        return np.zeros(CELLS)
    joint, rates, checked = mix.joint(), score.rates(mix), score.checked_before(mix)
    entered = checked * (rates * history.found + (1 - rates) * history.wrongly_found)
    among = np.ones(CELLS) if history.learns_from == "all cases" else checked

    def log_odds(yes: np.ndarray, of: np.ndarray) -> np.ndarray:
        share = np.clip(yes / np.maximum(of, 1e-300), 1e-12, 1 - 1e-12)
        return np.log(share / (1 - share))

    extra = log_odds(entered, among) - log_odds(joint @ entered, joint @ among)
    return history.strength * np.where(joint > 0, extra, 0)


def checks(score: RiskScore, mix: Mix) -> Checks:
    """The chance of a check in each cell, with and without an error, in the first round."""
    if score.drawn and score.select == "score" and score.cut is None:
        by_chance = (score.capacity or 0.0) * score.drawn
        rest = ((score.capacity or 0.0) - by_chance) / max(1 - by_chance, 1e-300)
        by_score = checks(replace(score, capacity=rest, drawn=0.0), mix)
        return by_score._replace(
            if_error=by_chance + (1 - by_chance) * by_score.if_error,
            if_right=by_chance + (1 - by_chance) * by_score.if_right,
        )
    joint, rates = mix.joint(), score.rates(mix)
    if score.select == "none":
        return Checks(joint, rates, np.zeros(CELLS), np.zeros(CELLS), np.inf)
    if score.select == "random":
        same = np.full(CELLS, score.capacity or 0.0)
        return Checks(joint, rates, same, same, -np.inf)
    if score.reads == "risk":
        return _by_risk(score, joint, rates)
    by = law(score, mix)
    spread = float(np.hypot(by.lasting, by.fresh))

    def above(cut: float) -> tuple[np.ndarray, np.ndarray]:
        return ndtr((by.signal + by.shifts - cut) / spread), ndtr((by.shifts - cut) / spread)

    if score.cut is not None:
        return Checks(joint, rates, *above(score.cut), score.cut)
    capacity = float(score.capacity or 0.0)
    if capacity in (0.0, 1.0):
        same = np.full(CELLS, capacity)
        return Checks(joint, rates, same, same, np.inf if capacity == 0 else -np.inf)

    def beyond(cut: float) -> float:
        with_error, without = above(cut)
        return float(joint @ (rates * with_error + (1 - rates) * without)) - capacity

    reach = 40 * spread + float(np.abs(by.shifts).max()) + abs(by.signal)
    cut = float(brentq(beyond, -reach, reach, xtol=1e-12))
    return Checks(joint, rates, *above(cut), cut)


def _by_risk(score: RiskScore, joint: np.ndarray, rates: np.ndarray) -> Checks:
    """Checks by the risk itself; cases that are tied at the cut are drawn."""
    risks = risk_tables(rates, score.spread) / CERTAIN
    weight = np.repeat(joint[:, None] / risks.shape[1], risks.shape[1], axis=1)
    if score.cut is not None:
        taken, cut = (risks >= score.cut).astype(float), score.cut
    else:
        order = np.argsort(-risks, axis=None, kind="stable")
        reached = np.cumsum(weight.flat[order])
        at = min(int(np.searchsorted(reached, score.capacity or 0.0)), len(order) - 1)
        cut = float(risks.flat[order[at]])
        over, tied = float(weight[risks > cut].sum()), float(weight[risks == cut].sum())
        taken = (risks > cut) + (risks == cut) * max(0.0, (score.capacity or 0.0) - over) / tied
    mean = risks.mean(1)
    return Checks(
        joint, mean,
        (taken * risks).mean(1) / np.maximum(mean, 1e-300),
        (taken * (1 - risks)).mean(1) / np.maximum(1 - mean, 1e-300), cut,
    )  # fmt: skip


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
    score: RiskScore, mix: Mix, times: int = 1, group: str = "all"
) -> float:
    """The share of people with at least one wrong finding in all rounds; or two (times=2)."""
    made = checks(score, mix)
    share = made.joint * members(np.arange(CELLS), group)
    return float(share @ wrongly_found_by_cell(score, mix, made, times) / share.sum())


def wrongly_found_by_cell(score: RiskScore, mix: Mix, made: Checks, times: int = 1) -> np.ndarray:
    """The same share in each cell, float64 (16). made: what `checks` found.

    The noise that stays with a person makes some people return to the top, so fewer people bear
    more findings. The risk of each is that of the cell: exact where spread is 0.
    """
    nodes, weights = _quadrature()
    each = _chances(score, mix, made, nodes)
    missed = (1 - each) ** score.rounds
    if times == 2:
        missed = missed + score.rounds * each * (1 - each) ** (score.rounds - 1)
    return (1 - missed) @ weights


def share_of_most_exposed(
    score: RiskScore, mix: Mix, made: Checks, share: float = 0.01, fine: int = _FINE
) -> float:
    """The share of all wrong findings that falls on the people most exposed to them, 1 % of all.

    Exposed by their cell and by the noise that stays with them. made: what `checks` found. fine: of
    how many equally frequent values of that noise.
    """
    each = _chances(score, mix, made, ndtri((np.arange(fine) + 0.5) / fine))
    people = np.repeat(made.joint[:, None] / fine, fine, axis=1).ravel()
    order = np.argsort(-each, axis=None, kind="stable")
    people, borne = people[order], (people * each.ravel())[order]
    before = np.cumsum(people) - people
    part = np.clip((share - before) / np.maximum(people, 1e-300), 0, 1)
    return float((borne * part).sum() / borne.sum()) if borne.any() else float("nan")


def _chances(score: RiskScore, mix: Mix, made: Checks, nodes: np.ndarray) -> np.ndarray:
    """The chance of a wrong finding in a round by cell and noise that stays: float64 (16, n)."""
    did = score.outcomes
    wrong = did.wrongly_found * (1 - did.review_clears_wrong)
    if score.select != "score" or score.reads == "risk" or not np.isfinite(made.cut):
        chances = np.repeat(made.if_right[:, None], len(nodes), axis=1)
    else:
        by = law(score, mix)
        above = by.shifts[:, None] + by.lasting * nodes - made.cut
        chances = ndtr(above / by.fresh) if by.fresh else (above >= 0).astype(float)
        by_chance = (score.capacity or 0.0) * score.drawn
        chances = by_chance + (1 - by_chance) * chances
    return (1 - made.rates)[:, None] * chances * wrong


@cache
def _quadrature() -> tuple[np.ndarray, np.ndarray]:
    """Nodes and weights of the normal distribution (Gauss and Hermite)."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(_NODES)
    return nodes, weights / weights.sum()
