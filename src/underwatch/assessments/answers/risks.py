"""Risks to people with their probability, in figures and in the words of a form's scale."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from typing import Any

from underwatch.assessments.answers.estimates import groups_of, in_words, too_few, written
from underwatch.assessments.answers.simulated import worst_group
from underwatch.assessments.result import Assessed, Estimate
from underwatch.scenario.data import DATA

TABLE = DATA / "forms" / "risks.toml"


@dataclass(frozen=True)
class Risk:
    """One risk. probability: in percent, of a person who is subject to the system, in the period.

    low, high: of the probability. estimates: what it follows from. origin: where it comes from.
    """

    id: str
    text: str
    origin: str
    probability: float
    low: float | None
    high: float | None
    estimates: tuple[Estimate, ...]

    @property
    def known(self) -> bool:
        """Whether enough events stand behind the probability to quote it."""
        return not too_few(self.estimates[0])

    def word(self, scale: str) -> str:
        """The probability in words; "not known" of too few events. scale: "ico" or "dutch"."""
        if not self.known:
            return "not known"
        words: list[str] = _table()["likelihood"][scale]
        return words[sum(self.probability >= cut for cut in cut_offs())]

    @property
    def reason(self) -> str:
        """Why the probability is what it is: the figure, its interval, and the worst group."""
        if not self.known:
            return self.estimates[0].note
        text = written(self.probability, self.low, self.high, "%")
        groups = [each for each in self.estimates if each.group != "all"]
        if groups:
            worst = max(groups, key=lambda each: each.value)
            text += f"; most in group {worst.group}: {in_words(worst)}"
        return text


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(TABLE.read_text("utf-8"))


def cut_offs() -> tuple[float, ...]:
    """The probabilities, in percent, at which the next word begins."""
    return tuple(_table()["likelihood"]["cut_offs"])


def scale_in_words(scale: str) -> str:
    """The words of a scale with their cut-offs.

    >>> scale_in_words("ico")
    'remote below 1 %, possible from 1 %, probable from 20 %'
    """
    first, *rest = _table()["likelihood"][scale]
    parts = [f"{word} from {cut:g} %" for word, cut in zip(rest, cut_offs(), strict=True)]
    return ", ".join([f"{first} below {cut_offs()[0]:g} %", *parts])


def risks(assessed: Assessed) -> tuple[Risk, ...]:
    """The risks of this kind of deployment that have a figure."""
    kind = assessed.deployment.kind
    entries = (entry for entry in _table()["risk"] if kind in entry["kinds"])
    return tuple(risk for entry in entries if (risk := _risk(assessed, entry)) is not None)


def harms(assessed: Assessed) -> tuple[str, tuple[Estimate, ...]]:
    """The risks as sentences, with the estimates that they follow from."""
    found = risks(assessed)
    text = " ".join(f"{each.text}: {each.reason}." for each in found)
    head = "Probabilities:"
    return (f"{head} {text}" if found else ""), tuple(e for each in found for e in each.estimates)


def _risk(assessed: Assessed, entry: dict[str, Any]) -> Risk | None:
    found = assessed.estimate(entry["measure"])
    if found is None:
        return None
    value, span = found.value, found.interval or (None, None)
    low, high = span
    if entry.get("complement"):
        value = 100 - value
        low, high = (None if end is None else 100 - end for end in (span[1], span[0]))
    groups = () if entry.get("complement") else groups_of(assessed, entry["measure"])
    if any(map(too_few, groups)) or worst_group(assessed, entry["measure"]) is None:
        groups = ()  # which group is hit most is not known
    return Risk(entry["id"], entry["text"], entry["origin"], value, low, high, (found, *groups))
