"""What closed forms and runs say, in sentences, each with the estimates behind it."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace as replace
from functools import partial
from statistics import median

from underwatch.assessments.answers.estimates import (
    bare_note,
    by_group,
    groups_of,
    in_words,
    ratio,
    sentence,
    thresholds_of,
    too_few,
    written,
)  # fmt: skip
from underwatch.assessments.answers.figures import plain, rounded
from underwatch.assessments.answers.topics import (
    group_name,
    grouped_measure,
    label_of,
    safeguard_measures,
    short_name,
    topics,
    wording,
)
from underwatch.assessments.result import AGREES, Assessed, Driver, Estimate
from underwatch.report.numbers import format_interval
from underwatch.report.words import lower_first, upper_first
from underwatch.scenario.evidence import sources_in_words

Written = tuple[str, tuple[Estimate, ...]]


def topic(assessed: Assessed, name: str) -> Written:
    """The measures of a topic, a sentence each; broken down by group where the topic asks it."""
    wanted, lines, facts = topics()[name], [], []
    for measure in wanted.measures:
        groups = groups_of(assessed, measure) if wanted.groups else []
        if len(groups) > 1:
            compare = wanted.groups == "compare" and _is_rate(measure)
            lines.append(by_group(groups, compare, partial(group_name, assessed)))
            facts += groups
            continue
        found = assessed.estimate(measure)
        if found is not None:
            lines.append(sentence(assessed, found, wording(assessed, measure)))
            facts.append(found)
    return " ".join(lines), tuple(facts)


def _is_rate(measure: str) -> bool:
    """Whether groups of different sizes can be compared by it: a share of a whole says nothing."""
    return not measure.startswith("share_of_")


def findings(assessed: Assessed) -> Written:
    """The findings, as they head the page."""
    named = dict.fromkeys(name for each in assessed.findings for name in each.measures)
    facts = (assessed.estimate(name) for name in named)
    text = " ".join(each.sentence for each in assessed.findings)
    return text, tuple(each for each in facts if each is not None)


def thresholds(assessed: Assessed) -> Written:
    """What another threshold would change: false alerts and passes that are missed."""
    false = thresholds_of(assessed, "false_alerts_per_1000_passes")
    if len(false) < 2:
        return "", ()
    parts = (f"{each.threshold:g}: {in_words(each)}" for each in false)
    return f"{false[0].label} by threshold, {'; '.join(parts)}.", tuple(false)


def drivers(assessed: Assessed) -> Written:
    """The inputs that move the conclusion, and the value at which it would change."""
    if not assessed.drivers:
        return "", ()
    rests_on = assessed.estimate(assessed.drivers[0].measure)
    if rests_on is not None and too_few(rests_on):
        what = lower_first(rests_on.label)
        return f"Which inputs move {what} is not known: {rests_on.note}.", (rests_on,)
    lines = [driver_in_words(assessed, each) for each in assessed.drivers]
    head = "Reassess if one of these inputs moves, largest effect first."
    return f"{head} {' '.join(lines)}", ()


def driver_in_words(assessed: Assessed, driver: Driver) -> str:
    """One driver as a sentence."""
    label, unit = label_of(assessed, driver.measure)
    low, high = plain(driver.low), plain(driver.high)
    at_low, at_high = written(driver.at_low), written(driver.at_high, unit=unit)
    name, what = upper_first(driver.label), lower_first(label)
    text = f"{name}, from {low} to {high}: {what} from {at_low} to {at_high}"
    if driver.change_low is not None and driver.change_high is not None:
        change = format_interval(
            driver.at_high - driver.at_low, driver.change_low, driver.change_high
        )
        text += f" (a change of {change.replace(' (95 % interval', '; 95 % over seeds')}"
    if not driver.sought:
        return f"{text}; that is no more than chance."
    if driver.turning_point is None:
        reach = ", up to a thousand times it," if driver.everywhere else ", within this range,"
        reach = f" {driver.within}" if driver.within else reach
        return f"{text}; no value{reach} changes the conclusion."
    return f"{text}; the conclusion changes {turning_in_words(driver)}."


def turning_in_words(driver: Driver) -> str:
    """Where the conclusion changes: at a value, or, by runs, between two.

    Examples
    --------
    >>> made = Driver("x", "x", 1.0, 0.5, 2.0, "y", 3.0, 5.0, 1.234)
    >>> turning_in_words(made), turning_in_words(replace(made, turning_low=1.2, turning_high=1.3))
    ('at 1.2', 'between 1.2 and 1.3')
    >>> turning_in_words(replace(made, turning_point=3.456))
    'at 3.5 (outside its range)'
    >>> turning_in_words(replace(made, turning_point=2.0004))
    'at 2.0004 (outside its range)'
    """
    low, high = driver.turning_low, driver.turning_high
    if low is None or high is None:
        point = driver.turning_point or 0.0
        ends = driver.low, driver.value, driver.high
        for digits in range(2, 6):  # as many as keep it on its side of the range and the value
            shown = float(f"{point:.{digits - 1}e}")
            if all((shown > end) - (shown < end) == (point > end) - (point < end) for end in ends):
                outside = "" if driver.low <= point <= driver.high else " (outside its range)"
                return f"at {rounded(point, digits)}{outside}"
        return f"at {plain(point)}"  # it is one of these three
    digits = max(2, 1 + math.ceil(-math.log10(abs(high - low) / max(abs(high), 1e-300) + 1e-12)))
    first, last = (plain(float(f"{end:.{digits - 1}e}")) for end in (low, high))
    return f"between {first} and {last}"


def safeguards(assessed: Assessed) -> Written:
    """What each safeguard changes alone, and whether the effect is stated or follows."""
    shown = safeguard_measures(assessed)[:2]
    if not shown:
        return "", ()
    lines = []
    for key in dict.fromkeys(each.key for each in assessed.safeguards):
        effects = {each.measure: each for each in assessed.safeguards if each.key == key}
        parts = []
        for measure in shown:
            if measure in effects:
                name, unit = _name_and_unit(assessed, measure)
                before, after = (
                    written(value) if known is None
                    else bare_note(in_words(known, unit=False)).replace("; chance alone", "")
                    for value, known in (
                        (effects[measure].before, assessed.estimate(measure)),
                        (effects[measure].after, assessed.estimate(measure, f"safeguard:{key}")),
                    )
                )  # fmt: skip
                parts.append(f"{name} from {before} to {after}{unit}")
        first = next(iter(effects.values()))
        lines.append(f"{first.label} ({first.origin}): {', '.join(parts)}.")
    together, facts = remaining(assessed)
    return " ".join(each for each in (*lines, signs(assessed), together) if each), facts


def _bare_name(assessed: Assessed, measure: str) -> str:
    return short_name(assessed, measure).removesuffix(", %")


def signs(assessed: Assessed) -> str:
    """Which of the changes by a safeguard the ranges of the inputs leave open in their sign."""
    known = [each for each in assessed.safeguards if each.change_low is not None]
    if not known:
        return ""
    unclear = [
        f"“{each.label}” may raise or lower {_bare_name(assessed, each.measure)}"
        for each in known
        if each.either_sign
    ]
    same: dict[str, list[str]] = {}
    for each in known:
        if each.unchanged:
            name, _ = _name_and_unit(assessed, each.measure)
            same.setdefault(each.label, []).append(name)
    kept = "; ".join(
        f"“{label}” leaves {_listed(names)} unchanged" for label, names in same.items()
    )
    lines = [f"Within the ranges of the inputs {'; '.join(unclear)}."] if unclear else []
    if not unclear and any(not each.unchanged for each in known):
        which = "each of the other" if same else "each of these"
        lines = [f"In at least 95 % of the draws of the inputs {which} changes keeps its sign."]
    return " ".join([*([f"{kept}."] if kept else []), *lines])


def _listed(names: list[str]) -> str:
    """Names in a sentence.

    >>> _listed(["one"]), _listed(["one", "two", "three"])
    ('one', 'one, two and three')
    """
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last


def conclusion(assessed: Assessed) -> Written:
    """On which side of its limit the measure that decides lies, and whether that is certain."""
    limit, decides = assessed.limit, assessed.estimate(assessed.conclusion)
    if limit is None or decides is None or too_few(decides):
        return "", ()
    side = "above" if decides.value > limit else "below" if decides.value < limit else "at"
    unit = f" {decides.unit}" if decides.unit else ""
    text = f"The limit for “{lower_first(decides.label)}” is {plain(limit)}{unit}. "
    text += f"As declared the value is {side} it"
    what, held = "the ranges of the inputs", "at least 95 % of the draws of its inputs"
    span = decides.interval
    if decides.input_low is None:
        what, held = "what chance leaves", "the 95 % interval over seeds"
    elif span is None:
        span = decides.input_low, math.inf
    if span is not None:
        either = min(span[0], decides.value) < limit < max(span[1], decides.value)
        open_side = f", but within {what} it may lie on either side"
        text += open_side if either else f", and in {held} it stays there"
    found = f"{text}. {how_it_is_read(assessed)}".strip()
    return f"{found} {_declared_of_limit(assessed)}".strip(), (decides,)


def how_it_is_read(assessed: Assessed) -> str:
    """That a limit below 1 of a percentage is in per cent, for people who write shares."""
    limit, decides = assessed.limit, assessed.estimate(assessed.conclusion)
    if limit is None or decides is None or not decides.unit.startswith("%") or not 0 < limit < 1:
        return ""
    if not assessed.deployment.get("conclusion"):
        return ""
    return (
        f"The limit is in per cent: {plain(limit)} is {plain(limit)} %, not "
        f"{plain(100 * limit)} %, for which the file would say “{plain(100 * limit)} %”."
    )


def _declared_of_limit(assessed: Assessed) -> str:
    """What the file says of the limit: which side of it is the aimed one, only that can tell."""
    declared = assessed.deployment.get("conclusion")
    if not declared:
        return ""
    source = sources_in_words(declared["limit"].source).removeprefix("document:").strip()
    return f"The file says of the limit: “{source}”."


def _name_and_unit(assessed: Assessed, measure: str) -> tuple[str, str]:
    """A measure in a sentence, and the unit that stands behind its figure."""
    name, comma, unit = short_name(assessed, measure).partition(", ")
    return name, f" {unit}" if comma else ""


def remaining(assessed: Assessed) -> Written:
    """What all safeguards together leave of two measures."""
    if not assessed.safeguards:
        return "", ()
    names = safeguard_measures(assessed)[:2]
    found = [assessed.estimate(name, "safeguarded") for name in names]
    facts = tuple(each for each in found if each is not None)
    parts = []
    for each in facts:
        name, unit = _name_and_unit(assessed, each.measure)
        parts.append(f"{name} {in_words(each) if unit else in_words(each, unit=False)}")
    return (f"With every safeguard: {', '.join(parts)}." if parts else ""), facts


def agreement(assessed: Assessed) -> Written:
    """How many figures were both computed and simulated, and whether the two agree."""
    checked = tuple(each for each in assessed.estimates if each.agrees is not None)
    if not checked:
        return "", ()
    wrong = [each for each in checked if not each.agrees]
    by_chance = (1 - AGREES) * len(checked)
    text = (
        f"{len(checked):,} figures were computed by closed form and simulated over "
        f"{len(assessed.provenance.seeds)} seeds; {len(checked) - len(wrong):,} agree within the "
        f"{100 * AGREES:g} % interval. Of so many tests {by_chance:.1f} would fail by chance."
    )
    seen = noticed(checked)
    if seen is not None:
        text += f" Differences of {seen} (median) would be noticed."
    return text, tuple(wrong)


def noticed(estimates: Iterable[Estimate]) -> str | None:
    """The difference, relative to the value, that the tests of agreement would notice: the median.

    >>> noticed([Estimate("x", "x", "", 50, reach=reach) for reach in (1.0, 6.0, 9.0)])
    '12 %'
    """
    parts = [
        100 * each.reach / abs(each.value)
        for each in estimates
        if each.reach is not None and each.value
    ]
    return f"{float(f'{median(parts):.2g}'):g} %" if parts else None


def worst_group(
    assessed: Assessed, measure: str | None = None
) -> tuple[Estimate, Estimate, str] | None:
    """The group with the most and the one with the least of a measure, if their intervals differ.

    measure: by default the one that is known by group. Intervals that overlap leave it open which
    group is hit more.
    """
    measure = measure or grouped_measure(assessed)
    apart = ratio(groups_of(assessed, measure)) if measure else None
    if apart is None:
        return None
    high, low, _ = apart
    if high.interval and low.interval and high.interval[0] <= low.interval[1]:
        return None
    return apart
