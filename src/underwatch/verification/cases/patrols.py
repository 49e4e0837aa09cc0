"""Cases of patrols that follow records: the organ M27."""

from __future__ import annotations

import numpy as np

from underwatch.assessments.closed_forms.patrols import resting_shares
from underwatch.assessments.organs.patrols import Patrols, sent
from underwatch.verification.case import Case, Check
from underwatch.verification.chance import of_mean

_RATES = (0.6, 0.4)  # discovered, and reported
_ROOTS = {0.1: 0.8521, 0.25: 0.75, 0.5: 0.6861, 1.0: 0.6458}
_RECORDS = 1000.0  # on the first morning, where one day is asked for
_CITIES, _LONG = 60_000, 200  # replicates of a day, and of the way to rest


def patrol_feedback(replicates: int, seed: int) -> list[Check]:
    """Case 22: where records rest; one day in many cities, and many days in some."""
    checks = [
        Check(f"Share at rest by the assessment's formula, reports weigh {weight:g}", root,
              float(resting_shares(_RATES, _RATES, weight)[0]), tolerance=5e-5, role="formula")
        for weight, root in _ROOTS.items()
    ]  # fmt: skip
    days = max(1, round(_CITIES * replicates))
    for weight, root in _ROOTS.items():
        checks.append(_pull(weight, root, days, seed))
    for away in (-0.1, 0.1):
        checks.append(_pull(1.0, _ROOTS[1.0] + away, days, seed))
    cities = max(20, round(_LONG * replicates))
    for repaired, rest, length in ((False, 0.6458, 4000), (True, 0.6, 2000)):
        done = sent(Patrols(_RATES, _RATES, 1.0, repaired=repaired), length, seed, cities)
        how = "with the repair" if repaired else "without it"
        # What is left of the start, one record in each district, is less than .001.
        checks.append(of_mean(f"Share of records after {length:,} days, {how}", rest,
                              done.share[:, 0], tolerance=0.001))  # fmt: skip
    many = max(500, round(15 * cities))
    done = sent(Patrols((1.0, 1.0)), 600, seed, many)
    spread = float(done.share[:, 0].std())
    error = 0.2887 * np.sqrt(0.8 / 4 / many)  # of a uniform distribution's standard deviation
    checks.append(Check(
        "Standard deviation over cities at equal rates, from one record in each district", 0.2887,
        spread, error=float(error), tolerance=5e-4, replicates=many,
    ))  # fmt: skip
    return checks


def _pull(weight: float, share: float, cities: int, seed: int) -> Check:
    """What one day adds to the first district, less its share of all that is added."""
    records = (_RECORDS * share, _RECORDS * (1 - share))
    done = sent(Patrols(_RATES, _RATES, weight, records), 1, seed, cities)
    added = done.entered + weight * done.reported
    a, b, c, d = 0.6 * (1 + weight), 0.4 * weight, 0.6 * weight, 0.4 * (1 + weight)
    expected = (c + d - a - b) * share**2 + (a - 2 * c - d) * share + c
    return of_mean(
        f"Pull of a day from the share {share:.4g}, reports weigh {weight:g}",
        round(expected, 4) + 0.0, added[:, 0] - share * added.sum(1), tolerance=1e-4,
    )  # fmt: skip


CASES = (
    Case(
        22, "Feedback of patrols and records",
        "M27 Patrol allocation: patrols, incidents, reports and records (organs.patrols.sent)",
        "Root in [0, 1] of (c + d − a − b)x² + (a − 2c − d)x + c, Ensign and others 2018", "C",
        "exact", patrol_feedback, replicates=4, quick=1, seconds=12,
        notices="Records of the morning taken for those of the evening, a district swapped, or "
        "the repair by the wrong share: the pull would differ by .03 and more; the error is .001.",
        note="Replicates are multiples of 60,000 cities for one day and of 200 for the way to "
        "rest. Without reports nothing is tested: the share goes to 1 as slowly as t^(−1/3).",
    ),
)  # fmt: skip
