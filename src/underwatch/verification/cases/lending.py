"""Cases of lending by repayment history: what a loan does to a score, and to a lender (M9)."""

from __future__ import annotations

import numpy as np

from underwatch.model.decisions.lending import credit_score
from underwatch.model.society.people import BORROWS
from underwatch.model.state import CREDIT
from underwatch.verification.case import Case, Check
from underwatch.verification.compiled import driver
from underwatch.verification.populations import (
    CERTAIN,
    adults,
    daily,
    nobody,
    parameters,
    population,
    staged,
)

_ORGAN = "M9 Credit: instalments, records and the lender's score (model.decisions.lending)"
_REPAID, _DEFAULTED = 75, -150  # points
_BASE = 600
_NEAR = 0.02  # how far the two probabilities of repayment lie from the one that is looked for
_AT_ONCE = 500_000  # borrowers in one simulation


@driver
def _changes(files, params):  # type: ignore[no-untyped-def]
    """The sum over borrowers of the change of the lender's score."""
    total = 0
    for i in range(len(files)):
        total += credit_score(np.int64(files[i]), params[0]) - params[0].credit_base
    return total


def loans(repays: float, borrowers: int, seed: int) -> tuple[float, float]:
    """One loan of one instalment each: the mean change of the score, and the share repaid.

    repays: the chance that an instalment is paid. The random draws are the same for every one.
    """
    record = parameters(
        credit_on=1, credit_base=_BASE, credit_late=_DEFAULTED, credit_repaid=_REPAID,
        credit_term=1, instalments_reported=CERTAIN, cure_free=CERTAIN,
        miss_rate=round((1 - repays) * CERTAIN),
    )  # fmt: skip
    among = population(adults(borrowers, memberships=BORROWS, income=128), nobody(borrowers), seed)
    month = staged(among, record, 30)
    month.world.flags[0, :-1] = CREDIT  # everyone has a loan with one instalment left
    month.run()
    kept, due = (int(daily(month, f"instalments_{what}").sum()) for what in ("kept", "due"))
    if due != borrowers:
        raise AssertionError(f"{due} of {borrowers} instalments fell due")
    return _changes(month.states()["file"], record) / borrowers, kept / due


def _found(at: float, borrowers: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """The mean change of a score, and the mean profit, a little below and above a probability."""
    changes, profits = np.zeros(2), np.zeros(2)
    parts = max(1, borrowers // _AT_ONCE)
    for part in range(parts):
        for k, repays in enumerate((at - _NEAR, at + _NEAR)):
            change, kept = loans(repays, borrowers // parts, seed + part)
            changes[k] += change / parts
            profits[k] += (kept - 4 * (1 - kept)) / parts
    return changes, profits


def _root(values: np.ndarray, at: float) -> float:
    """Where a line through two values crosses 0."""
    return float(at - _NEAR - 2 * _NEAR * values[0] / (values[1] - values[0]))


def _error(at: float, borrowers: int) -> float:
    """The standard error of a root: each loan adds one of two amounts."""
    return float((at * (1 - at) / borrowers) ** 0.5)


def change_of_score(borrowers: int, seed: int) -> list[Check]:
    """Case 14: the chance of repayment from which a loan raises the score on average."""
    at = 2 / 3
    got = _root(_found(at, borrowers, seed)[0], at)
    return [
        Check("Chance of repayment from which the mean score rises", at, got,
              error=_error(at, borrowers), tolerance=0.001, replicates=borrowers),
    ]  # fmt: skip


def harmless_but_refused(borrowers: int, seed: int) -> list[Check]:
    """Case 23: from where a loan helps the borrower, and from where the lender."""
    low, high = 2 / 3, 0.8
    gain = _root(_found(low, borrowers, seed)[0], low)
    profit = _root(_found(high, borrowers, seed)[1], high)
    change, profits = _found((low + high) / 2, borrowers, seed)
    return [
        Check("Chance of repayment from which the borrower gains", low, gain,
              error=_error(low, borrowers), tolerance=0.001, replicates=borrowers),
        Check("Chance of repayment from which the lender gains", high, profit,
              error=_error(high, borrowers), tolerance=0.001, replicates=borrowers,
              role="identity"),
        Check("Mean change of a score between the two, at .733", 15.0, change.mean(), "points",
              error=225 * _error(0.733, borrowers), tolerance=0.1, replicates=borrowers),
        Check("Mean profit between the two, at .733", -1 / 3, profits.mean(), "of a gain",
              error=5 * _error(0.733, borrowers), tolerance=0.002, replicates=borrowers,
              role="identity"),
    ]  # fmt: skip


CASES = (
    Case(
        14, "A loan and the borrower's score", _ORGAN,
        "Liu et al. 2018: +75 if repaid, −150 if not, 0 at ρ = 2/3", "C", "exact",
        change_of_score, replicates=2_000_000, quick=1_000_000, seconds=6.0,
        notices="One instalment in a hundred entered as late though it was paid: the zero would "
        "move to .673; .001 is accepted.",
    ),
    Case(
        23, "Refused though harmless", _ORGAN,
        "Liu et al. 2018: gain for ρ > 2/3 at +75/−150, profit for ρ ≥ .8 at 4 to 1", "C",
        "exact", harmless_but_refused, replicates=1_000_000, quick=500_000, seconds=8.0,
        notices="A missed instalment that is counted as kept one time in a hundred: the lender's "
        "zero would move to .798 and the borrower's to .663; .001 is accepted.",
        note="The lender's profit is reckoned here from the share that the run counts as repaid: "
        "an identity of the input, which counts for nothing. The score is the organ's.",
    ),
)  # fmt: skip
