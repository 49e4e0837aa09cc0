"""Estimates in sentences and cells: a number, as precise as what the inputs leave, its range."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from underwatch.assessments.result import Assessed, Estimate, SafeguardEffect
from underwatch.report.numbers import format_interval, format_value

FORMULA = "closed form alone"  # what stands where a run had too few events
IN_BRACKETS = "(range of the inputs)"  # at the head of a table for the console


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
    if span is None and estimate.input_low is not None:
        return f"{number(estimate, unit)} ({_or_more(estimate, format_value)})"
    if span is None or span[0] == span[1]:
        return number(estimate, unit)
    text = format_interval(estimate.value, *span, unit, three_at_most=True)
    return _of_formula(text.replace("(95 % interval ", "("), estimate)


def _of_formula(text: str, estimate: Estimate) -> str:
    """A figure with its range; within the brackets, that no run could check it, if so."""
    unchecked = estimate.too_few and estimate.kind != "run"
    return f"{text.removesuffix(')')}; {FORMULA})" if unchecked else text


def bare_note(text: str) -> str:
    """A figure in words without the note that no run could check it."""
    return text.replace(f"; {FORMULA}", "")


def _or_more(estimate: Estimate, end: Callable[[float], str]) -> str:
    """An interval that is open at the high end, and why: the last part of the note says it."""
    why = estimate.note.rpartition("; ")[2]
    return f"{end(estimate.input_low or 0.0)} or more{f'; {why}' if why else ''}"


def written(
    value: float,
    low: float | None = None,
    high: float | None = None,
    unit: str = "",
    events: int | None = None,
) -> str:
    """A value with its unit and, in brackets, its interval.

    What is counted has no decimals, but a mean such as 1.7 stops a day keeps its own.

    Examples
    --------
    >>> written(1.72, 0.2, 4.6, "stops"), written(1904.1, 830.4, 3762.1, "people")
    ('1.7 stops (0.2 to 4.6)', '1,900 people (830 to 3,760)')
    """
    plain = "" if abs(value) < 100 else unit  # a unit that is counted would round to whole ones
    if low is None or high is None:
        text = format_value(value, unit=plain, events=events)
    else:
        text = format_interval(value, low, high, plain, three_at_most=True).replace(
            "(95 % interval ", "("
        )
    if plain or not unit:
        return text
    number, bracket, rest = text.partition(" (")
    return f"{number} {unit}{bracket}{rest}"


def counted(estimate: Estimate, unit: str | None = None) -> str:
    """The value with its unit, as precise as its range; the range itself is `span`.

    Examples
    --------
    >>> counted(Estimate("hit_rate", "Checked cases with an error", "%", 49.27))
    '49.3 %'
    """
    name = estimate.unit if unit is None else unit
    text = _with_span(estimate).partition(" (")[0]
    return f"{text} {name}" if name else text


def span(estimate: Estimate) -> str:
    """A space and what the ranges of the inputs leave, in brackets; empty where that is nothing.

    Examples
    --------
    >>> span(Estimate("x", "Cases", "cases", 120.4, input_low=80.2, input_high=160.7))
    ' (80 to 161)'
    >>> span(Estimate("x", "Wait", "days", 10.6, input_low=2.35)), span(Estimate("x", "y", "z", 1))
    (' (2.35 or more)', '')
    """
    _, bracket, rest = _with_span(estimate).partition(" (")
    return f"{bracket}{rest}"


def _with_span(estimate: Estimate) -> str:
    """Value and range, without the unit."""
    ends = estimate.interval
    if ends is None and estimate.input_low is not None:
        return f"{written(estimate.value)} ({_or_more(estimate, written)})"
    if ends is None or ends[0] == ends[1]:
        return written(estimate.value)
    return _of_formula(written(estimate.value, *ends), estimate)


def ranged(estimate: Estimate, unit: str | None = None) -> str:
    """The value with its unit and what the ranges of the inputs leave, or chance.

    Examples
    --------
    >>> ranged(Estimate("hit_rate", "Checked cases with an error", "%", 49.27))
    '49.3 %'
    >>> ranged(Estimate("x", "Cases", "cases", 120.4, input_low=80.2, input_high=160.7))
    '120 cases (80 to 161)'
    """
    return f"{counted(estimate, unit)}{span(estimate)}"


def in_world(assessed: Assessed, effect: SafeguardEffect, world: str) -> str:
    """The measure of a safeguard's effect as declared, or with it alone, and its range if known."""
    known = assessed.estimate(effect.measure, world)
    if known is not None:
        return ranged(known, unit="")
    return written(effect.before if world == "as declared" else effect.after)


def by_world(
    assessed: Assessed, worlds: Mapping[str, str], measures: Mapping[str, str],
    cell: Callable[[Estimate], str], brackets: str = IN_BRACKETS,
) -> list[list[str]]:  # fmt: skip
    """A table for the console: a head, and a row for each world of which anything is known.

    worlds: a label for each. measures: the head of each column. cell: one figure in words.
    brackets: what stands in brackets behind the figures.
    """
    table = [[brackets, *measures.values()]]
    for world, label in worlds.items():
        found = [assessed.estimate(measure, world) for measure in measures]
        if any(found):
            table.append(
                [label, *("–" if one is None else bare_note(cell(one)) for one in found)]
            )  # fmt: skip
    return table
