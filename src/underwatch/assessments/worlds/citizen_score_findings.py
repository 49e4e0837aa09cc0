"""What the runs of a citizen score say, in sentences: the three that matter most first."""

from __future__ import annotations

from underwatch.assessments.result import ALL, Assessed, Estimate, Finding
from underwatch.assessments.wording import by_world, with_range


def _known(assessed: Assessed, measure: str, world: str = "as declared") -> Estimate | None:
    """An estimate that rests on enough events to be quoted."""
    found = assessed.estimate(measure, world)
    return None if found is None or found.too_few else found


def _restricted(assessed: Assessed) -> Finding | None:
    under, wrong = _known(assessed, "under_restriction"), _known(assessed, "wrongful_share")
    if under is None:
        return None
    text = f"On an average day {with_range(under)} of the adults are restricted"
    before = _known(assessed, "under_restriction", "absent")
    if before is not None:
        text += _without(under, before)
    if wrong is not None:
        text += (
            f"; {with_range(wrong, unit='%')} of the restrictions follow no act of the person's own"
        )
    return Finding(f"{text}.", ("under_restriction", "wrongful_share"))


def _without(now: Estimate, before: Estimate) -> str:
    """What it is without the score, with its interval."""
    shown, other = (with_range(each, unit="%") for each in (now, before))
    return ", as without the score" if shown == other else f" ({_inside(other)} without the score)"


def _inside(text: str) -> str:
    """A figure with its interval within brackets.

    >>> _inside("7.5 % (7.1 to 7.9)")
    '7.5 %, 7.1 to 7.9,'
    """
    return text.replace(" (", ", ").replace(")", ",")


def _expression(assessed: Assessed) -> Finding | None:
    withheld, before = (
        _known(assessed, "chilled_share"),
        _known(assessed, "chilled_share", "absent"),
    )
    if withheld is None:
        return None
    text = f"Of the lawful acts of expression {with_range(withheld, unit='%')} are withheld"
    if before is not None:
        text += _without(withheld, before)
    return Finding(f"{text}.", ("chilled_share",))


def _goals(assessed: Assessed) -> Finding | None:
    parts = []
    for measure, words in (
        ("offences_deterred", "of intended minor offences are deterred"),
        ("repayment", "of instalments are paid on time"),
    ):
        now, before = _known(assessed, measure), _known(assessed, measure, "absent")
        if now is not None and before is not None:
            parts.append(f"{with_range(now, unit='%')} {words}{_without(now, before)}")
    if not parts:
        return None
    return Finding(f"Of the stated goals, {'; '.join(parts)}.", ("offences_deterred", "repayment"))


def _groups(assessed: Assessed) -> Finding | None:
    rates = [
        each
        for each in assessed.select("wrongful_rate", "as declared")
        if each.group != ALL and not each.too_few
    ]
    if len(rates) < 2:
        return None
    worst, least = max(rates, key=_value), min(rates, key=_value)
    high, low = worst.interval, least.interval
    if high is None or low is None or high[0] <= low[1]:
        return Finding(
            "No group is distinguished from another in wrongful restrictions: the highest rate is "
            f"{with_range(worst)}, the lowest {with_range(least)}.",
            ("wrongful_rate",),
        )
    return Finding(
        f"Wrongful restrictions fall most on group {worst.group}, {with_range(worst)}, and least "
        f"on group {least.group}, {with_range(least)}.",
        ("wrongful_rate",),
    )


def _value(estimate: Estimate) -> float:
    return estimate.value


def _safeguards(assessed: Assessed) -> Finding | None:
    now, after = (
        _known(assessed, "wrongful_rate"),
        assessed.estimate("wrongful_rate", "safeguarded"),
    )
    if now is None or after is None:
        return None
    text = f"With every safeguard, wrongful restrictions fall from {with_range(now)} to "
    text += f"{with_range(after, unit='')}"
    kept = _known(assessed, "offences_deterred", "safeguarded")
    if kept is not None:
        text += f", and {with_range(kept, unit='%')} of intended minor offences are deterred"
    return Finding(f"{text}.", ("wrongful_rate", "offences_deterred"))


def _appeals(assessed: Assessed) -> Finding | None:
    most, served = assessed.estimate("correctable"), _known(assessed, "appeal_served")
    if most is None:
        return None
    text = f"Appeals could put right {with_range(most)} of the wrongful restrictions"
    if served is not None:
        text += f"; {with_range(served, unit='%')} of the appeals are heard in the period"
    return Finding(f"{text}.", ("correctable", "appeal_served"))


def _association(assessed: Assessed) -> Finding | None:
    spill = assessed.estimate("spillover")
    if spill is None or spill.value == 0:
        return None
    return Finding(
        "By association alone, a record costs all contacts together "
        f"{with_range(spill, unit='%')} of the points that it costs oneself.",
        ("spillover",),
    )


def headline(assessed: Assessed) -> list[list[str]]:
    """The table of the console: a head, and a row for each world."""
    measures = {
        "under_restriction": "Restricted",
        "wrongful_rate": "Wrongful, per 1,000 a year",
        "wrongful_share": "Wrongful share",
        "chilled_share": "Expression withheld",
        "offences_deterred": "Offences deterred",
    }
    rows = {"absent": "Without the score", "as declared": "As declared",
            "safeguarded": "All safeguards"}  # fmt: skip
    return by_world(assessed, rows, measures, _cell, "(95 % over seeds)")


def _cell(estimate: Estimate) -> str:
    if estimate.too_few:
        return estimate.note
    return with_range(estimate, unit="%" if estimate.unit.startswith("%") else "")


# The most important first.
FINDINGS = (
    _restricted,
    _expression,
    _goals,
    _groups,
    _safeguards,
    _appeals,
    _association,
)
