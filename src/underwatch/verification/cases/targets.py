"""Cases of a score that is a target: striving for a line, and selection by a proxy (M8, M26)."""

from __future__ import annotations

import numpy as np

from underwatch.assessments.organs.attributes import Caseload, Mix
from underwatch.assessments.organs.cases import CHECKED, handle
from underwatch.assessments.organs.chance import FEATURE, LASTING, ONE, draws, normal_table
from underwatch.assessments.organs.risk_score import Feature, RiskScore, resolved
from underwatch.model.decisions.decide import privileged
from underwatch.model.scoring.scores import sixteenths
from underwatch.model.scoring.striving import strives
from underwatch.model.state import KNOWS
from underwatch.verification.case import Case, Check
from underwatch.verification.chance import mean_and_error
from underwatch.verification.compiled import driver
from underwatch.verification.populations import parameters

_UNIT = 100_000  # points that stand for a standard deviation
_BATCHES = 20  # of people, from whose spread the standard error comes


@driver
def _striving(points, params, movers):  # type: ignore[no-untyped-def]
    """Who strives for privileged access; how many have it already."""
    there = 0
    for i in range(len(points)):
        score = sixteenths(points[i])
        there += privileged(score, 1, 0, params[0])
        movers[i] = strives(score, 1, 0, 0, KNOWS, params[0])
    return there


def gaming(citizens: int, _: int) -> list[Check]:
    """Case 24: who strives for a line, at what cost, and who is at it or above it then."""
    from scipy.special import ndtri

    middle = 10 * _UNIT
    deviations = ndtri((np.arange(citizens) + 0.5) / citizens)
    points = middle + np.round(_UNIT * deviations).astype(np.int64)
    record = parameters(privilege_line=middle + _UNIT, good=1, striving_reach=_UNIT // 2)
    movers = np.zeros(citizens, np.int64)
    there = int(_striving(points, record, movers))
    moved = movers > 0
    cost = (middle + _UNIT - points[moved]).mean() / (_UNIT // 2)  # of the worth of the privilege
    among = citizens
    return [
        Check("Accepted without striving", 15.87, 100 * there / citizens, "%", tolerance=0.01,
              replicates=among),
        Check("Accepted with striving, the sum of both", 30.85,
              100 * (there + moved.sum()) / citizens, "%", tolerance=0.01, replicates=among,
              role="derived"),
        Check("Citizens who strive", 14.99, 100 * moved.mean(), "%", tolerance=0.01,
              replicates=among),
        Check("Mean cost of striving, of what the privilege is worth", 0.531, cost,
              tolerance=0.001, replicates=among),
    ]  # fmt: skip


def goodhart(people: int, seed: int) -> list[Check]:
    """Case 25: what is wanted, and its proxy, among the top hundredth by the proxy."""
    # What is wanted stays with a person; the other half of the score is noise of the round.
    score = RiskScore(0.5, features=(Feature(lasting=1.0), Feature()), capacity=0.01)
    person = np.arange(people // _BATCHES)
    cases, normal = Caseload(person, np.zeros(len(person), np.int64)), normal_table()
    true, proxy = np.zeros((2, _BATCHES))
    for batch in range(_BATCHES):
        own = seed + batch
        chosen = person[handle(cases, resolved(score, Mix()), own).has(CHECKED)[0]]
        wanted = normal[draws(own, LASTING, 0, chosen) >> 16] / ONE
        noise = normal[draws(own, FEATURE + 1, 0, chosen) >> 16] / ONE
        true[batch], proxy[batch] = wanted.mean(), (wanted + noise).mean()
    checks = []
    for label, expected, found in (
        ("What is wanted, mean of the top hundredth", 1.885, true),
        ("Its proxy, mean of the top hundredth", 3.769, proxy),
    ):
        got, error = mean_and_error(found)
        checks.append(Check(
            label, expected, got, "standard deviations", error, tolerance=0.001,
            replicates=people // 100,
        ))  # fmt: skip
    return checks


CASES = (
    Case(
        24, "Striving for a line",
        "M8/M15 Striving for a score (model.scoring.striving, model.decisions.decide)",
        "Hardt et al. 2016: N(0, 1), a line at 1, a cost of 2 a unit", "C", "exact", gaming,
        replicates=4_000_000, quick=1_000_000, seconds=1.5,
        notices="A line or a reach that is off by a hundredth of a standard deviation: citizens "
        "who strive would change by .24 or .35 points; .01 is accepted.",
        note="Scores are evenly spaced quantiles, so no chance is involved.",
    ),
    Case(
        25, "A proxy as a target", "M26 Risk score: the capacity that a score fills (organs.cases)",
        "E[V | top q of V + e] = i(q)·σ²ᵥ/√(σ²ᵥ + σ²ₑ), equal variances, top 1 %", "C", "exact",
        goodhart, replicates=4_000_000, quick=1_000_000, seconds=4.0,
        notices="A weight of one feature off by a twentieth: what is wanted would differ by .05; "
        "the error is .004.",
    ),
)  # fmt: skip
