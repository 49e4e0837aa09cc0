"""A run simulated again, with a recording of some of its citizens.

Random draws are looked up by address, so the replay is the same run to the last bit; the state
hash is checked. The recording holds what each recorded citizen ended every day with, and what
contacts showed. What the citizen did is then computed by the functions of the day itself.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Thread

import numpy as np

from underwatch.engine import recording as rows
from underwatch.engine.simulation import Progress, Simulation
from underwatch.errors import UserError
from underwatch.explanation.acts import compile_ahead
from underwatch.model.state import CREDIT
from underwatch.scenario import Scenario

HOME = rows.OTHERS  # other members of the largest household; they come first among the contacts
ADULT = 18
KINDS_OF_MISTAKE = ((1, "face"), (2, "name"), (4, "crowd"))  # bits as in model/state.py


@dataclass(frozen=True)
class Mistake:
    """A misidentification: an act of one citizen that is entered for another."""

    kind: str  # "face", "name" or "crowd" (a face at a protest)
    whose: int  # the citizen who acted
    mistaken_for: int  # the recorded citizen, or a child for whom the head of household answers


@dataclass(frozen=True)
class Recording:
    """What is kept of a replay about k recorded citizens; nobody else is in it."""

    scenario: Scenario
    sources: dict
    days: int
    citizens: np.ndarray  # int64 (k), ascending
    params: np.ndarray = field(repr=False)  # PARAMS (epochs)
    epochs: np.ndarray = field(repr=False)  # int (days): which parameters hold on a day
    homes: np.ndarray = field(repr=False)  # PERSON (k, 7): the household of the first day
    dead: np.ndarray = field(repr=False)  # DEAD of engine/vital.py: earlier bearers, by day
    contacts: np.ndarray = field(repr=False)  # int64 (k, 23): home, local, online; n for nobody
    first: np.ndarray = field(repr=False)  # uint64 (6, k): the first morning's state, closed ties
    arrivals: dict = field(repr=False)  # (day, index): the same of an adult who moved in
    evenings: np.ndarray = field(repr=False)  # uint64 (rows of engine/recording.py, days, k)
    lines: np.ndarray = field(repr=False)  # int64 (…, 4): day, index, kind, times
    signals: np.ndarray = field(repr=False)  # uint64 (days + 1, k, 23): contacts', every morning
    namesakes: np.ndarray = field(repr=False)  # uint64 (days, k): file of the double by name
    shares: np.ndarray = field(repr=False)  # int64 (days, k): the weight of one contact
    protesting: np.ndarray = field(repr=False)  # int64 (days, k): yesterday's share protesting
    offending: np.ndarray = field(repr=False)  # int64 (days, k): the same of serious offenders
    credit: np.ndarray = field(repr=False)  # int64 (days, k): the loan, see state.CREDIT
    fatigue: np.ndarray = field(repr=False)  # int64 (days, k): recent days of protest
    rotations: np.ndarray = field(repr=False)  # int64 (2, days): rotation of faces and of names
    misattributed: dict = field(repr=False)  # (day, index): list of Mistake

    @property
    def population(self) -> int:
        """The number of citizens in the run."""
        return self.scenario.society.citizens

    def index(self, citizen: int) -> int:
        """The index of a citizen among the recorded. Raises UserError if not recorded."""
        at = int(np.searchsorted(self.citizens, citizen))
        if at >= len(self.citizens) or self.citizens[at] != citizen:
            raise UserError(f"Citizen {citizen} was not recorded in this replay.")
        return at


def replay(
    provenance: dict, citizens: list[int], progress: Callable[[Progress], None] = lambda _: None
) -> Recording:
    """Simulate a run again and record some citizens.

    provenance: as `run.json` holds it; state_hash is None for a scenario that was not run before.

    Raises UserError for a citizen who does not exist, and if the state hash differs.
    """
    from underwatch.engine.population import build
    from underwatch.engine.resources import check_memory, chunk_for, use_threads

    scenario = Scenario.model_validate_json(json.dumps(provenance["scenario"]))
    n, days = scenario.society.citizens, int(provenance["days"])
    for citizen in citizens:
        if not 0 <= citizen < n:
            raise UserError(f"There is no citizen {citizen}; they are numbered 0 to {n - 1:,}.")
    check_memory(n)
    population = build(scenario, lambda stage: progress(Progress(stage, 0, 1)))
    simulation = Simulation(
        scenario, population, days, sorted(set(citizens)), chunk_for(n, use_threads(None, n)),
        progress, evenings=True, take=True,
    )  # fmt: skip
    recorded, world = simulation.followed, simulation.world
    homes = simulation.people(np.minimum(simulation.contacts[:, :HOME], n - 1).ravel())
    first = np.vstack([world.states[:, recorded], rows.closed_of(world, recorded)])
    shares = rows.shares_of(world, recorded)
    credit = world.flags[0][recorded].astype(np.int64) // CREDIT
    simulation.run(1)  # its code is loaded before anything else is compiled
    ahead = Thread(
        target=compile_ahead, args=(simulation.params, simulation.epochs, population.seed)
    )
    ahead.start()
    simulation.run()
    ahead.join()
    if provenance["state_hash"] not in (None, simulation.hash()):
        raise UserError(
            "The replay of this run has another state hash than the run: it was made by another "
            f"version of the software ({provenance['versions'].get('underwatch')}). Run it again."
        )
    return _recording(simulation, provenance.get("sources") or {}, homes, first, shares, credit)


def _recording(simulation: Simulation, sources: dict, homes, first, shares, credit) -> Recording:
    """The recording of a simulation that has ended; the rest is as on its first morning."""
    from underwatch.engine.world import fill_rotations

    recorded, days, n = simulation.followed, simulation.days, simulation.population.citizens
    evenings, contacts = simulation.evenings, simulation.contacts
    rotations = np.zeros((2, days), np.int64)
    for kind in (0, 1):
        fill_rotations(rotations[kind], 0, simulation.population.seed, kind, n)
    lines = np.concatenate(simulation.lines)
    k = len(recorded)
    return Recording(
        simulation.scenario,
        sources,
        days,
        recorded,
        simulation.params,
        simulation.epochs,
        homes.reshape(k, HOME),
        simulation.dead[np.isin(simulation.dead["citizen"], recorded)],
        contacts,
        first,
        simulation.arrivals,
        evenings,
        lines[np.lexsort((lines[:, 2], lines[:, 0], lines[:, 1]))],
        _mornings(np.zeros((1, k, contacts.shape[1]), np.uint64),
                  evenings[rows.CONTACTS :].transpose(1, 2, 0)),
        _mornings(np.zeros((1, k), np.uint64), evenings[rows.NAMESAKE, :-1]),
        _mornings(shares[None].astype(np.int64), evenings[rows.SHARE, :-1].astype(np.int64)),
        _mornings(np.zeros((1, k), np.int64), evenings[rows.PROTESTING, :-1].astype(np.int64)),
        _mornings(np.zeros((1, k), np.int64), evenings[rows.OFFENDING, :-1].astype(np.int64)),
        _mornings(credit[None], evenings[rows.CREDITED, :-1].astype(np.int64)),
        _mornings(np.zeros((1, k), np.int64), evenings[rows.FATIGUED, :-1].astype(np.int64)),
        rotations,
        _misattributed(recorded, contacts, evenings, rotations, n),
    )  # fmt: skip


def _mornings(first: np.ndarray, evenings: np.ndarray) -> np.ndarray:
    """Values of every morning: the first, then those of each evening before."""
    return np.ascontiguousarray(np.concatenate([first, evenings]))


def person_on(evenings: np.ndarray, day: int, k: int) -> np.void:
    """Who the recorded citizen k is on a day: a PERSON record."""
    from underwatch.kernel.columns import as_records
    from underwatch.model.society.people import PERSON

    columns = np.ascontiguousarray(evenings[rows.PEOPLE : rows.PEOPLE + 2, day, k : k + 1])
    person: np.void = as_records(columns, PERSON)[0]
    return person


def _misattributed(recorded, contacts, evenings, rotations, n) -> dict:
    """The mistakes of each evening, entered for a recorded citizen on the next day."""
    found: dict[tuple[int, int], list[Mistake]] = {}
    flags = evenings[rows.MISTAKES, :-1]
    for day, k in np.argwhere(flags).tolist():
        person, ages = person_on(evenings, day + 1, k), int(evenings[rows.AGES, day + 1, k])
        if person["age"] < ADULT:
            continue
        members = [int(recorded[k])]
        if person["place_in_home"] == 0:  # the head answers for the children
            members += [int(j) if j < n and ages >> 8 * c & 255 < ADULT else -1
                        for c, j in enumerate(contacts[k, :HOME])]  # fmt: skip
        mistakes = [
            Mistake(kind, (int(rotations[int(kind == "name"), day]) - member) % n, member)
            for c, member in enumerate(members) if member >= 0
            for bit, kind in KINDS_OF_MISTAKE if int(flags[day, k]) >> 4 * c & bit
        ]  # fmt: skip
        if mistakes:
            found[day + 1, k] = mistakes
    return found
