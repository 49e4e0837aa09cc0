"""The scoring rule of a scenario on a day, as a reader can check it by hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from underwatch.errors import Problem, UserError, did_you_mean
from underwatch.scenario import Scenario

MOST = 15  # records of a kind that a file counts
# Kind of record by its name in the model: key of its points, what one and several are called.
_KINDS = {
    "late": ("late", "late instalment", "late instalments"),
    "repaid": ("repaid", "instalment paid on time", "instalments paid on time"),
    "default": ("default", "judgement for a debt", "judgements for a debt"),
    "favoured": ("favoured", "favoured purchase", "favoured purchases"),
    "disfavoured": ("disfavoured", "disfavoured purchase", "disfavoured purchases"),
    "unpermitted": ("unpermitted", "critical post", "critical posts"),
    "contradicting": (
        "contradicting", "post that contradicts the state", "posts that contradict the state",
    ),
    "minor": ("minor_offence", "minor offence on camera", "minor offences on camera"),
    "serious": ("serious_offence", "serious offence", "serious offences"),
    "good": ("good_deed", "good deed", "good deeds"),
    "assembly": ("assembly", "petition or protest", "petitions and protests"),
    "evasion": ("evasion", "way around the firewall", "ways around the firewall"),
}  # fmt: skip


@dataclass(frozen=True)
class RecordKind:
    """A kind of record. points: of one record; 0 where the score does not read it."""

    key: str
    one: str
    many: str
    points: int
    source: str


@dataclass(frozen=True)
class PointsRule:
    """The rule by which the state scores an adult, in points.

    score = base + points of the records + weight × (mean score of the contacts − base), cut to
    floor … ceiling. A decision compares the score, rounded to a whole point, with a line.

    Attributes
    ----------
    scenario, date: where and when the rule holds. on: whether the state scores anybody then.
    base, floor, ceiling: points. weight: of the contacts' mean. kinds: of records, in the order of
    the model. most: records of a kind that a file counts. restricted_below: the line below which
    restrictions begin, None without one. restricted_days: how long they last. privileged_from:
    the line from which privileges begin, None without one.
    """

    scenario: str
    date: str
    on: bool
    base: int
    floor: int
    ceiling: int
    weight: float
    kinds: tuple[RecordKind, ...]
    most: int
    restricted_below: int | None
    restricted_days: int | None
    privileged_from: int | None

    def score(self, records: Mapping[str, int], contacts: float | None = None) -> float:
        """The score of a file, before the engine rounds it to a sixteenth of a point.

        records: how many of each kind, from 0 to `most`. contacts: the mean score of the observed
        contacts; None for nobody.

        Raises UserError for an unknown kind or a number that no file counts.

        Examples
        --------
        >>> import underwatch as uw
        >>> rule = uw.points_rule("atlantic-2018")
        >>> rule.score({}), rule.score({"default": 2}), rule.score({}, contacts=900)
        (1000.0, 900.0, 980.0)
        """
        points = {kind.key: kind.points for kind in self.kinds}
        problems = []
        for key, number in records.items():
            if key not in points:
                problems.append(Problem(None, f"{key} is not a kind of record"
                                        f"{did_you_mean(key, points)}"))  # fmt: skip
            elif not 0 <= number <= self.most:
                problems.append(Problem(None, f"{key} is {number}, but a file counts 0 to "
                                        f"{self.most} records of a kind."))  # fmt: skip
        if problems:
            raise UserError(problems)
        total = float(self.base + sum(points[key] * number for key, number in records.items()))
        if contacts is not None:
            total += self.weight * (contacts - self.base)
        return float(min(self.ceiling, max(self.floor, total)))


def points_rule(scenario: Scenario | str | Path, day: date | str | None = None) -> PointsRule:
    """The rule by which a scenario scores people on a day; by default on its last one.

    scenario: a Scenario, a shipped name or a path. day: a date of the run, such as "2016-01-01".

    Raises UserError for a day outside the scenario.

    Examples
    --------
    >>> import underwatch as uw
    >>> rule = uw.points_rule("atlantic-2018")
    >>> rule.base, rule.weight, rule.restricted_below
    (1000, 0.2, 850)
    """
    from underwatch.model.parameters import params_on

    if not isinstance(scenario, Scenario):
        scenario = Scenario.load(scenario)
    on = _day(scenario, day)
    held = params_on(scenario, on)[0]
    sources = scenario.sources
    kinds = tuple(
        RecordKind(key, one, many, int(held[key]), sources.get(f"scoring.points.{of}", ""))
        for key, (of, one, many) in _KINDS.items()
    )
    return PointsRule(
        scenario.title, on.isoformat(), bool(held["scoring"]), int(held["base"]),
        int(held["floor"]), int(held["ceiling"]), round(int(held["association"]) / 65_536, 4),
        kinds, MOST, _line(held, "restrict_on", "line"),
        _line(held, "restrict_on", "restrict_days"), int(held["privilege_line"]) or None,
    )  # fmt: skip


def _line(held: Any, switch: str, name: str) -> int | None:
    return int(held[name]) if held[switch] and held[name] else None


def _day(scenario: Scenario, day: date | str | None) -> date:
    if day is None:
        return scenario.last_day
    try:
        on = day if isinstance(day, date) else date.fromisoformat(day)
    except ValueError:
        raise UserError(f"day is {day}, but a day is written as 2016-01-01.") from None
    if not scenario.first_day <= on <= scenario.last_day:
        raise UserError(
            f"day is {on}, but the scenario lasts from {scenario.first_day} to {scenario.last_day}."
        )
    return on
