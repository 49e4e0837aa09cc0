"""The finding on one citizen: a title, and two sentences that say what happened."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from underwatch.explanation.phrases import clause
from underwatch.explanation.profile import Event, Profile, Span
from underwatch.explanation.wording import counted

# Restrictions by kind: as a condition, and as a noun.
_UNDER = {"listed": "on the court blacklist", "restricted by score": "restricted by score"}
_CAUSES = {
    ("listed", "own act"): "for an unpaid debt",
    ("listed", "another person's name"): "for another person's debt",
    ("restricted by score", "own act"): "for own records",
    ("restricted by score", "wrong record"): "because of wrong records",
    ("restricted by score", "association"): "because of the scores of contacts",
}  # fmt: skip
# What makes a title where nothing restricts the citizen, the gravest first.
_GRAVE = ("charged", "dismissed", "stopped", "named in public", "restriction not confirmed",
          "loan declined")  # fmt: skip


@dataclass(frozen=True)
class Sentence:
    """A sentence and the rows behind it.

    Attributes
    ----------
    text: the sentence.
    sources: names of the rows, such as "here-12" for the twelfth event of the first world.
    wrong: whether it is about records or decisions without an act of the citizen's own.
    basis: how the first of these decisions was made, a line for each part.
    """

    text: str
    sources: tuple[str, ...]
    wrong: bool = False
    basis: tuple[str, ...] = ()


def rows_of(world: str, numbers: Iterable[int], sort: str = "") -> tuple[str, ...]:
    """The names of rows: of events, or of another sort such as "restriction"."""
    return tuple(f"{world}-{sort}{'-' if sort else ''}{number}" for number in numbers)


def title_of(profile: Profile) -> str:
    """The finding as a noun phrase."""
    who = f"Citizen {profile.name}"
    if not profile.adult:
        return f"{who}: a child without acts, file or score"
    if profile.spans:
        worst = max(profile.spans, key=lambda span: span.days)
        days = f"{counted(worst.days, 'day')} {_UNDER[worst.kind]}"
        return f"{who}: {days} {_CAUSES.get((worst.kind, worst.cause), '')}".rstrip()
    for what in _GRAVE:
        if alike := [e for e in profile.events if e.what == what]:
            return f"{who}: {_to_this_person(alike)}"
    withheld = _times(e for e in profile.events if e.sort == "withheld")
    wrong = _times(e for e in profile.events if e.sort == "record" and not e.own)
    parts = [counted(withheld, "act withheld", "acts withheld")] if withheld else []
    parts += [counted(wrong, "wrong record")] if wrong else []
    return f"{who}: {' and '.join(parts) or 'nothing decided'}, no restriction"


def _to_this_person(events: list[Event]) -> str:
    return clause(events).replace("the citizen", "this person")


def two_sentences(
    profile: Profile, twin: Profile | None, divergence: dict[str, Any] | None
) -> list[Sentence]:
    """What happened here; and what happened to the twin or, without one, what the file says."""
    here = _consequences(profile, "here")
    where = f"In {_time(profile)} of “{profile.world}”"
    first = Sentence(f"{where}, citizen {profile.name} {here.text}.", here.sources)
    if twin is None:
        return [first, _file(profile)]
    if divergence is None:
        text = f"Nothing differs for the same person in “{twin.world}”."
        return [first, Sentence(text, ("difference-1",))]
    there, apart = _consequences(twin, "twin"), _first_apart(profile, twin)
    text = (
        f"In “{twin.world}”, the same person with the same random draws {there.text}; {apart.text}."
    )
    return [first, Sentence(text, (*there.sources, *apart.sources))]


def _first_apart(profile: Profile, twin: Profile) -> Sentence:
    """The first event of one world only, but for records of own acts, as the end of a sentence."""
    events = {
        world: {(e.day, e.what, e.true_cause): (n, e) for n, e in enumerate(of.events, 1)
                if e.sort != "record" or not e.own}
        for world, of in (("here", profile), ("twin", twin))
    }  # fmt: skip
    only = events["here"].keys() ^ events["twin"].keys()
    if not only:
        return Sentence("no decision and no withheld act differs", ("difference-1",))
    first = min(only)
    world = "here" if first in events["here"] else "twin"
    number, event = events[world][first]
    where = "here" if world == "here" else "for the twin"
    text = f"apart from records of own acts, events first differ on {event.date}, when {where} "
    text += clause([event])
    return Sentence(text, rows_of(world, [number]))


def _time(profile: Profile) -> str:
    """How long this person is simulated."""
    days = profile.days
    if len(profile.bearers) > 1:
        own = profile.bearers[profile.bearer]
        days = _ordinal(profile, own["last"]) - _ordinal(profile, own["first"]) + 1
    return counted(days, "day") if days < 730 else f"{days / 365.25:.1f} years"


def _ordinal(profile: Profile, day: str) -> int:
    return profile.date(0).fromisoformat(day).toordinal()


def _consequences(profile: Profile, world: str) -> Sentence:
    """Restrictions, wrong records and withheld acts, as the end of a sentence."""
    if not profile.adult:
        return Sentence("is a child and has no acts, no file and no score",
                        rows_of(world, ["restrictions"]))  # fmt: skip
    spans = [*enumerate(profile.spans, 1)]
    parts = []
    for kind, under in _UNDER.items():
        of = [span for _, span in spans if span.kind == kind]
        if of:
            days = counted(sum(span.days for span in of), "day")
            parts.append(f"{under} for {days}{_reasons(of)}")
    sources = rows_of(world, [k for k, _ in spans], "restriction")
    text = f"is {' and '.join(parts)}" if parts else "is never under a restriction"
    sources = sources or rows_of(world, ["restrictions"])
    events = [*enumerate(profile.events, 1)]
    for what in _GRAVE:
        if alike := [(n, e) for n, e in events if e.what == what]:
            text += f"; {_to_this_person([e for _, e in alike])}"
            sources += rows_of(world, [n for n, _ in alike])
    records = _times(e for _, e in events if e.sort == "record")
    wrong = [(n, e) for n, e in events if e.sort == "record" and not e.own]
    withheld = [(n, e) for n, e in events if e.sort == "withheld"]
    if records:
        many = _times(e for _, e in wrong)
        if records == 1:
            text += f"; the only record entered is {'wrong' if many else 'right'}"
        else:
            text += f"; {many or 'none'} of {records:,} records entered "
            text += "is wrong" if many < 2 else "are wrong"
    if withheld:
        times = _times(e for _, e in withheld)
        text += f", and this person withholds {counted(times, 'act')}"
    rows = [number for number, _ in (*wrong, *withheld)]
    return Sentence(text, (*sources, *rows_of(world, rows)))


def _reasons(spans: list[Span]) -> str:
    """The causes of restrictions of one kind, in brackets."""
    found = dict.fromkeys(_CAUSES.get((span.kind, span.cause), "") for span in spans)
    known = [text for text in found if text]
    return f" ({' and '.join(known)})" if known else ""


def _file(profile: Profile) -> Sentence:
    """How the file compares with what was done."""
    if not profile.adult:
        text = "A child has no file: a record mistaken for a child is entered for the head of the "
        return Sentence(f"{text}household.", ("here-file",))
    rows = profile.truth_and_file()
    if not rows:
        return Sentence("Nothing that this person does can be recorded, and the file is empty.",
                        ("here-file",))  # fmt: skip
    done = sum(n or 0 for _, n, _, _ in rows)
    own = sum(n for _, acts, n, _ in rows if acts is not None)
    wrong = sum(n for _, _, _, n in rows)
    filed = f"{own:,} {'is' if own == 1 else 'are'}" if own else "none is"
    false = f"{counted(wrong, 'further record')} {'describes' if wrong == 1 else 'describe'}"
    text = f"Of {counted(done, 'act')} that a record can be about, {filed} on file; "
    text += f"{false if wrong else 'no record describes'} {'no' if wrong else 'any other'} act"
    text += " of this person." if wrong else "."
    return Sentence(text, rows_of("here", range(1, len(rows) + 1), "file"))


def _times(events: Iterable[Event]) -> int:
    return sum(event.times for event in events)
