"""The numbers and sentences of a verification, the same on a console and on a page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from underwatch.report.numbers import Z, format_value
from underwatch.verification.case import Check
from underwatch.verification.verdict import VERDICTS, CaseResult

LISTED = 39  # cases of the published list; later ones have higher numbers


class Numbers(NamedTuple):
    """A check as texts, in one precision; interval is empty where no chance is involved."""

    expected: str
    allowed: str
    got: str
    interval: str


def numbers(check: Check) -> Numbers:
    """The numbers of a check: as many digits as its error or its tolerance allows.

    A tolerance below the error, such as the rounding of a published figure, is not written.

    Examples
    --------
    >>> numbers(Check("Share", 5.07, 5.0633, "%", error=0.021))
    Numbers(expected='5.070 %', allowed='', got='5.063 %', interval='5.000 to 5.126')
    >>> numbers(Check("Debt", 5824.0, 5824.0, "$"))
    Numbers(expected='5,824 $', allowed='', got='5,824 $', interval='')
    >>> numbers(Check("Share", 7.0, 7.04, "%", band=(6.1, 8.1))).allowed
    '6.10 to 8.10'
    """
    low, high = check.allowed
    width = check.error or (high - low) / 10

    def text(value: float, unit: str = "") -> str:
        if not width:
            return f"{value:,.6g}" + (f" {unit}" if unit else "")
        return format_value(value, value - Z * width, value + Z * width, unit)

    shows = high > low and (check.band is not None or check.tolerance >= check.error)
    return Numbers(
        text(check.expected, check.unit),
        f"{text(low)} to {text(high)}" if shows else "",
        text(check.got, check.unit),
        " to ".join(map(text, check.interval)) if check.error else "",
    )


def headline(cases: Sequence[CaseResult]) -> str:
    """How many of the cases of the list are reproduced, for a README and for methods.

    Cases that test nothing do not count as reproduced.
    """
    listed = [case for case in cases if case.number <= LISTED]
    good = [case for case in listed if case.verdict in ("reproduced", "fitted")]
    fitted = sum(case.verdict == "fitted" for case in good)
    text = f"{len(good)} of {len(listed)} cases are reproduced"
    return f"{text}, {fitted} of them fitted" if fitted else text


def sentences(cases: Sequence[CaseResult]) -> list[str]:
    """The headline, what is not reproduced, what is not modelled, and the cases after the list."""
    found = [f"{headline(cases)}."] if any(c.number <= LISTED for c in cases) else []
    for verdict in ("not reproduced", "not modelled", "bracket"):
        some = [case for case in cases if case.verdict == verdict]
        if some:
            what = {"bracket": "Only a bracket"}.get(verdict, verdict.capitalize())
            found.append(f"{what}: {named(some)}.")
    later = [case for case in cases if case.number > LISTED and case.verdict == "reproduced"]
    if later:
        found.append(f"Reproduced beyond the list: {named(later)}.")
    checks = sum(len(case.checks) for case in cases if case.kind == "exact")
    errors = sum(check.error > 0 for case in cases if case.kind == "exact" for check in case.checks)
    if errors:
        found.append(
            f"Exact cases have {checks:,} checks. {errors:,} of them rest on random draws and "
            f"allow 3 standard errors: another seed makes {0.0027 * errors:.1f} of them fail by "
            "chance."
        )
    return found


def named(cases: Iterable[CaseResult]) -> str:
    """Cases by number and title: 5 Normal thresholds; 8 Epstein's dynamics."""
    return "; ".join(f"{case.number} {case.title}" for case in cases)


def counted(cases: Sequence[CaseResult]) -> dict[str, int]:
    """How many cases have each verdict, those that none has left out."""
    counts = {verdict: sum(case.verdict == verdict for case in cases) for verdict in VERDICTS}
    return {verdict: count for verdict, count in counts.items() if count}
