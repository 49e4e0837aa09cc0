"""The state of the law, dated, as data/law.yaml states it. It is no legal advice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from ruamel.yaml import YAML

from underwatch.scenario.data import DATA

TABLE = DATA / "law.yaml"
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
NO_ADVICE = "This is a state of facts for the author's judgement and no legal advice."


@dataclass(frozen=True)
class State:
    """What applies from a day on. confidence: V, S, M or C, as in the evidence."""

    first: date
    what: str
    source: str
    confidence: str


@dataclass(frozen=True)
class Act:
    """An act or a standard. forms: those that it asks for. pending: what is still to come."""

    key: str
    name: str
    jurisdiction: str
    forms: tuple[str, ...]
    states: tuple[State, ...]
    pending: str = ""


@dataclass(frozen=True)
class Law:
    """The acts by key, where each kind of deployment stands in the AI Act, and the date of it.

    article_27: the day from which the duty of Article 27 of the AI Act applies.
    """

    as_of: date
    acts: Mapping[str, Act]
    annex_iii: Mapping[str, str]
    article_5: Mapping[str, tuple[str, ...]]
    article_27: date


@cache
def law() -> Law:
    """The state of the law, read once.

    Examples
    --------
    >>> law().as_of.isoformat(), law().article_5["watch-list camera"]
    ('2026-11-26', ('5(1)(h)',))
    """
    table = YAML(typ="safe").load(TABLE.read_text("utf-8"))
    acts = {key: _act(key, entry) for key, entry in table["acts"].items()}
    places = table["ai_act"]
    return Law(
        table["as_of"],
        acts,
        {kind: entry["annex_iii"] for kind, entry in places.items()},
        {kind: tuple(entry["article_5"]) for kind, entry in places.items()},
        table["article_27"],
    )


def _act(key: str, entry: Mapping[str, Any]) -> Act:
    states = tuple(
        State(each["from"], each["what"], each["source"], each["confidence"])
        for each in entry["states"]
    )
    return Act(
        key, entry["name"], entry["jurisdiction"], tuple(entry["forms"]), states,
        entry.get("pending", ""),
    )  # fmt: skip


CONFIDENCE = "V the text was read, S a secondary account, M from memory"


def in_sentences(act: Act, on: date, sources: bool = True) -> list[str]:
    """An act as it stands on a day: what applies, what will apply, and what is still to come.

    on: usually `law().as_of`. sources: whether each state names how it was read; its confidence
    stands there in any case.

    Examples
    --------
    >>> in_sentences(law().acts["ca_dadm"], date(2026, 11, 26))[0][:39]
    'Since 3 October 2025: Version 1.0.1 of '
    """
    lines = []
    for state in sorted(act.states, key=lambda state: state.first):
        when = "Since" if state.first <= on else "From"
        how = f"{state.source}; confidence {state.confidence}" if sources else state.confidence
        lines.append(f"{when} {in_words(state.first)}: {state.what.rstrip('.')} ({how}).")
    return [*lines, act.pending] if act.pending else lines


def in_words(day: date) -> str:
    """A day as text.

    >>> in_words(date(2026, 11, 26))
    '26 November 2026'
    """
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
