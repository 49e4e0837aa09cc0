"""The numbers and sentences of a verification, the same on a console and on a page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from math import erfc, inf, isfinite, sqrt
from typing import Any, NamedTuple

from underwatch.report.numbers import Z, format_value
from underwatch.report.words import lower_first
from underwatch.verification.case import ERRORS, KINDS, ROLES, Check
from underwatch.verification.verdict import VERDICTS, CaseResult


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
    Numbers(expected='5.070 %', allowed='', got='5.063 %', interval='4.990 to 5.137')
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


def words(check: Check, kind: str = "exact") -> str:
    """A check in a sentence without full stop: what was got, what was expected, and how far off.

    kind: of its case; that of a bracket tests nothing.

    Examples
    --------
    >>> words(Check("Tickets", 27.3, 19.8, "million", band=(24.6, 30.0)))
    'Tickets: 19.80 million instead of 27.30 million, 27 % too low; 24.60 to 30.00 is accepted'
    >>> words(Check("Share", 51.3, 53.3, "%", error=0.1))
    'Share: 53.30 % (52.95 to 53.65) instead of 51.30 %, 2.0 points too high'
    >>> words(Check("Share", 5.07, 5.0633, "%", error=0.021))
    'Share: 5.063 % (4.990 to 5.137), expected 5.070 %'
    """
    if kind == "bracket":
        shown = numbers(check)
        around = f" ({shown.allowed})" if shown.allowed else ""
        return f"{check.label}: the figure would take {shown.expected}{around}, got {shown.got}"
    return f"{check.label}: {_result(check)}"


def _result(check: Check) -> str:
    shown = numbers(check)
    got = f"{shown.got} ({shown.interval})" if shown.interval else shown.got
    accepted = f"; {shown.allowed} is accepted" if shown.allowed else ""
    if check.agrees:
        return f"{got}, expected {shown.expected}{accepted}"
    return f"{got} instead of {shown.expected}{_apart(check)}{accepted}"


def _apart(check: Check) -> str:
    """How much too low or too high; empty where there is no number for it."""
    away = check.got - check.expected
    if not isfinite(away) or not away:
        return ""
    side = "too high" if away > 0 else "too low"
    if check.unit in ("%", "points"):
        return f", {abs(away):.1f} points {side}"
    return f", {100 * abs(check.off):.0f} % {side}" if check.expected else ""


def missed(case: CaseResult) -> str:
    """The widest miss of a case that is not reproduced, and how many more there are.

    Of checks that count, if any of these misses.
    """
    apart = case.misses
    if not apart:
        return "it ended with an error"
    counted = [check for check in apart if check.counts] or apart
    widest = max(counted, key=lambda check: abs(check.off) if isfinite(check.off) else inf)
    label = widest.label.replace(": ", ", ")
    label = lower_first(label) if label[1:2].islower() else label
    more = f"; {len(apart) - 1} more" if len(apart) > 1 else ""
    shown = numbers(widest)
    return f"{label}: {shown.got} instead of {shown.expected}{_apart(widest)}{more}"


def headline(cases: Sequence[CaseResult]) -> str:
    """How many exact cases are reproduced, and how many out of sample, for a README and methods.

    What is fitted, known before or not modelled is in the sentence after it; it is the headline
    where there is nothing else.
    """
    exact, beyond = (_good(cases, kind) for kind in ("exact", "out of sample"))
    parts = [f"{exact[0]} of {exact[1]} exact cases"] if exact[1] else []
    parts += [f"{beyond[0]} of {beyond[1]} predictions out of sample"] if beyond[1] else []
    if not parts:
        return _others(cases) or "No case was run"
    one = len(parts) == 1 and (exact[0] or beyond[0]) == 1
    return f"{' and '.join(parts)} {'is' if one else 'are'} reproduced"


def _others(cases: Sequence[CaseResult]) -> str:
    """The cases that are neither exact nor out of sample; empty if there are none."""
    met = [
        f"{good} of {of} {what}"
        for kind, what in (
            ("fitted", "fitted figures"),
            ("empirical", "measurements known before"),
            ("replication", "results of other models"),
        )
        for good, of in [_good(cases, kind)]
        if of
    ]
    untested = {
        kind: sum(case.kind == kind for case in cases) for kind in ("bracket", "not modelled")
    }
    rest = [f"{n} {'is' if n == 1 else 'are'} {'only a bracket' if kind == 'bracket' else kind}"
            for kind, n in untested.items() if n]  # fmt: skip
    if sum(untested.values()) == len(cases) and rest:
        return f"No case was tested: {', '.join(rest)}"
    texts = [f"{_listed(met)} {'is' if met[0][:2] == '1 ' and not met[1:] else 'are'} met"] \
        if met else []  # fmt: skip
    if rest:
        texts.append("of the other cases " + ", ".join(rest))
    return "; ".join(texts)


def _listed(parts: Sequence[str]) -> str:
    """A, B and C."""
    return " and ".join([", ".join(parts[:-1]), parts[-1]]) if parts[1:] else "".join(parts)


def _good(cases: Sequence[CaseResult], kind: str) -> tuple[int, int]:
    """How many cases of a kind are not missed, and how many there are."""
    some = [case for case in cases if case.kind == kind]
    return sum(not case.is_miss for case in some), len(some)


def sentences(cases: Sequence[CaseResult]) -> list[str]:
    """The headline, the other cases, and by name what is missed, not tested or out of sample."""
    first, others = headline(cases), _others(cases)
    found = [f"{text[0].upper()}{text[1:]}." for text in dict.fromkeys((first, others)) if text]
    for verdict in ("not reproduced", "not modelled", "bracket"):
        some = [case for case in cases if case.verdict == verdict]
        if some:
            what = {"bracket": "Only a bracket"}.get(verdict, verdict.capitalize())
            names = with_misses(some) if verdict == "not reproduced" else named(some)
            found.append(f"{what}: {names}.")
    beyond = [case for case in cases if case.kind == "out of sample" and not case.is_miss]
    if beyond:
        found.append(f"Reproduced out of sample: {named(beyond)}.")
    return found + _of_checks([case for case in cases if case.kind == "exact"])


def left_out_words(left_out: Sequence[Mapping[str, Any]]) -> list[str]:
    """A sentence for the cases that a quick verification leaves out, by reason; and for parts.

    Examples
    --------
    >>> left_out_words([{"number": 16, "title": "The list", "whole": True, "why": "it is slow"}])
    ['A quick verification leaves out 16 The list: it is slow.']
    """
    by_reason: dict[tuple[bool, str], list[str]] = {}
    for one in left_out:
        reason = bool(one["whole"]), str(one["why"])
        by_reason.setdefault(reason, []).append(f"{one['number']} {one['title']}")
    return [
        f"A quick verification leaves out {'' if whole else 'a part of '}{'; '.join(names)}: {why}."
        for (whole, why), names in by_reason.items()
    ]


def _of_checks(exact: Sequence[CaseResult]) -> list[str]:
    """How many checks exact cases have, what does not count, and what chance makes of them."""
    checks = [check for case in exact for check in case.checks]
    counted = [check for check in checks if check.counts]
    errors = sum(check.error > 0 for check in checks)
    if not errors:
        return []
    beside = Counter(check.role for check in checks if not check.counts)
    text = f"Exact cases have {len(counted):,} checks of organs and statistics"
    if beside:
        listed = ", ".join(f"{ROLES[role]} ({n})" for role, n in beside.items())
        text += f"; {beside.total()} more do not count: {listed}"
    return [
        f"{text}. {errors:,} rest on random draws and allow {ERRORS:g} standard errors: with "
        f"another seed any of them fails by chance in {100 * _by_chance(errors):.1g} % of all runs."
    ]


def _by_chance(checks: int) -> float:
    """The probability that at least one of some right checks lies outside its interval."""
    return 1 - (1 - erfc(ERRORS / sqrt(2))) ** checks


def with_misses(cases: Iterable[CaseResult]) -> str:
    """Cases by number and title, with the widest miss of each."""
    return "; ".join(f"{case.number} {case.title} ({missed(case)})" for case in cases)


def named(cases: Iterable[CaseResult]) -> str:
    """Cases by number and title: 5 Normal thresholds; 8 Epstein's dynamics."""
    return "; ".join(f"{case.number} {case.title}" for case in cases)


def counted(cases: Sequence[CaseResult]) -> dict[str, int]:
    """How many cases have each verdict, those that none has left out."""
    counts = {verdict: sum(case.verdict == verdict for case in cases) for verdict in VERDICTS}
    return {verdict: count for verdict, count in counts.items() if count}


def counted_by_kind(cases: Sequence[CaseResult]) -> dict[str, dict[str, int]]:
    """The same for the cases of each kind: {"exact": {"reproduced": 34}, …}."""
    by_kind = {kind: counted([case for case in cases if case.kind == kind]) for kind in KINDS}
    return {kind: counts for kind, counts in by_kind.items() if counts}
