"""The words and the order of measures, as data/forms/topics.toml has them."""

from __future__ import annotations

import tomllib
from functools import cache
from typing import Any, NamedTuple

from underwatch.assessments.answers.estimates import too_few
from underwatch.assessments.result import ALL, Assessed
from underwatch.report.words import lower_first
from underwatch.scenario.data import DATA

TABLE = DATA / "forms" / "topics.toml"


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


def wording(assessed: Assessed, measure: str) -> str | None:
    """The sentence of a measure for this kind of deployment; None if it has none."""
    words = _table()["sentences"]
    found: str | None = words.get(assessed.deployment.kind, {}).get(measure)
    return found or words["all"].get(measure)


def short_name(assessed: Assessed, measure: str) -> str:
    """A measure in the middle of a sentence or at the head of a column, with its unit."""
    label, unit = label_of(assessed, measure)
    short: str | None = _table()["short"].get(measure)
    return short or (f"{lower_first(label)}, {unit}" if unit else lower_first(label))


def label_of(assessed: Assessed, measure: str) -> tuple[str, str]:
    """The label and the unit of a measure; without an estimate of it, its key in words."""
    found = assessed.select(measure)
    return (found[0].label, found[0].unit) if found else (measure.replace("_", " "), "")


def group_name(assessed: Assessed, group: str) -> str:
    """What a group is called: the one that a file names, or its own key."""
    named: str = assessed.deployment.get("people.group") or group
    return {"group": named, "others": "all others"}.get(group, group)


def grouped_measure(assessed: Assessed) -> str | None:
    """The measure that says which groups are hit hardest; None if none is known by group."""
    found = [
        each for each in assessed.estimates if each.group != ALL and each.world == "as declared"
    ]
    known = {each.measure for each in found} - {each.measure for each in found if too_few(each)}
    wanted = [*_table()["by_group"]["measures"], *sorted(known)]
    return next((name for name in wanted if name in known), None)


def figures_of(assessed: Assessed) -> list[str]:
    """The measures of the document's table: those of topics.toml, or all if it has none of them."""
    known = list(dict.fromkeys(e.measure for e in assessed.estimates if e.group == ALL))
    chosen = [name for name in _table()["document"]["measures"] if name in known]
    return chosen or known


def safeguard_measures(assessed: Assessed) -> list[str]:
    """The measures that safeguards are compared by, those of topics.toml first.

    A measure of which runs saw too few events is none of them.
    """
    known = [
        name
        for name in dict.fromkeys(each.measure for each in assessed.safeguards)
        if not too_few(assessed.estimate(name))
    ]
    first = [name for name in _table()["safeguards"]["measures"] if name in known]
    return first + [name for name in known if name not in first]
