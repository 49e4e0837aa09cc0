"""A profile as a story: sentences that are made of its records, each with the rows behind it.

A row is named by its world, `here` or `twin`, and its place there: `here-12` is the twelfth event
of the first profile. The page, the data frame and explanation.json use the same names.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from underwatch.explanation.comparison import difference, difference_rows
from underwatch.explanation.labels import ACT_PLURALS
from underwatch.explanation.lead import Sentence, rows_of, title_of, two_sentences
from underwatch.explanation.phrases import family_of, sentence
from underwatch.explanation.profile import Event, Profile
from underwatch.explanation.wording import basis_lines, counted, points

__all__ = ["Sentence", "Story", "Year", "story_of"]

_ROUTINE = {
    "late instalment": "late instalments",
    "repaid instalment": "instalments paid on time", "good deed": "good deeds",
    "favoured purchase": "favoured purchases", "disfavoured purchase": "disfavoured purchases",
}  # fmt: skip
_WITH_BASIS = ("restricted by score", "restriction not confirmed", "listed")


@dataclass(frozen=True)
class Year:
    """A year in one world: acts and routine records in brief, and a sentence for all else."""

    brief: list[Sentence]
    sentences: list[Sentence]


@dataclass(frozen=True)
class Story:
    """What happened to one citizen, in sentences.

    Attributes
    ----------
    title: the finding, a noun phrase.
    lead: two sentences that say what happened.
    years: by year, one `Year` for each world; a year in which nothing happened is left out.
    wrong: how many records and decisions are without an act of the citizen's own, by kind.
    difference: where both worlds first differ, and why; empty without a twin.
    """

    title: str
    lead: list[Sentence]
    years: dict[str, list[Year]]
    wrong: list[Sentence]
    difference: list[Sentence]

    def __iter__(self) -> Iterator[Sentence]:
        """Every sentence, in the order of the page."""
        yield from self.lead
        yield from self.wrong
        for worlds in self.years.values():
            for year in worlds:
                yield from (*year.brief, *year.sentences)
        yield from self.difference


def story_of(
    profile: Profile, twin: Profile | None = None, divergence: dict[str, Any] | None = None
) -> Story:
    """The story of a citizen, beside that of the twin."""
    worlds = {"here": profile} | ({"twin": twin} if twin else {})
    years = sorted({year for each in worlds.values() for year in each.acts_by_year})
    by_year = {year: [_year(each, world, year) for world, each in worlds.items()] for year in years}
    return Story(
        title_of(profile),
        two_sentences(profile, twin, divergence),
        {
            year: each
            for year, each in by_year.items()
            if any(of.brief or of.sentences for of in each)
        },
        _wrong(profile),
        _difference(profile, twin, divergence) if twin else [],
    )


def _difference(
    profile: Profile, twin: Profile, divergence: dict[str, Any] | None
) -> list[Sentence]:
    """The first difference, with the events of that day in one world only; and what follows."""
    table = rows_of("difference", range(1, len(difference_rows(divergence)) + 1))
    texts = difference(divergence, twin.world)
    if divergence is None:
        return [Sentence(texts[0], table)]
    events = [
        row
        for world, of, only in (("here", profile, "here"), ("twin", twin, "there"))
        for row in rows_of(world, [n for n, e in _numbered(of) if e.day == divergence["day"]
                                   and f"{e.what} ({e.true_cause})" in divergence[only]])
    ]  # fmt: skip
    return [Sentence(texts[0], (*events, *table[:-2])), Sentence(texts[1], table[-2:])]


def _wrong(profile: Profile) -> list[Sentence]:
    """How many records and decisions are behind which there is no act of the citizen's own."""
    found = []
    for sorts, one, many in (
        (("record",), "record describes no act of this person", "records describe no act of this "
         "person"),
        (("decision", "step"), "decision rests on no act of this person's own",
         "decisions rest on no act of this person's own"),
    ):  # fmt: skip
        events = [(n, e) for n, e in _numbered(profile) if e.sort in sorts and not e.own]
        if not events:
            continue
        kinds: dict[str, int] = {}
        for _, event in events:
            kind = f"{event.what}, {event.true_cause}"
            kinds[kind] = kinds.get(kind, 0) + event.times
        text = counted(sum(kinds.values()), one, many)
        each = "; ".join(f"{kind}: {n:,}" for kind, n in kinds.items())
        sources = rows_of("here", [number for number, _ in events])
        found.append(Sentence(f"{text} ({each}).", sources, True))
    return found


def _year(profile: Profile, world: str, year: str) -> Year:
    """The sentences of a year, in the order in which what they say begins."""
    acts = profile.acts_by_year.get(year, {})
    brief = []
    if acts:
        text = ", ".join(counted(n, label, ACT_PLURALS.get(label, label))
                         for label, n in acts.items())  # fmt: skip
        brief.append(Sentence(f"Acts of the citizen: {text}.", (f"{world}-acts-{year}",)))
    events = [(n, e) for n, e in _numbered(profile) if e.date.startswith(year)]
    routine = [(n, e) for n, e in events if e.what in _ROUTINE and e.own]
    if routine:
        brief.append(_routine(routine, world))
    rest = [(n, e) for n, e in events if e.what not in _ROUTINE or not e.own]
    return Year(brief, [_phrase(alike, world) for alike in _alike(rest)])


def _numbered(profile: Profile) -> list[tuple[int, Event]]:
    return [*enumerate(profile.events, 1)]


def _alike(events: list[tuple[int, Event]]) -> list[list[tuple[int, Event]]]:
    """Events by family and true cause, in the order of the first of each."""
    found: dict[tuple[str, str], list[tuple[int, Event]]] = {}
    for number, event in events:
        found.setdefault((family_of(event.what), event.true_cause), []).append((number, event))
    return list(found.values())


def _phrase(alike: list[tuple[int, Event]], world: str) -> Sentence:
    """The sentence on events that are alike; with the basis of the first, where it has parts."""
    events = [event for _, event in alike]
    basis = basis_lines(events[0]) if events[0].what in _WITH_BASIS else []
    sources = rows_of(world, [number for number, _ in alike])
    return Sentence(sentence(events), sources, not events[0].own, tuple(basis))


def _routine(events: list[tuple[int, Event]], world: str) -> Sentence:
    """The records of routine acts, which are many, in one sentence."""
    kinds: dict[str, list[Event]] = {}
    for _, event in events:
        kinds.setdefault(event.what, []).append(event)
    parts = []
    for what, alike in kinds.items():
        each = sorted({(e.basis or {}).get("points", 0) for e in alike} - {0})
        worth = f" ({' or '.join(map(points, each))} points each)" if each else ""
        parts.append(counted(sum(e.times for e in alike), what, _ROUTINE[what]) + worth)
    sources = rows_of(world, [number for number, _ in events])
    return Sentence(f"Routine records: {', '.join(parts)}.", sources)
