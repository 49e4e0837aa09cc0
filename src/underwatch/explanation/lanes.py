"""What a timeline shows, line by line: bars for what lasts, marks for what happens on a day.

The page, the chart of a notebook and the SVG file are drawn from the same lanes.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from underwatch.explanation.profile import Event, Profile, Span
from underwatch.explanation.wording import counted

_LASTING = {
    "listed": "On the court blacklist", "restricted by score": "Restricted by score",
    "in default": "In default on a debt", "dismissed": "Dismissed, without work",
    "appeal pending": "Appeal pending",
}  # fmt: skip
_MOMENTS = {
    "Wrong records": (),
    "Flights, trains, visas refused": ("flight refused", "train refused", "visa refused"),
    "Named, stopped, warned, charged": ("named in public", "stopped", "warned", "charged"),
    "Loans declined": ("loan declined",),
    "Not confirmed, upheld, corrected": ("restriction not confirmed", "appeal upheld",
                                         "file corrected"),
    "Acts withheld": ("post withheld", "message withheld", "petition signature withheld",
                      "protest participation withheld", "foreign visit withheld",
                      "minor offence deterred"),
}  # fmt: skip


@dataclass(frozen=True)
class Bar:
    """What lasts: first and last day, both included; own: an act of the citizen's own."""

    first: str
    last: str
    own: bool


@dataclass(frozen=True)
class Mark:
    """What happens on a day. kind: "plain", "wrong", or in lanes of acts "done" or "filed"."""

    date: str
    kind: str = "plain"


@dataclass(frozen=True)
class Track:
    """A lane in one world: what it shows, and the same as a text."""

    note: str
    bars: list[Bar] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)


@dataclass(frozen=True)
class Lane:
    """A line of a timeline: a label and a track for each world."""

    label: str
    tracks: list[Track]


def timeline_lanes(profiles: list[Profile]) -> list[Lane]:
    """Restrictions, conditions and events; lanes without any are left out."""
    lanes = []
    for kind, label in _LASTING.items():
        each = [[span for span in (*p.spans, *p.conditions) if span.kind == kind] for p in profiles]
        if any(each):
            lanes.append(Lane(label, [_lasting(spans) for spans in each]))
    for label, kinds in _MOMENTS.items():
        chosen = [[e for e in p.events if _belongs(e, kinds)] for p in profiles]
        if any(chosen):
            lanes.append(Lane(label, [_moments(events) for events in chosen]))
    return lanes


def _belongs(event: Event, kinds: tuple[str, ...]) -> bool:
    return event.what in kinds if kinds else event.sort == "record" and not event.own


def _lasting(spans: list[Span]) -> Track:
    days = counted(sum(span.days for span in spans), "day")
    bars = [Bar(span.first, span.last, span.own) for span in spans]
    if not spans:
        return Track("never")
    if len(spans) == 1:
        return Track(f"{days}, {spans[0].first} to {spans[0].last}", bars)
    return Track(f"{days} in {len(spans)} periods, {spans[0].first} to {spans[-1].last}", bars)


def _moments(events: list[Event]) -> Track:
    marks = [Mark(event.date, "plain" if event.own else "wrong") for event in events]
    times = sum(event.times for event in events)
    return Track(counted(times, "time") if times else "never", [], marks)


def file_lanes(profile: Profile) -> list[Lane]:
    """For each sort of act: what was done above, what is on file below, wrong records marked.

    What is routine, such as an instalment paid on time, has a row of the table but no lane.
    """
    lanes = []
    records = profile.records_by_label()
    for label, done, own, wrong in profile.truth_and_file():
        if label in _NO_LANE and not wrong:
            continue
        acts = [Mark(day, "done") for day, _ in profile.acts.get(label, ())]
        filed = [Mark(e.date, "filed" if e.own else "wrong") for e in records[label]]
        truth = Track("no act" if done is None else f"done {done:,}", [], acts)
        text = f"on file {own:,}" + (f", wrong {wrong:,}" if wrong else "")
        lanes.append(Lane(label, [truth, Track(text, [], filed)]))
    return lanes


_NO_LANE = ("Instalments paid on time", "Good deeds", "Favoured purchases",
            "Disfavoured purchases")  # fmt: skip
