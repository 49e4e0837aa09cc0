"""Estimates in sentences: a number as precise as what the inputs leave of it, and its range."""

from __future__ import annotations

from underwatch.assessments.result import Estimate
from underwatch.report.numbers import format_interval, format_value


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
