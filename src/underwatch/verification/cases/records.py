"""Cases of benefit records: income that is averaged over a year."""

from __future__ import annotations

import numpy as np

from underwatch.assessments.organs.averaging import AveragedIncome, false_debts
from underwatch.verification.case import Case, Check


def averaged_income(replicates: int, seed: int) -> list[Check]:
    """Case 36: the debt of people who worked half of the year and declared everything."""
    rule = AveragedIncome({13: 1.0}, earned=2000, free=104, taper=0.5)
    debts = false_debts(np.arange(replicates), rule, seed) / 100
    return [
        Check("Lowest debt raised; the true debt is 0", 5824.0, float(debts.min()), "$",
              replicates=replicates),
        Check("Highest debt raised", 5824.0, float(debts.max()), "$", replicates=replicates),
    ]  # fmt: skip


CASES = (
    Case(
        36, "Income averaged over the year",
        "M26 Risk score over benefits: the finding by averaged income (organs.averaging)",
        "(26 − k)·τ·(E/26 − f)⁺ at E = 26,000, k = 13, f = 104, τ = .5", "C", "exact",
        averaged_income, replicates=100_000, quick=10_000, seconds=0.1,
        notices="Income of a fortnight taken for that of the year, or the taper left out: the "
        "debt would differ by 104 or more, and it is exact to the cent.",
    ),
)  # fmt: skip
