"""What the figures of a watch-list camera say, in sentences: the three that matter most first."""

from __future__ import annotations

from underwatch.assessments.result import ALL, Assessed, Estimate, Figure, Finding
from underwatch.assessments.wording import IN_BRACKETS, bare_note, in_world, with_range, written
from underwatch.report.numbers import format_value


def _stops(assessed: Assessed) -> Finding | None:
    right = assessed.estimate("precision_of_stops")
    false = assessed.estimate("false_stops_per_day")
    true = assessed.estimate("true_stops_per_day")
    alerts = assessed.estimate("precision_of_alerts")
    if right is None or false is None or true is None or alerts is None:
        return None
    return Finding(
        f"Of 100 alerts {with_range(alerts, unit='')} are on people on the list, and of 100 people "
        f"stopped {with_range(right, unit='')}; a day brings {with_range(true, unit='')} stops of "
        f"people on it and {with_range(false, unit='')} of others.",
        (
            "precision_of_alerts", "precision_of_stops", "true_stops_per_day",
            "false_stops_per_day",
        ),
    )  # fmt: skip


def _people(assessed: Assessed) -> Finding | None:
    once = assessed.estimate("falsely_alerted_once")
    twice = assessed.estimate("falsely_alerted_repeatedly")
    if once is None or twice is None:
        return None
    return Finding(
        f"In {assessed.deployment.period.days:,} days {with_range(once)} who are not on the list "
        f"are falsely alerted on, {with_range(twice, unit='')} of them more than once.",
        ("falsely_alerted_once", "falsely_alerted_repeatedly"),
    )


def _thresholds(assessed: Assessed) -> Finding | None:
    declared = float(assessed.deployment.get("accuracy.threshold"))
    known = sorted({each.threshold for each in assessed.select("missed_share") if each.threshold})
    others = [threshold for threshold in known if threshold > declared] or known[:1]
    if not others or others[-1] == declared:
        return None
    parts = []
    for threshold in (declared, others[-1]):
        false = assessed.estimate("false_alerts_per_1000_passes", threshold=threshold)
        missed = assessed.estimate("missed_share", threshold=threshold)
        if false is None or missed is None:
            return None
        parts.append((with_range(false, unit=""), with_range(missed)))
    (false_now, missed_now), (false_then, missed_then) = parts
    return Finding(
        f"At the threshold in use ({declared:g}) 1,000 passes bring {false_now} false alerts"
        f"{_apart(assessed, declared)}, and {missed_now} of the passes by people on the list are "
        f"missed; at {others[-1]:g} they bring {false_then}, and {missed_then} are missed.",
        ("false_alerts_per_1000_passes", "missed_share"),
    )


def _apart(assessed: Assessed, threshold: float) -> str:
    """Which group is hit least and which most, at a threshold."""
    found = assessed.select("false_alerts_per_1000_passes", "as declared", threshold=threshold)
    rates = sorted((each for each in found if each.group != ALL), key=lambda each: each.value)
    if len(rates) < 2 or rates[-1].value < 1.05 * rates[0].value:
        return ""
    least, most = rates[0], rates[-1]
    first, last = (with_range(each, unit="") for each in (least, most))
    return f", in group {least.group} {first} and in group {most.group} {last}"


def _groups(assessed: Assessed) -> Finding | None:
    threshold = float(assessed.deployment.get("accuracy.threshold"))
    rates = [
        each
        for each in assessed.select(
            "false_alerts_per_1000_passes", "as declared", threshold=threshold
        )
        if each.group != ALL
    ]
    ratio, top = assessed.estimate("group_ratio"), assessed.estimate("burden_top_percent")
    if len(rates) < 2 or ratio is None:
        return None
    worst = max(rates, key=lambda each: each.value)
    least = min(rates, key=lambda each: each.value)
    share = assessed.estimate("share_of_false_alerts", group=worst.group)
    if share is None:
        return None
    share_of_passes = assessed.deployment.get(f"people.groups.{worst.group}.share")
    text = (
        f"Group {worst.group} makes {_percent(share_of_passes)} of the passes and bears "
        f"{with_range(share)} of the false alerts, at {with_range(ratio, unit='')} times the rate "
        f"of group {least.group}"
    )
    if top is not None:
        text += f"; the 1 % of passers-by most exposed bear {with_range(top)}"
    return Finding(f"{text}.", ("share_of_false_alerts", "group_ratio", "burden_top_percent"))


