"""Who a risk score checks, in closed form.

Given the error and what the score learned, a score is a sum of normal features, so its distribution
in a cell is normal. Where the score is the risk itself, chances are sums over the table of risks.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from scipy.optimize import brentq
from scipy.special import ndtr

from underwatch.assessments.closed_forms.training import Learned, learned
from underwatch.assessments.organs.attributes import CELLS, HAS, NAMES, Mix
from underwatch.assessments.organs.chance import CERTAIN
from underwatch.assessments.organs.risk_score import RiskScore, risk_tables


class Law(NamedTuple):
    """The normal law of a score: its shift by cell and with an error, and its two spreads.

    learned: what it learned about each cell, with the noise of its training; `shifts` holds none of
    it.
    """

    shifts: np.ndarray  # float64 (16)
    learned: Learned
    signal: float
    lasting: float  # standard deviation of the noise that stays with a person
    fresh: float

    def mean(self, chances: Callable[[np.ndarray], np.ndarray]) -> np.ndarray:
        """The mean over training of a function of the shift in each cell.

        chances: of shifts, float64 (16, n), to float64 (16, n, …).
        """
        found = chances(self.shifts[:, None] + self.learned.values)
        return np.asarray(np.einsum("cn,cn...->c...", self.learned.weights, found))


class Checks(NamedTuple):
    """Chances of a check by cell, float64 (16), with and without an error; cut and law of it."""

    joint: np.ndarray
    rates: np.ndarray
    if_error: np.ndarray
    if_right: np.ndarray
    cut: float
    law: Law | None = None


def law(score: RiskScore, mix: Mix, cases: float | None = None) -> Law:
    """The normal law of a score in the first round, in standard deviations of a feature's noise.

    cases: among which it was trained; None: so many that training has no noise.
    """
    shifts = np.zeros(CELLS)
    signal = lasting = fresh = 0.0
    for feature in score.features:
        signal += feature.weight * feature.signal
        lasting += feature.weight**2 * feature.lasting
        fresh += feature.weight**2 * (1 - feature.lasting)
        for name, strength in feature.proxies.items():
            shifts = shifts + feature.weight * strength * HAS[NAMES.index(name)]
    return Law(shifts, learned(score, mix, cases), signal, lasting**0.5, fresh**0.5)


def checks(score: RiskScore, mix: Mix, cases: float | None = None) -> Checks:
    """The chance of a check in each cell, with and without an error, in the first round.

    cases: among which the score was trained; None: so many that training has no noise.
    """
    if score.drawn and score.select == "score" and score.cut is None:
        by_chance = (score.capacity or 0.0) * score.drawn
        rest = ((score.capacity or 0.0) - by_chance) / max(1 - by_chance, 1e-300)
        by_score = checks(replace(score, capacity=rest, drawn=0.0), mix, cases)
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
    by = law(score, mix, cases)
    if score.cut is not None:
        return Checks(joint, rates, *_above(by, score.cut), score.cut, by)
    capacity = float(score.capacity or 0.0)
    if capacity in (0.0, 1.0):
        same = np.full(CELLS, capacity)
        return Checks(joint, rates, same, same, np.inf if capacity == 0 else -np.inf, by)
    cut = _cut(by, joint, rates, capacity)
    if by.learned.values.shape[1] > 1:
        by = by._replace(learned=by.learned.beside(_moves(by, joint, rates, cut)))
        cut = _cut(by, joint, rates, capacity)
    return Checks(joint, rates, *_above(by, cut), cut, by)


def _above(by: Law, cut: float) -> tuple[np.ndarray, np.ndarray]:
    """The chance of a score beyond the cut in each cell, with an error and without."""
    spread = float(np.hypot(by.lasting, by.fresh))
    with_error = by.mean(lambda shifts: ndtr((by.signal + shifts - cut) / spread))
    return with_error, by.mean(lambda shifts: ndtr((shifts - cut) / spread))


def _cut(by: Law, joint: np.ndarray, rates: np.ndarray, capacity: float) -> float:
    """The cut beyond which as many cases lie as there is capacity for."""

    def beyond(cut: float) -> float:
        with_error, without = _above(by, cut)
        return float(joint @ (rates * with_error + (1 - rates) * without)) - capacity

    most = np.abs(by.shifts[:, None] + by.learned.values).max()
    reach = 40 * float(np.hypot(by.lasting, by.fresh)) + float(most) + abs(by.signal)
    return float(brentq(beyond, -reach, reach, xtol=1e-12))


def _moves(by: Law, joint: np.ndarray, rates: np.ndarray, cut: float) -> np.ndarray:
    """How far the cut moves with the shift of each cell: its share of the cases at the cut."""
    spread = float(np.hypot(by.lasting, by.fresh))

    def density(shift: float) -> np.ndarray:
        return by.mean(lambda shifts: np.exp(-0.5 * ((shift + shifts - cut) / spread) ** 2))

    at = joint * (rates * density(by.signal) + (1 - rates) * density(0.0))
    return np.asarray(at / max(float(at.sum()), 1e-300))


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
