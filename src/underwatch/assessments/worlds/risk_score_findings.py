"""What the figures of a risk score say, in sentences: the three that matter most first."""

from __future__ import annotations

from underwatch.assessments.organs.attributes import ATTRIBUTES
from underwatch.assessments.result import Assessed, Estimate, Finding
from underwatch.assessments.wording import by_world, counted, in_world, ranged, span


def headline(assessed: Assessed) -> list[list[str]]:
    """The table of the console: a head, and a row for each setting of the score."""
    measures = {
        "hit_rate": "Checked cases with an error",
        "errors_found": "Errors found",
        "wrong_ends": "Wrong debts and suspensions",
        "highest_ratio": "Highest ratio of a group",
        "wrongly_found_once": "People wrongly found",
    }
    rows = {"as declared": "As declared", "safeguarded": "All safeguards"}
    return by_world(assessed, rows, measures, _cell)


def _cell(estimate: Estimate) -> str:
    return ranged(estimate, unit="%" if estimate.unit == "%" else "")


def _checks(assessed: Assessed) -> Finding | None:
    hits, lift = assessed.estimate("hit_rate"), assessed.estimate("lift")
    missed, found = assessed.estimate("missed_share"), assessed.estimate("errors_found")
    if hits is None or lift is None or missed is None or found is None:
        return None
    days = f"{assessed.deployment.period.days:,} days"
    return Finding(
        f"Of 100 cases that are checked, {counted(hits, unit='')} hold an error{span(hits)}, "
        f"{ranged(lift)} as many as among cases drawn at random. In one round {counted(missed)} "
        f"of the errors are in cases that are not checked{span(missed)}; in {days} "
        f"{counted(found, unit='')} errors are found{span(found)}.",
        ("hit_rate", "lift", "missed_share", "errors_found"),
    )


def _people(assessed: Assessed) -> Finding | None:
    once = assessed.estimate("wrongly_found_once")
    twice = assessed.estimate("wrongly_found_repeatedly")
    top = assessed.estimate("burden_top_percent")
    ends = assessed.estimate("wrong_ends")
    if once is None or twice is None or ends is None:
        return None
    burden = f"; the 1 % most exposed bear {ranged(top)} of them" if top is not None else ""
    return Finding(
        f"In {assessed.deployment.period.days:,} days {counted(once)} whose cases hold no error "
        f"have a finding against them{span(once)}, {counted(twice, unit='')} of them more than "
        f"once{span(twice)}{burden}. {counted(ends)} without an error end in a debt or a "
        f"suspension{span(ends)}.",
        ("wrongly_found_once", "wrongly_found_repeatedly", "wrong_ends"),
    )


def _groups(assessed: Assessed) -> Finding | None:
    ratios = assessed.select("group_ratio", "as declared")
    if not ratios:
        return None
    worst = max(ratios, key=lambda each: each.value)
    if worst.value <= 1:
        return None
    checked = assessed.estimate("false_positive_rate", group=worst.group)
    beside = dict(ATTRIBUTES.values())[worst.group]
    others = assessed.estimate("false_positive_rate", group=beside)
    if checked is None or others is None:
        return None
    return Finding(
        f"Wrong debts and suspensions fall on {_people_of(worst.group)} {counted(worst)} as often "
        f"as on everybody else{span(worst)}: in one round {ranged(checked)} of their cases without "
        f"an error are checked, and {ranged(others)} of everybody else's.",
        ("group_ratio", "false_positive_rate"),
    )


def _people_of(group: str) -> str:
    return {
        "women": "women",
        "foreign background": "people of foreign background",
        "no degree": "people without a degree",
        "income below median": "people with an income below the median",
    }[group]


