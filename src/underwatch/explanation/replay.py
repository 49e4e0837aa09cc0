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

from underwatch.engine.simulation import Progress, Simulation
from underwatch.errors import UserError
from underwatch.scenario import Scenario

HOME = 7  # others in the largest household; they come first among the contacts
FLAG_KINDS = ((1, "face"), (2, "name"), (4, "crowd"))  # of response/state.py


@dataclass(frozen=True)
class Mistake:
    """What another's double left for a citizen: a face, a name, or a face in a crowd."""

    kind: str
    whose: int  # the citizen who did it
    meant: int  # on whom it landed: the citizen, or a child for whom the head answers


@dataclass(frozen=True)
class Recording:
    """What is kept of a simulation about k watched citizens; nobody else is in it."""

    scenario: Scenario
    sources: dict
    days: int
    watched: np.ndarray  # int64 (k), ascending
    params: np.ndarray = field(repr=False)
    epochs: np.ndarray = field(repr=False)
    people: np.ndarray = field(repr=False)  # PERSON (k)
    homes: np.ndarray = field(repr=False)  # PERSON (k, 7): the household, where contacts has one
    contacts: np.ndarray = field(repr=False)  # int64 (k, 23): home, local, online; n for nobody
    first: np.ndarray = field(repr=False)  # uint64 (4, k): the state of the first morning
    evenings: np.ndarray = field(repr=False)  # uint64 (EVENING, days, k)
    lines: np.ndarray = field(repr=False)  # int64 (…, 4): day, place, kind, how many
    signals: np.ndarray = field(repr=False)  # uint64 (days + 1, k, 23): heard at dawn
    namesakes: np.ndarray = field(repr=False)  # uint64 (days, k): the double of names, at dawn
    shares: np.ndarray = field(repr=False)  # uint32 (days, k): what one contact weighs
    protesting: np.ndarray = field(repr=False)  # int64 (days, k): yesterday's share protesting
    rotations: np.ndarray = field(
        repr=False
    )  # int64 (2, days): turns of faces and names, from day 0
    misattributed: dict = field(repr=False)  # (day, place): Mistakes

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
) -> Recording:
    """Live a run again with some citizens watched; the same to the last bit, or an error.

    provenance: as `run.json` holds it; without a state hash if it was never lived before.
    """
    from numba import get_num_threads

    from underwatch.engine.population import build
    from underwatch.engine.resources import check_memory, chunk_for

    scenario = Scenario.model_validate_json(json.dumps(provenance["scenario"]))
    n, days = scenario.society.citizens, int(provenance["days"])
    for citizen in citizens:
        if not 0 <= citizen < n:
            raise UserError(f"There is no citizen {citizen}; they are numbered 0 to {n - 1}.")
    check_memory(n)
    population = build(scenario, lambda stage: progress(Progress(stage, 0, 1)))
    simulation = Simulation(
        scenario,
        population,
        days,
        sorted(set(citizens)),
        chunk_for(n, get_num_threads()),
        progress,
        evenings=True,
    )
    recording = _begun(simulation, provenance.get("sources") or {})
    for day in range(days):
        _record_morning(recording, simulation, day)
        simulation.run(day + 1)
    recording.signals[days] = simulation.world.signals[days & 1][recording.contacts]
    if provenance["state_hash"] not in (None, simulation.hash()):  # None: it was not lived before
        raise UserError(
            "Lived again, this run came to other bits than it did: it was made by another version "
            f"of the software ({provenance['versions'].get('underwatch')}); run it anew."
        )
    lines = np.concatenate(simulation.lines)
    return replace(recording, lines=lines[np.lexsort((lines[:, 2], lines[:, 0], lines[:, 1]))])


def _begun(simulation: Simulation, sources: dict) -> Recording:
    """An empty diary of a simulation's followed citizens, on the first morning."""
    from underwatch.engine.world import fill_rotations
    from underwatch.model.society.ties import SLOTS, by_slot

    watched, days, people = simulation.followed, simulation.days, simulation.population.people
    k, n = len(watched), len(people)
    contacts = np.full((k, HOME + SLOTS), n, np.int64)
    for place, citizen in enumerate(watched):
        home = _home(people, int(citizen))
        contacts[place, : len(home)] = home
    contacts[:, HOME:] = by_slot(simulation.population.ties, watched)
    inside = np.minimum(contacts[:, :HOME], n - 1)
    rotations = np.zeros((2, days), np.int64)
    for kind in (0, 1):
        fill_rotations(rotations[kind], 0, simulation.population.seed, kind, n)
    return Recording(
        simulation.scenario,
        sources,
        days,
        watched,
        simulation.params,
        simulation.epochs,
        people[watched],
        people[inside],
        contacts,
        simulation.world.states[:, watched].copy(),
        simulation.evenings,
        np.zeros((0, 4), np.int64),
        np.zeros((days + 1, k, HOME + SLOTS), np.uint64),
        np.zeros((days, k), np.uint64),
        np.zeros((days, k), np.uint32),
        np.zeros((days, k), np.int64),
        rotations,
        {},
    )


def _home(people: np.ndarray, citizen: int) -> list[int]:
    """The others of a household."""
    first = citizen - int(people[citizen]["place_in_home"])
    return [j for j in range(first, first + int(people[citizen]["home_size"])) if j != citizen]


def _record_morning(recording: Recording, simulation: Simulation, day: int) -> None:
    """What the watched are about to hear, and what is about to land on them."""
    from underwatch.model.society.people import DISTRICT

    world, watched = simulation.world, recording.watched
    shown = world.signals[day & 1]
    recording.signals[day] = shown[recording.contacts]
    recording.shares[day] = world.shares[watched]
    recording.protesting[day] = world.protesting[watched // DISTRICT]
    if day == 0:
        return
    faces, names = recording.rotations[:, day - 1]
    recording.namesakes[day] = shown[(names - watched) % recording.citizens]
    find = partial(_mistakes, recording, world.flags[day & 1], int(faces), int(names))
    for place in range(len(watched)):
        if found := find(place):
            recording.misattributed[day, place] = found


def _mistakes(recording, flags, faces, names, place) -> list[Mistake]:
    """Yesterday's mistakes that land on a citizen, or on the children of a head."""
    me, here = recording.people[place], int(recording.watched[place])
    if me["age"] < 18:
        return []
    answers_for = [here]
    if me["place_in_home"] == 0:
        for j, other in zip(recording.contacts[place, :HOME], recording.homes[place], strict=True):
            if j < recording.citizens and other["age"] < 18:
                answers_for.append(int(j))
    found = []
    for meant in answers_for:
        for bit, kind in FLAG_KINDS:
            whose = ((names if kind == "name" else faces) - meant) % recording.citizens
            if whose != here and flags[whose] & bit:
                found.append(Mistake(kind, whose, meant))
    return found