def _percent(share: Figure) -> str:
    """A share of the file in percent, with its range."""
    if share.low is None or share.high is None:
        return format_value(100 * share.value, unit="%")
    return written(100 * share.value, 100 * share.low, 100 * share.high, unit="%")


def _safeguards(assessed: Assessed) -> Finding | None:
    effects = [each for each in assessed.safeguards if each.measure == "false_stops_per_day"]
    lost = {each.key: each for each in assessed.safeguards if each.measure == "true_stops_per_day"}
    if not effects:
        return None
    best = min(effects, key=lambda each: each.after)
    other = lost[best.key]
    before, after, kept, left = (
        in_world(assessed, each, world)
        for each in (best, other)
        for world in ("as declared", f"safeguard:{best.key}")
    )
    return Finding(
        f"Of the safeguards alone, “{best.label.lower()}” saves most: wrong stops fall from "
        f"{before} to {after} a day, and right ones from {kept} to {left}.",
        ("false_stops_per_day", "true_stops_per_day"),
    )


def _appeals(assessed: Assessed) -> Finding | None:
    load, wait = assessed.estimate("appeal_load"), assessed.estimate("appeal_days")
    corrected = assessed.estimate("wrong_stops_corrected")
    if load is None or corrected is None:
        return None
    text = f"Appeals put right {with_range(corrected)} of the wrong stops"
    if wait is not None:
        text += f" and are decided after {with_range(wait)} on average"
    elif load.value >= 100:
        text += "; they arrive faster than they can be decided, and the wait grows without end"
    return Finding(f"{text}.", ("wrong_stops_corrected", "appeal_days", "appeal_load"))


def _audit(assessed: Assessed) -> Finding | None:
    threshold = float(assessed.deployment.get("accuracy.threshold"))
    ratios = assessed.select("audit_ratio", "as declared", threshold=threshold)
    if not ratios:
        return None
    hardest = max(ratios, key=lambda each: each.value)
    return Finding(
        f"An audit of all false alerts of the period finds a difference for group {hardest.group} "
        f"with a power of 80 % only from {with_range(hardest, unit='')} times the rate of the "
        "others on; of a smaller one, “no difference found” says nothing.",
        ("audit_ratio",),
    )


def _review(assessed: Assessed) -> Finding | None:
    load, wait = assessed.estimate("review_load"), assessed.estimate("review_wait")
    if load is None:
        return None
    end = f"; an alert waits {with_range(wait)} on average" if wait is not None else ""
    return Finding(
        f"Alerts take {with_range(load)} of the reviewers' time{end}.",
        ("review_load", "review_wait"),
    )


def headline(assessed: Assessed) -> list[list[str]]:
    """The table of the console: a head, and a row for each threshold and for the safeguards."""
    measures = {
        "false_alerts_per_1000_passes": "False alerts per 1,000 passes",
        "false_alerts_per_day": "False alerts a day",
        "precision_of_stops": "Right stops",
        "missed_share": "Missed on the list",
        "falsely_alerted_once": "Falsely alerted",
    }
    declared = float(assessed.deployment.get("accuracy.threshold"))
    thresholds = {each.threshold for each in assessed.select("missed_share", "as declared")}
    rows = [
        (f"Threshold {one:g}" + (" (in use)" if one == declared else ""), "as declared", one)
        for one in sorted(each for each in thresholds if each is not None)
    ] + [("All safeguards", "safeguarded", None)]
    table = [[IN_BRACKETS, *measures.values()]]
    for label, world, threshold in rows:
        found = [assessed.estimate(measure, world, ALL, threshold) for measure in measures]
        if any(found):
            table.append([label, *map(_cell, found)])
    return table


def _cell(estimate: Estimate | None) -> str:
    if estimate is None:
        return "–"
    return bare_note(with_range(estimate, unit="%" if estimate.unit == "%" else ""))


# The most important first.
FINDINGS = (
    _stops,
    _people,
    _thresholds,
    _groups,
    _safeguards,
    _appeals,
    _audit,
    _review,
)
