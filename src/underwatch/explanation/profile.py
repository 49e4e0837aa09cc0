"""What an explanation says about one citizen in one world, as plain data.

A `Profile` needs no simulation: text, chart and page are made from it, and it is kept as JSON.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields
from datetime import date
from typing import Any

from underwatch.explanation.labels import TRUTH_AND_FILE

WORLDS = ("here", "twin")  # how the rows of a profile and of the twin's are named


@dataclass(frozen=True)
class Event:
    """A record, a decision, an act withheld or a step of the citizen; on one day."""

    day: int  # from 0
    date: str
    what: str
    entered_by: str
    true_cause: str
    times: int
    sort: str  # "record", "decision", "step" (of the citizen) or "withheld"
    own: bool  # False: no act of the citizen's own is behind it
    whose: tuple[int, ...] = ()  # whose act it was, where a face or a name was mistaken
    mistaken_for: int | None = None  # a child for whom the citizen answers as head of household
    basis: dict | None = None  # the rule, the records and the figures behind it

    def to_dict(self) -> dict[str, Any]:
        """The event without what does not apply to it."""
        return {k: v for k, v in asdict(self).items() if v not in (None, ())}


@dataclass(frozen=True)
class Span:
    """What lasts, such as a restriction, from its first day to its last, both included."""

    kind: str  # "listed", "restricted by score", "in default", "dismissed", "appeal pending"
    first: str
    last: str
    days: int
    cause: str
    own: bool


@dataclass(frozen=True)
class Profile:
    """One citizen of one run.

    acts_by_year and totals count acts by their name in the model; sums count by the label that
    readers see. series holds [date, value] points of the score, the restriction line and
    perceived risk (0 to 1), None where there is no score or line. spans are the restrictions.
    """

    citizen: int
    population: int
    world: str
    traits: dict[str, Any]
    first_day: str
    days: int
    events: list[Event]
    spans: list[Span]
    acts_by_year: dict[str, dict[str, int]]
    totals: dict[str, int]
    sums: dict[str, dict[str, int]]
    final: dict[str, float | None]
    series: dict[str, list[list]]
    figures: dict[str, dict[str, Any]]  # key -> {"values", "source"}
    bearer: int = 0  # how many people had the number before
    bearers: list[dict[str, Any]] = field(default_factory=list)  # all of them, one after the other
    acts: dict[str, list[list]] = field(default_factory=dict)  # label -> [date, times]
    conditions: list[Span] = field(default_factory=list)  # default, dismissal, pending appeal

    @property
    def name(self) -> str:
        """The number, and where it passed from one person to another, which of them."""
        several = len(self.bearers) > 1
        return f"{self.citizen}/{self.bearer}" if several else str(self.citizen)

    @property
    def adult(self) -> bool:
        """Children neither act nor have a file."""
        return bool(self.traits["age"] >= 18)

    def date(self, day: int) -> date:
        """The date of a day of the run."""
        return date.fromordinal(date.fromisoformat(self.first_day).toordinal() + int(day))

    def truth_and_file(self) -> list[tuple[str, int | None, int, int]]:
        """(act, how often it was done, records of own acts, wrong records), what occurred only.

        How often is None where the line is no act, such as a judgement.
        """
        rows, records = [], self.records_by_label()
        for label, act, _ in TRUTH_AND_FILE:
            done = None if act is None else self._done(act)
            own = sum(e.times for e in records[label] if e.own)
            wrong = sum(e.times for e in records[label] if not e.own)
            if done or own or wrong:
                rows.append((label, done, own, wrong))
        return rows

    def records_by_label(self) -> dict[str, list[Event]]:
        """The records about each sort of act, by the label of that act."""
        records = [event for event in self.events if event.sort == "record"]
        return {label: [e for e in records if e.what in kinds]
                for label, _, kinds in TRUTH_AND_FILE}  # fmt: skip

    def _done(self, act: str) -> int:
        if act == "missed":
            return self.totals["due"] - self.totals["kept"]
        return self.totals[act]

    def to_dict(self) -> dict[str, Any]:
        """The profile as JSON holds it."""
        plain = {f.name: getattr(self, f.name) for f in fields(self)}
        plain["events"] = [event.to_dict() for event in self.events]
        for name in ("spans", "conditions"):
            plain[name] = [asdict(span) for span in getattr(self, name)]
        return plain

    @classmethod
    def from_dict(cls, plain: dict[str, Any]) -> Profile:
        """The inverse of `to_dict`, also after JSON."""
        events = [Event(**{**e, "whose": tuple(e.get("whose", ()))}) for e in plain["events"]]
        lasting = {k: [Span(**span) for span in plain.get(k, ())] for k in ("spans", "conditions")}
        return cls(**{**plain, "events": events, **lasting})
