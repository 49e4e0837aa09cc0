"""What the figures of a watch-list camera say, in sentences: the three that matter most first."""

from __future__ import annotations

from underwatch.assess.result import Assessed, Estimate, Finding
from underwatch.report.numbers import format_value


def findings(assessed: Assessed) -> list[Finding]:
    """The findings, most important first; each rests on the estimates that it names."""
    makers = (_stops, _people, _thresholds, _groups, _safeguards, _appeals, _audit, _review)
    found = (make(assessed) for make in makers)
    return [finding for finding in found if finding is not None]


def _stops(assessed: Assessed) -> Finding | None:
    right = assessed.estimate("precision_of_stops")
    false = assessed.estimate("false_stops_per_day")
    true = assessed.estimate("true_stops_per_day")
    if right is None or false is None or true is None:
        return None
    return Finding(
        f"Of 100 people stopped, {_number(right, unit='')} are on the list {_range(right)}; a day "
        f"brings {_number(true)} of people on the list and {_number(false)} of others "
        f"{_range(false)}.",
        ("precision_of_stops", "true_stops_per_day", "false_stops_per_day"),
    )


def _people(assessed: Assessed) -> Finding | None:
    once = assessed.estimate("falsely_alerted_once")
    twice = assessed.estimate("falsely_alerted_repeatedly")
    top = assessed.estimate("burden_top_percent")
    if once is None or twice is None:
        return None
    days = assessed.deployment.period.days
    text = (
        f"In {days:,} days {_number(once)} who are on no list are falsely alerted on "
        f"{_range(once)}, {_number(twice, unit='')} of them more than once {_range(twice)}"
    )
    if top is not None:
        text += f"; the 1 % of passers-by most exposed bear {_number(top)} of the false alerts"
    names = ("falsely_alerted_once", "falsely_alerted_repeatedly", "burden_top_percent")
    return Finding(f"{text}.", names)


def _thresholds(assessed: Assessed) -> Finding | None:
    declared = float(assessed.deployment.get("accuracy.threshold"))
    known = sorted({e.threshold for e in assessed.select("missed_share") if e.threshold})
    stricter = [threshold for threshold in known if threshold > declared]
    if not stricter:
        return None
    other = stricter[-1]
    parts = []
    for threshold in (declared, other):
        false = assessed.estimate("false_alerts_per_1000_passes", threshold=threshold)
        missed = assessed.estimate("missed_share", threshold=threshold)
        if false is None or missed is None:
            return None
        parts.append((_number(false, unit=""), _number(missed)))
    return Finding(
        f"At the threshold in use ({declared:g}) {parts[0][0]} of 1,000 passes lead to a false "
        f"alert, and {parts[0][1]} of the passes by people on the list to none; at {other:g} it "
        f"is {parts[1][0]} of 1,000, and {parts[1][1]}.",
        ("false_alerts_per_1000_passes", "missed_share"),
    )


def _groups(assessed: Assessed) -> Finding | None:
    threshold = float(assessed.deployment.get("accuracy.threshold"))
    rates = [
        each
        for each in assessed.select(
            "false_alerts_per_1000_passes", "as declared", threshold=threshold
        )
        if each.group != "all"
    ]
    ratio = assessed.estimate("group_ratio")
    if len(rates) < 2 or ratio is None:
        return None
    worst = max(rates, key=lambda each: each.value)
    least = min(rates, key=lambda each: each.value)
    share = assessed.estimate("share_of_false_alerts", group=worst.group)
    passes = assessed.deployment.figure(f"people.groups.{worst.group}.share")
    if share is None:
        return None
    return Finding(
        f"Group {worst.group} makes {format_value(100 * passes, unit='%')} of the passes and bears "
        f"{_number(share)} of the false alerts {_range(share)}: "
        f"{_number(ratio, unit='')} times the rate of group {least.group} {_range(ratio)}.",
        ("share_of_false_alerts", "group_ratio"),
    )


def _safeguards(assessed: Assessed) -> Finding | None:
    effects = [each for each in assessed.safeguards if each.measure == "false_stops_per_day"]
    lost = {each.key: each for each in assessed.safeguards if each.measure == "true_stops_per_day"}
    if not effects:
        return None
    best = min(effects, key=lambda each: each.after)
    other = lost[best.key]
    before, after, kept, left = (
        format_value(value) for value in (best.before, best.after, other.before, other.after)
    )
    return Finding(
        f"Of the safeguards alone, “{best.label.lower()}” saves most: wrong stops fall from "
        f"{before} to {after} a day and right ones from {kept} to {left}.",
        ("false_stops_per_day", "true_stops_per_day"),
    )


def _appeals(assessed: Assessed) -> Finding | None:
    load, wait = assessed.estimate("appeal_load"), assessed.estimate("appeal_days")
    corrected = assessed.estimate("wrong_stops_corrected")
    if load is None or corrected is None:
        return None
    text = f"Appeals put right {_number(corrected)} of the wrong stops {_range(corrected)}"
    if wait is not None:
        text += f" and are decided after {_number(wait)} on average"
    elif load.value >= 100:
        text += "; they arrive faster than they can be decided, and the wait grows without end"
    return Finding(f"{text}.", ("wrong_stops_corrected", "appeal_days", "appeal_load"))


def _audit(assessed: Assessed) -> Finding | None:
    ratios = assessed.select(
        "audit_ratio", "as declared", threshold=float(assessed.deployment.get("accuracy.threshold"))
    )
    if not ratios:
        return None
    hardest = max(ratios, key=lambda each: each.value)
    return Finding(
        f"An audit of all false alerts of the period would find a difference for group "
        f"{hardest.group} with a power of 80 % only from {_number(hardest, unit='')} times the "
        "rate of the others on; below that, “no difference found” means little.",
        ("audit_ratio",),
    )


def _review(assessed: Assessed) -> Finding | None:
    load, wait = assessed.estimate("review_load"), assessed.estimate("review_wait")
    if load is None:
        return None
    end = f"; an alert waits {_number(wait)} on average" if wait is not None else ""
    return Finding(
        f"Alerts take {_number(load)} of the reviewers' time{end}.", ("review_load", "review_wait")
    )


def _number(estimate: Estimate, unit: str | None = None) -> str:
    """The value with its unit, in three digits at most."""
    unit = estimate.unit if unit is None else unit
    return format_value(estimate.value, unit=unit)


def _range(estimate: Estimate) -> str:
    """What the ranges of the inputs leave, in brackets; empty where they leave one value."""
    span = estimate.interval
    if span is None or span[0] == span[1]:
        return ""
    whole = estimate.unit in ("people", "appeals") and span[1] >= 10
    low, high = (format_value(round(end) if whole else end) for end in span)
    return f"({low} to {high})"
