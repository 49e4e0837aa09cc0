"""Numbers in the sentences of findings: value and unit, and what the inputs leave."""

from __future__ import annotations

from underwatch.assessments.result import Estimate
from underwatch.report.numbers import COUNTED, format_value


def number(estimate: Estimate, unit: str | None = None) -> str:
    """The value with its unit; whole where it counts people, cases or stops.

    Examples
    --------
    >>> number(Estimate("hit_rate", "Checked cases with an error", "%", 49.27))
    '49.3 %'
    """
    unit = estimate.unit if unit is None else unit
    value = round(estimate.value) if _whole(estimate.unit, estimate.value) else estimate.value
    return format_value(value, unit=unit)


def span(estimate: Estimate) -> str:
    """What the ranges of the inputs leave, in brackets; empty where they leave one value."""
    ends = estimate.interval
    if ends is None or ends[0] == ends[1]:
        return ""
    low, high = (
        format_value(round(end) if _whole(estimate.unit, ends[1]) else end) for end in ends
    )
    return f"({low} to {high})"


def _whole(unit: str, largest: float) -> bool:
    return unit in (*COUNTED, "days", "currency") and largest >= 1
