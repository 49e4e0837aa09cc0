"""What the figures of a patrol allocation say, in sentences: those that matter most first."""

from __future__ import annotations

from underwatch.assessments.closed_forms.patrols_setting import GROUP, OTHERS
from underwatch.assessments.result import Assessed, Finding
from underwatch.assessments.wording import IN_BRACKETS, bare_note, counted, in_world, ranged, span


def headline(assessed: Assessed) -> list[list[str]]:
    """The table of the console: a head, and a row for each district and for stops per head."""
    worlds = {"as declared": "As declared", "absent": "Everywhere alike", "safeguarded": "All "
              "safeguards"}  # fmt: skip
    table = [[IN_BRACKETS, *worlds.values()]]
    rows = [(f"Patrols in {name}", "share_of_patrols", name)
            for name in assessed.deployment.get("people.districts")]  # fmt: skip
    rows = rows[:4] + [("Stops per head, group over others", "stops_ratio", "all")]
    for label, measure, group in rows:
        found = [assessed.estimate(measure, world, group) for world in worlds]
        table.append([label, *(bare_note(ranged(one)) if one else "–" for one in found)])
    return table


def _districts(assessed: Assessed) -> Finding | None:
    ratios = assessed.select("patrols_over_incidents", "as declared")
    if not ratios:
        return None
    most = max(ratios, key=lambda each: each.value)
    patrols = assessed.estimate("share_of_patrols_last_day", group=most.group)
    incidents = assessed.estimate("share_of_incidents", group=most.group)
    if patrols is None or incidents is None:
        return None
    return Finding(
        f"On the last of {assessed.deployment.period.days:,} days {most.group} has "
        f"{counted(patrols)} of the patrols{span(patrols)} and {ranged(incidents)} of the "
        "incidents that patrols would discover if they were everywhere alike.",
        ("share_of_patrols_last_day", "share_of_incidents"),
    )


def _stops(assessed: Assessed) -> Finding | None:
    ratio, absent = (assessed.estimate("stops_ratio", world) for world in ("as declared", "absent"))
    group = assessed.estimate("stops_per_1000", group=GROUP)
    others = assessed.estimate("stops_per_1000", group=OTHERS)
    if ratio is None or group is None or others is None or absent is None:
        return None
    who = assessed.deployment.get("people.group")
    return Finding(
        f"There are {ranged(group)} per 1,000 residents of the group ({who}) in the period, and "
        f"{ranged(others, unit='')} per 1,000 others: {counted(ratio)} as many{span(ratio)}, and "
        f"{ranged(absent)} if patrols went everywhere alike.",
        ("stops_per_1000", "stops_ratio"),
    )


def _records(assessed: Assessed) -> Finding | None:
    own = assessed.estimate("records_by_patrols")
    if own is None:
        return None
    return Finding(
        f"Of the records that send tomorrow's patrols {counted(own)} were made by patrols "
        f"themselves{span(own)}.",
        ("records_by_patrols",),
    )


def _safeguards(assessed: Assessed) -> Finding | None:
    effects = [each for each in assessed.safeguards if each.measure == "stops_ratio"]
    if not effects:
        return None
    best = min(effects, key=lambda each: each.after)
    before, after = (
        in_world(assessed, best, world) for world in ("as declared", f"safeguard:{best.key}")
    )
    return Finding(
        f"Of the safeguards alone, “{best.label.lower()}” evens stops out most: from {before} to "
        f"{after} times as many per head of the group.",
        ("stops_ratio",),
    )


def _people(assessed: Assessed) -> Finding | None:
    once = assessed.estimate("stopped_share", group=GROUP)
    twice = assessed.estimate("stopped_repeatedly", group=GROUP)
    others = assessed.estimate("stopped_share", group=OTHERS)
    if once is None or twice is None or others is None:
        return None
    return Finding(
        f"{counted(once)} of the group are stopped at least once{span(once)}, {ranged(twice)} "
        f"more than once; of others {ranged(others)} at least once.",
        ("stopped_share", "stopped_repeatedly"),
    )


def _rest(assessed: Assessed) -> Finding | None:
    resting = assessed.select("share_of_patrols_at_rest", "as declared")
    if not resting:
        return None
    most = max(resting, key=lambda each: each.value)
    return Finding(
        f"If nothing else changes, {most.group} has {counted(most)} of the patrols in the long run "
        f"{span(most)}.",
        ("share_of_patrols_at_rest",),
    )


# The most important first.
FINDINGS = (_districts, _stops, _records, _safeguards, _people, _rest)
