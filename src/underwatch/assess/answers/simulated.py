"""What closed forms and runs say, in sentences, each with the estimates behind it."""

from __future__ import annotations

import tomllib
from functools import cache
from typing import Any, NamedTuple

from underwatch.assess.answers.estimates import (
    bare_note,
    by_group,
    groups_of,
    in_words,
    ratio,
    sentence,
    thresholds_of,
    written,
)  # fmt: skip
from underwatch.assess.answers.figures import plain, rounded
from underwatch.assess.result import ALL, Assessed, Driver, Estimate
from underwatch.scenario.data import DATA

TABLE = DATA / "forms" / "topics.toml"
Said = tuple[str, tuple[Estimate, ...]]


class Topic(NamedTuple):
    """measures: keys of estimates in their order. groups: "compare", "list" or "" (all people)."""

    measures: tuple[str, ...]
    groups: str


@cache
def _table() -> dict[str, dict[str, Any]]:
    return tomllib.loads(TABLE.read_text("utf-8"))


def topics() -> dict[str, Topic]:
    """The topics of data/forms/topics.toml by name."""
    return {
        name: Topic(tuple(entry["measures"]), entry.get("groups", ""))
        for name, entry in _table()["topics"].items()
    }


def topic(assessed: Assessed, name: str) -> Said:
    """The measures of a topic, a sentence each; broken down by group where the topic asks it."""
    wanted, lines, facts = topics()[name], [], []
    for measure in wanted.measures:
        groups = groups_of(assessed, measure) if wanted.groups else []
        if len(groups) > 1:
            lines.append(by_group(groups, compare=wanted.groups == "compare"))
            facts += groups
            continue
        found = assessed.estimate(measure)
        if found is not None:
            lines.append(sentence(found, _table()["sentences"].get(measure)))
            facts.append(found)
    return " ".join(lines), tuple(facts)


def findings(assessed: Assessed) -> Said:
    """The findings, as they head the page."""
    named = dict.fromkeys(name for each in assessed.findings for name in each.measures)
    facts = (assessed.estimate(name) for name in named)
    text = " ".join(each.sentence for each in assessed.findings)
    return text, tuple(each for each in facts if each is not None)


def thresholds(assessed: Assessed) -> Said:
    """What another threshold would change: false alerts and passes that are missed."""
    false = thresholds_of(assessed, "false_alerts_per_1000_passes")
    if len(false) < 2:
        return "", ()
    parts = (f"{each.threshold:g}: {in_words(each)}" for each in false)
    return f"{false[0].label} by threshold, {'; '.join(parts)}.", tuple(false)


def drivers(assessed: Assessed) -> Said:
    """The inputs that move the conclusion, and the value at which it would change."""
    if not assessed.drivers:
        return "", ()
    lines = [driver_in_words(assessed, each) for each in assessed.drivers]
    head = "Reassess if one of these inputs moves, largest effect first."
    return f"{head} {' '.join(lines)}", ()


def driver_in_words(assessed: Assessed, driver: Driver) -> str:
    """One driver as a sentence."""
    label, unit = label_of(assessed, driver.measure)
    low, high = plain(driver.low), plain(driver.high)
    at_low, at_high = written(driver.at_low), written(driver.at_high, unit=unit)
    text = f"{driver.label}, from {low} to {high}: {_lower(label)} from {at_low} to {at_high}"
    if driver.turning_point is None:
        return f"{text}; no value that is possible changes the conclusion."
    return f"{text}; the conclusion changes at {rounded(driver.turning_point)}."


def safeguards(assessed: Assessed) -> Said:
    """What each safeguard changes alone, and whether the effect is assumed or emergent."""
    shown = safeguard_measures(assessed)[:2]
    lines = []
    for key in dict.fromkeys(each.key for each in assessed.safeguards):
        effects = {each.measure: each for each in assessed.safeguards if each.key == key}
        parts = []
        for measure in shown:
            if measure in effects:
                label, unit = label_of(assessed, measure)
                before = written(effects[measure].before)
                after = written(effects[measure].after, unit=unit)
                parts.append(f"{_lower(label)} from {before} to {after}")
        first = next(iter(effects.values()))
        lines.append(f"{first.label} ({first.how}): {', '.join(parts)}.")
    together, facts = _together(assessed, shown)
    return " ".join([*lines, *together]), facts


def _together(assessed: Assessed, measures: list[str]) -> tuple[list[str], tuple[Estimate, ...]]:
    """What all safeguards together leave of some measures, as a sentence."""
    if not assessed.safeguards:
        return [], ()
    found = [assessed.estimate(name, "safeguarded") for name in measures]
    facts = tuple(each for each in found if each is not None)
    parts = [f"{_lower(each.label)} {bare_note(in_words(each))}" for each in facts]
    return ([f"All of them together: {', '.join(parts)}."] if parts else []), facts


def safeguard_measures(assessed: Assessed) -> list[str]:
    """The measures that safeguards are compared by, those of topics.toml first."""
    known = list(dict.fromkeys(each.measure for each in assessed.safeguards))
    first = [name for name in _table()["safeguards"]["measures"] if name in known]
    return first + [name for name in known if name not in first]


def figures_of(assessed: Assessed) -> list[str]:
    """The measures of the document's table: those of topics.toml, or all if it has none of them."""
    known = list(dict.fromkeys(e.measure for e in assessed.estimates if e.group == ALL))
    chosen = [name for name in _table()["document"]["measures"] if name in known]
    return chosen or known


def label_of(assessed: Assessed, measure: str) -> tuple[str, str]:
    """The label and the unit of a measure; without an estimate of it, its key in words."""
    found = assessed.select(measure)
    return (found[0].label, found[0].unit) if found else (measure.replace("_", " "), "")


def _lower(label: str) -> str:
    """A label inside a sentence: FPIR keeps its capitals."""
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]


def agreement(assessed: Assessed) -> Said:
    """How many figures were both computed and simulated, and whether the two agree."""
    checked = tuple(each for each in assessed.estimates if each.agrees is not None)
    if not checked:
        return "", ()
    wrong = [each for each in checked if not each.agrees]
    text = (
        f"{len(checked)} figures were computed by closed form and simulated over "
        f"{len(assessed.provenance.seeds)} seeds; {len(checked) - len(wrong)} agree within the "
        "interval."
    )
    return text, tuple(wrong)


def worst_group(assessed: Assessed, measure: str) -> tuple[Estimate, Estimate, str] | None:
    """The group with the most and the one with the least of a measure, if their intervals differ.

    Intervals that overlap leave it open which group is hit more.
    """
    apart = ratio(groups_of(assessed, measure))
    if apart is None:
        return None
    high, low, _ = apart
    if high.interval and low.interval and high.interval[0] <= low.interval[1]:
        return None
    return apart
