"""Estimates in words: a value with its unit and its interval, and comparisons of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from math import isclose

from underwatch.assessments.result import ALL, Assessed, Estimate
from underwatch.assessments.wording import FORMULA as FORMULA
from underwatch.assessments.wording import bare_note as bare_note
from underwatch.assessments.wording import written as written
from underwatch.measurement.estimates import TOO_FEW


def in_words(estimate: Estimate, unit: bool = True) -> str:
    """The value with its unit, and in brackets its interval and what a reader must know of it.

    Examples
    --------
    >>> in_words(Estimate("x", "False alerts", "per day", 8.33, input_low=4.1, input_high=16.2))
    '8.3 per day (4.1 to 16.2)'
    >>> in_words(Estimate("x", "Stops", "stops", 4, events=4, kind="run",
    ...     note="too few events (4)"))
    'too few events (4)'
    """
    if too_few(estimate):
        return estimate.note
    span, name = estimate.interval, estimate.unit if unit else ""
    if span is None and estimate.input_low is not None:
        least = written(estimate.input_low)
        value = written(estimate.value, unit=name, events=estimate.events)
        note = f"; {_with_formula(estimate.note)}" if estimate.note else ""
        return f"{value} ({least} or more{note})"
    if span is None or isclose(*span, rel_tol=1e-6):
        return written(estimate.value, unit=name, events=estimate.events)
    text = written(estimate.value, *span, unit=name)
    notes = ["chance alone"] if estimate.input_low is None else []
    notes += [_with_formula(estimate.note)] if estimate.note else []
    return f"{text[:-1]}{''.join(f'; {note}' for note in notes)})"


def _with_formula(note: str) -> str:
    """A note, with another word for too few events where there is a closed form."""
    return re.sub(rf"{TOO_FEW} events \([\d,]+\)", FORMULA, note)


def too_few(estimate: Estimate | None) -> bool:
    """Whether only runs speak of it, and they had too few events to quote a figure."""
    return estimate is not None and estimate.kind == "run" and estimate.too_few


def sentence(assessed: Assessed, estimate: Estimate, wording: str | None = None) -> str:
    """One measure as a sentence; beside it what runs without the system show, if that differs.

    wording: a sentence with {figure}, or {bare} for a figure without its unit, and without its full
        stop; by default the label names the measure.
    """
    figure = in_words(estimate)
    if wording is None or figure.startswith(TOO_FEW):
        text = f"{estimate.label}: {figure}"
    else:
        text = wording.format(figure=figure, bare=_bare(estimate))
    other = assessed.estimate(estimate.measure, "absent", estimate.group, estimate.threshold)
    if other is not None and _differs(other, estimate):
        named = wording is None or "{bare}" not in wording
        text += f"; without the system {in_words(other, unit=named)}"
    return f"{text}."


def _differs(absent: Estimate, declared: Estimate) -> bool:
    """Whether the world without the system has a figure of its own: a trivial zero is none."""
    known = absent.kind != "closed form" and absent.value != 0
    return known and not isclose(absent.value, declared.value, rel_tol=0.01)


def by_group(
    estimates: Sequence[Estimate], compare: bool = True, name: Callable[[str], str] = str
) -> str:
    """One measure in each group, and which has most and least of it.

    compare: whether to say which. name: what a group is called.

    >>> by_group([Estimate("x", "False alerts", "per day", value, group=group)
    ...     for group, value in {"A": 0.5, "B": 6.0}.items()])
    'False alerts by group: A 0.500, B 6.00 per day. It is highest for B and lowest for A.'
    """
    unit = estimates[0].unit
    parts = [f"{name(each.group)} {_bare(each)}" for each in estimates]
    text = f"{estimates[0].label} by group: {', '.join(parts)} {unit}.".replace(" .", ".")
    apart = ratio(estimates) if compare else None
    if apart is None:
        return text
    high, low, _ = apart
    return f"{text} It is highest for {name(high.group)} and lowest for {name(low.group)}."


def ratio(estimates: Iterable[Estimate]) -> tuple[Estimate, Estimate, str] | None:
    """The groups with the largest and the smallest value, and the quotient; None below 1.05."""
    ranked = sorted(estimates, key=lambda each: each.value)
    if len(ranked) < 2 or ranked[0].value <= 0 or ranked[-1].value < 1.05 * ranked[0].value:
        return None
    times = ranked[-1].value / ranked[0].value
    return ranked[-1], ranked[0], f"{times:.0f}" if times >= 10 else f"{times:.2g}"


def groups_of(assessed: Assessed, measure: str, world: str = "as declared") -> list[Estimate]:
    """A measure in each group of the deployment, at the declared threshold."""
    names = dict.fromkeys(each.group for each in assessed.estimates if each.group != ALL)
    found = (assessed.estimate(measure, world, name) for name in names)
    return [each for each in found if each is not None]


def thresholds_of(assessed: Assessed, measure: str) -> list[Estimate]:
    """A measure at each threshold of the operating curve, in their order; as declared, all."""
    found = assessed.select(measure, "as declared", ALL)
    return sorted(
        (each for each in found if each.threshold is not None), key=lambda each: each.threshold or 0
    )


def _bare(estimate: Estimate) -> str:
    return in_words(estimate, unit=False)
