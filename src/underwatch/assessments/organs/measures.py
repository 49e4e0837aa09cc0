"""M26: what is read off a risk score, for everybody or for one group.

Runs count cases, closed forms expect them; both end in the same `Counts`, so that a rate has one
definition.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from underwatch.assessments.organs import cases as bits
from underwatch.assessments.organs.attributes import members
from underwatch.assessments.organs.cases import Handled


class Counts(NamedTuple):
    """Numbers of cases of a group, summed over rounds."""

    cases: float
    errors: float
    checked: float
    hits: float  # checked cases with an error
    right_findings: float  # that stand after the second person
    wrong_findings: float
    wrong_debts: float
    wrong_ends: float  # debts and suspensions in cases without an error
    right_ends: float
    appealed_wrong: float
    appealed_right: float
    upheld_wrong: float
    upheld_right: float

    def __add__(self, other: "Counts") -> "Counts":  # type: ignore[override]
        return Counts(*(a + b for a, b in zip(self, other, strict=True)))


def counted(handled: Handled, group: str = "all") -> Counts:
    """What a run counts for a group, such as "women"; see `attributes.GROUPS`."""
    events = handled.events[:, members(handled.cell, group)]
    error = events & bits.ERROR != 0
    checked = events & bits.CHECKED != 0
    stands = (events & bits.FINDING != 0) & (events & bits.CLEARED == 0)
    debt = events & bits.DEBT != 0
    ended = debt | (events & bits.SUSPENDED != 0)
    appealed, upheld = events & bits.APPEALED != 0, events & bits.UPHELD != 0
    each = (
        np.ones_like(error), error, checked, checked & error, stands & error, stands & ~error,
        debt & ~error, ended & ~error, ended & error, appealed & ~error, appealed & error,
        upheld & ~error, upheld & error,
    )  # fmt: skip
    return Counts(*(float(np.count_nonzero(one)) for one in each))


def _over(part: float, whole: float) -> float:
    return part / whole if whole else float("nan")


class Rate(NamedTuple):
    """A measure of a risk score: its label, unit, how it is read off, and its numerator."""

    label: str
    unit: str
    value: Callable[[Counts], float]
    events: Callable[[Counts], float]


RATES: dict[str, Rate] = {
    "base_rate": Rate(
        "Cases with an error", "share of cases",
        lambda n: _over(n.errors, n.cases), lambda n: n.errors,
    ),
    "checked_share": Rate(
        "Cases checked", "share of cases",
        lambda n: _over(n.checked, n.cases), lambda n: n.checked,
    ),
    "hit_rate": Rate(
        "Checked cases with an error", "share of checked cases",
        lambda n: _over(n.hits, n.checked), lambda n: n.hits,
    ),
    "false_positive_rate": Rate(
        "Cases without an error that are checked", "share of cases without an error",
        lambda n: _over(n.checked - n.hits, n.cases - n.errors), lambda n: n.checked - n.hits,
    ),
    "missed_share": Rate(
        "Errors that are not checked", "share of errors",
        lambda n: _over(n.errors - n.hits, n.errors), lambda n: n.errors - n.hits,
    ),
    "wrong_findings_per_1000_cases": Rate(
        "Wrong findings", "per 1,000 cases",
        lambda n: 1000 * _over(n.wrong_findings, n.cases), lambda n: n.wrong_findings,
    ),
    "wrong_share_of_findings": Rate(
        "Findings in cases without an error", "share of findings",
        lambda n: _over(n.wrong_findings, n.wrong_findings + n.right_findings),
        lambda n: n.wrong_findings,
    ),
    "wrong_ends_per_1000_cases": Rate(
        "Debts and suspensions in cases without an error", "per 1,000 cases",
        lambda n: 1000 * _over(n.wrong_ends, n.cases), lambda n: n.wrong_ends,
    ),
    "wrong_ends_corrected": Rate(
        "Wrong debts and suspensions that an appeal corrects",
        "share of wrong debts and suspensions",
        lambda n: _over(n.upheld_wrong, n.wrong_ends), lambda n: n.upheld_wrong,
    ),
    "wrong_among_appealed": Rate(
        "Appealed debts and suspensions that are wrong", "share of those appealed",
        lambda n: _over(n.appealed_wrong, n.appealed_wrong + n.appealed_right),
        lambda n: n.appealed_wrong,
    ),
    "wrong_among_unappealed": Rate(
        "Unappealed debts and suspensions that are wrong", "share of those not appealed",
        lambda n: _over(
            n.wrong_ends - n.appealed_wrong,
            n.wrong_ends + n.right_ends - n.appealed_wrong - n.appealed_right,
        ),
        lambda n: n.wrong_ends - n.appealed_wrong,
    ),
}  # fmt: skip


def rate(counts: Counts, measure: str) -> float:
    """One measure of a group's counts, by its key in `RATES`; NaN where nobody can have it."""
    return RATES[measure].value(counts)


def wrongly_found_people(handled: Handled, times: int = 1, group: str = "all") -> float:
    """The share of people with at least so many wrong findings over all rounds."""
    return _people(handled, handled.wrong, times, group)


def checked_people(handled: Handled, times: int = 1, group: str = "all") -> float:
    """The share of people who are checked in so many rounds or more."""
    return _people(handled, handled.has(bits.CHECKED), times, group)


def _people(handled: Handled, happened: np.ndarray, times: int, group: str) -> float:
    often = happened[:, members(handled.cell, group)].sum(0)
    return float(np.mean(often >= times)) if len(often) else float("nan")