def _safeguards(assessed: Assessed) -> Finding | None:
    effects = [each for each in assessed.safeguards if each.measure == "wrong_ends"]
    found = {each.key: each for each in assessed.safeguards if each.measure == "errors_found"}
    if not effects:
        return None
    best = min(effects, key=lambda each: each.after)
    other = found[best.key]
    before, after, kept, left = (
        in_world(assessed, each, world)
        for each in (best, other)
        for world in ("as declared", f"safeguard:{each.key}")
    )
    text = (
        f"Of the safeguards alone, “{best.label.lower()}” spares most people: wrong debts and "
        f"suspensions fall from {before} to {after}, errors found go from {kept} to {left}"
    )
    ratios = [each for each in assessed.safeguards if each.measure == "highest_ratio"]
    even = min(ratios, key=lambda each: each.after) if ratios else None
    if even is not None and even.after < 0.99 * even.before:
        text += (
            f". “{even.label}” evens them out most: the highest ratio of a group to everybody "
            f"else goes from {in_world(assessed, even, 'as declared')} to "
            f"{in_world(assessed, even, f'safeguard:{even.key}')}"
        )
    return Finding(f"{text}.", ("wrong_ends", "errors_found", "highest_ratio"))


def _averaging(assessed: Assessed) -> Finding | None:
    people = assessed.estimate("averaging_people")
    each = assessed.estimate("averaging_debt_each")
    if people is None or each is None:
        return None
    return Finding(
        f"Averaging a year's income charges {counted(people)} a debt{span(people)}, of "
        f"{counted(each)} each on average{span(each)}; all had declared their income, "
        "and nothing is owed.",
        ("averaging_people", "averaging_debt_each"),
    )


def _appeals(assessed: Assessed) -> Finding | None:
    corrected = assessed.estimate("wrong_ends_corrected")
    appealed = assessed.estimate("wrong_if_appealed")
    silent = assessed.estimate("wrong_if_not_appealed")
    wait, load = assessed.estimate("appeal_days"), assessed.estimate("appeal_load")
    if corrected is None or appealed is None or silent is None:
        return None
    text = (
        f"Appeals put right {counted(corrected)} of the wrong debts and suspensions "
        f"{span(corrected)}; of those appealed {ranged(appealed)} are wrong, of those that nobody "
        f"appealed {ranged(silent)}"
    )
    if wait is not None:
        text += f". A decision takes {ranged(wait)} on average"
    elif load is not None and load.value >= 100:
        text += ". Appeals arrive faster than they can be decided, and the wait grows without end"
    return Finding(f"{text}.", ("wrong_ends_corrected", "wrong_if_appealed",
                                "wrong_if_not_appealed", "appeal_days"))  # fmt: skip


def _time(assessed: Assessed) -> Finding | None:
    days, debt = (assessed.estimate(name) for name in ("days_without_payment",
                                                       "debt_wrongly_claimed"))  # fmt: skip
    if days is None or debt is None:
        return None
    return Finding(
        f"People whose cases hold no error are without payment for {counted(days)} in all "
        f"{span(days)}, and are asked for {counted(debt)} in debts{span(debt)}.",
        ("days_without_payment", "debt_wrongly_claimed"),
    )


def _audit(assessed: Assessed) -> Finding | None:
    ratios = assessed.select("audit_ratio", "as declared")
    if not ratios:
        return None
    hardest = max(ratios, key=lambda each: each.value)
    return Finding(
        f"An audit of all wrong debts and suspensions of the period would find a difference for "
        f"{_people_of(hardest.group)} with a power of 80 % only from {ranged(hardest)} the rate "
        "of the others on; below that, “no difference found” means little.",
        ("audit_ratio",),
    )


def _review(assessed: Assessed) -> Finding | None:
    load = assessed.estimate("review_load")
    if load is None:
        return None
    return Finding(f"Findings take {ranged(load)} of the reviewers' time.", ("review_load",))


# The most important first.
FINDINGS = (
    _averaging,
    _checks,
    _people,
    _groups,
    _safeguards,
    _appeals,
    _time,
    _audit,
    _review,
)
