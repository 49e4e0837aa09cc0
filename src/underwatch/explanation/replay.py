"""A run lived again with some of its citizens watched.

Chance is an address, so it is the same run to the last bit, which is checked.
Each dawn keeps what a watched citizen is about to hear and what mistakes are
about to land on them; what they did is then asked of the law of the day itself.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial

import numpy as np

from underwatch.engine.simulation import Journey, Progress
from underwatch.errors import UserError
from underwatch.scenario import Scenario

HOME = 7  # others in the largest household; they come first among the contacts
MARKS = ((1, "face"), (2, "name"), (4, "crowd"))  # of response/state.py


@dataclass(frozen=True)
class Mistake:
    """What another's double left for a citizen: a face, a name, or a face in a crowd."""

    kind: str
    whose: int  # the citizen who did it
    meant: int  # on whom it landed: the citizen, or a child for whom the head answers


@dataclass(frozen=True)
class Diary:
    """What is kept of a journey about k watched citizens; nobody else is in it."""

    scenario: Scenario
    sources: dict
    days: int
    watched: np.ndarray  # int64 (k), ascending
    rules: np.ndarray = field(repr=False)
    epochs: np.ndarray = field(repr=False)
    people: np.ndarray = field(repr=False)  # PERSON (k)
    homes: np.ndarray = field(repr=False)  # PERSON (k, 7): the household, where contacts has one
    contacts: np.ndarray = field(repr=False)  # int64 (k, 23): home, local, online; n for nobody
    first: np.ndarray = field(repr=False)  # uint64 (4, k): the state of the first morning
    evenings: np.ndarray = field(repr=False)  # uint64 (EVENING, days, k)
    lines: np.ndarray = field(repr=False)  # int64 (…, 4): day, place, kind, how many
    words: np.ndarray = field(repr=False)  # uint64 (days + 1, k, 23): heard at dawn
    namesakes: np.ndarray = field(repr=False)  # uint64 (days, k): the double of names, at dawn
    shares: np.ndarray = field(repr=False)  # uint32 (days, k): what one contact weighs
    streets: np.ndarray = field(repr=False)  # int64 (days, k): yesterday's share protesting
    turns: np.ndarray = field(repr=False)  # int64 (2, days): turns of faces and names, from day 0
    landed: dict = field(repr=False)  # (day, place): Mistakes

    @property
    def citizens(self) -> int:
        """How many live in the nation."""
        return self.scenario.society.citizens

    def place(self, citizen: int) -> int:
        """Where a watched citizen stands among the watched."""
        at = int(np.searchsorted(self.watched, citizen))
        if at >= len(self.watched) or self.watched[at] != citizen:
            raise UserError(f"Citizen {citizen} was not watched in this replay.")
        return at


def replay(
    provenance: dict, citizens: list[int], progress: Callable[[Progress], None] = lambda _: None
) -> Diary:
    """Live a run again with some citizens watched; the same to the last bit, or an error.

    provenance: as `run.json` holds it; without a state hash if it was never lived before.
    """
    from numba import get_num_threads

    from underwatch.engine.population import build
    from underwatch.engine.resources import chunk_for, room_for

    scenario = Scenario.model_validate_json(json.dumps(provenance["scenario"]))
    n, days = scenario.society.citizens, int(provenance["days"])
    for citizen in citizens:
        if not 0 <= citizen < n:
            raise UserError(f"There is no citizen {citizen}; they are numbered 0 to {n - 1}.")
    room_for(n)
    nation = build(scenario, lambda stage: progress(Progress(stage, 0, 1)))
    journey = Journey(
        scenario, nation, days, sorted(set(citizens)), chunk_for(n, get_num_threads()), progress,
        evenings=True,
    )  # fmt: skip
    diary = _begun(journey, provenance.get("sources") or {})
    for day in range(days):
        _dawn(diary, journey, day)
        journey.live(day + 1)
    diary.words[days] = journey.world.words[days & 1][diary.contacts]
    if provenance["state_hash"] not in (None, journey.hash()):  # None: it was not lived before
        raise UserError(
            "Lived again, this run came to other bits than it did: it was made by another version "
            f"of the software ({provenance['versions'].get('underwatch')}); run it anew."
        )
    lines = np.concatenate(journey.lines)
    return replace(diary, lines=lines[np.lexsort((lines[:, 2], lines[:, 0], lines[:, 1]))])


def _begun(journey: Journey, sources: dict) -> Diary:
    """An empty diary of a journey's followed citizens, on the first morning."""
    from underwatch.engine.world import doubles
    from underwatch.model.society.ties import SLOTS, by_slot

    watched, days, people = journey.followed, journey.days, journey.nation.people
    k, n = len(watched), len(people)
    contacts = np.full((k, HOME + SLOTS), n, np.int64)
    for place, citizen in enumerate(watched):
        home = _home(people, int(citizen))
        contacts[place, : len(home)] = home
    contacts[:, HOME:] = by_slot(journey.nation.ties, watched)
    inside = np.minimum(contacts[:, :HOME], n - 1)
    turns = np.zeros((2, days), np.int64)
    for kind in (0, 1):
        doubles(turns[kind], 0, journey.nation.seed, kind, n)
    return Diary(
        journey.scenario, sources, days, watched, journey.rules, journey.epochs, people[watched],
        people[inside], contacts, journey.world.states[:, watched].copy(), journey.evenings,
        np.zeros((0, 4), np.int64), np.zeros((days + 1, k, HOME + SLOTS), np.uint64),
        np.zeros((days, k), np.uint64), np.zeros((days, k), np.uint32),
        np.zeros((days, k), np.int64), turns, {},
    )  # fmt: skip


def _home(people: np.ndarray, citizen: int) -> list[int]:
    """The others of a household."""
    first = citizen - int(people[citizen]["place_in_home"])
    return [j for j in range(first, first + int(people[citizen]["home_size"])) if j != citizen]


def _dawn(diary: Diary, journey: Journey, day: int) -> None:
    """What the watched are about to hear, and what is about to land on them."""
    from underwatch.model.society.people import DISTRICT

    world, watched = journey.world, diary.watched
    shown = world.words[day & 1]
    diary.words[day] = shown[diary.contacts]
    diary.shares[day] = world.shares[watched]
    diary.streets[day] = world.streets[watched // DISTRICT]
    if day == 0:
        return
    faces, names = diary.turns[:, day - 1]
    diary.namesakes[day] = shown[(names - watched) % diary.citizens]
    find = partial(_mistakes, diary, world.marks[day & 1], int(faces), int(names))
    for place in range(len(watched)):
        if found := find(place):
            diary.landed[day, place] = found


def _mistakes(diary, marks, faces, names, place) -> list[Mistake]:
    """Yesterday's mistakes that land on a citizen, or on the children of a head."""
    me, here = diary.people[place], int(diary.watched[place])
    if me["age"] < 18:
        return []
    answers_for = [here]
    if me["place_in_home"] == 0:
        for j, other in zip(diary.contacts[place, :HOME], diary.homes[place], strict=True):
            if j < diary.citizens and other["age"] < 18:
                answers_for.append(int(j))
    found = []
    for meant in answers_for:
        for bit, kind in MARKS:
            whose = ((names if kind == "name" else faces) - meant) % diary.citizens
            if whose != here and marks[whose] & bit:
                found.append(Mistake(kind, whose, meant))
    return found
