"""Estimates in sentences and cells: a number, as precise as what the inputs leave, its range."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from underwatch.assessments.result import Assessed, Estimate
from underwatch.report.numbers import COUNTED, format_interval, format_value


def number(estimate: Estimate, unit: str | None = None) -> str:
    """The value alone, in three digits at most.

    Examples
    --------
    >>> number(Estimate("x", "Stops", "per day", 1.6534, input_low=0.2, input_high=4.6))
    '1.65 per day'
    """
    return format_value(estimate.value, unit=estimate.unit if unit is None else unit)


def with_range(estimate: Estimate, unit: str | None = None) -> str:
    """The value and, in brackets, what the ranges of the inputs leave (or chance, if no more).

    Examples
    --------
    >>> with_range(Estimate("x", "Stops", "per day", 1.6534, input_low=0.2, input_high=4.6))
    '1.7 per day (0.2 to 4.6)'
    """
    unit = estimate.unit if unit is None else unit
    span = estimate.interval
    if span is None or span[0] == span[1]:
        return number(estimate, unit)
    text = format_interval(estimate.value, *span, unit)
    return text.replace("(95 % interval ", "(")


def counted(estimate: Estimate, unit: str | None = None) -> str:
    """The value with its unit; whole where it counts people, cases or stops.

    Examples
    --------
    >>> counted(Estimate("hit_rate", "Checked cases with an error", "%", 49.27))
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


def ranged(estimate: Estimate, unit: str | None = None) -> str:
    """The value with its unit and what the ranges of the inputs leave, or chance.

    Examples
    --------
    >>> ranged(Estimate("hit_rate", "Checked cases with an error", "%", 49.3, "", "all", None, 41))
    '49.3 %'
    >>> ranged(Estimate("x", "Cases", "cases", 120.4, input_low=80.2, input_high=160.7))
    '120 cases (80 to 161)'
    """
    text, ends = counted(estimate, unit), span(estimate)
    return f"{text} {ends}" if ends else text


def _whole(unit: str, largest: float) -> bool:
    return unit in (*COUNTED, "days", "units of the currency") and largest >= 1


def by_world(
    assessed: Assessed, worlds: Mapping[str, str], measures: Mapping[str, str],
    cell: Callable[[Estimate], str],
) -> list[list[str]]:  # fmt: skip
    """A table for the console: a head, and a row for each world of which anything is known.

    worlds: a label for each. measures: the head of each column. cell: one figure in words.
    """
    table = [["", *measures.values()]]
    for world, label in worlds.items():
        found = [assessed.estimate(measure, world) for measure in measures]
        if any(found):
            table.append([label, *("–" if one is None else cell(one) for one in found)])
    return table
