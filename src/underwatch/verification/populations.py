"""Populations whose traits and ties a case sets itself, under parameters set one by one.

Levers that no scenario has: a given graph, citizens with given states, public signals of the day
before the first. What runs over them is the engine's own simulation, with the compiled day of
every run.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from underwatch.engine.population import Population, build
from underwatch.engine.simulation import Simulation
from underwatch.kernel.columns import as_columns
from underwatch.measurement.catalogue import NAMES
from underwatch.model.parameters import PARAMS
from underwatch.model.parameters.society import caps
from underwatch.model.society.people import ADULT, PERSON
from underwatch.model.society.segments import SLOTS, by_slot, in_line
from underwatch.model.state import ONE, STATE, stored
from underwatch.scenario import Scenario

CERTAIN = 1 << 32  # a probability of 1
BASE = 1_000  # points of a score without any record
_CHUNK = 4_096


def adults(n: int, **traits: Any) -> np.ndarray:
    """PERSON records (n) of adults who live alone: thirty years old, of middling sociability.

    Examples
    --------
    >>> people = adults(3, prudence=[0, 10, 20])
    >>> people["age"].tolist(), people["prudence"].tolist()
    ([30, 30, 30], [0, 10, 20])
    """
    people = np.zeros(n, PERSON)
    for name, value in ({"age": 30, "home_size": 1, "sociability": 128} | traits).items():
        people[name] = value
    return people


def nobody(n: int) -> np.ndarray:
    """A table of contacts in which nobody knows anybody: uint32 (n, 16)."""
    return np.full((n, SLOTS), n, np.uint32)


def table_of(edges: np.ndarray, n: int) -> np.ndarray:
    """Pairs of citizens, int64 (m, 2), as a table of contacts: uint32 (n, 16), n for nobody.

    Loops and repeated pairs are left out, and so are ties beyond the sixteenth of a citizen.
    """
    low, high = edges.min(1), edges.max(1)
    pairs = np.unique((low * n + high)[low < high])
    while True:
        here = np.concatenate([pairs // n, pairs % n])
        there = np.concatenate([pairs % n, pairs // n])
        order = np.argsort(here, kind="stable")
        first = np.zeros(n + 1, np.int64)
        np.cumsum(np.bincount(here, minlength=n), out=first[1:])
        slot = np.empty(len(here), np.int64)
        slot[order] = np.arange(len(here)) - first[here[order]]
        beyond = (slot >= SLOTS).reshape(2, -1).any(0)
        if not beyond.any():
            table = nobody(n)
            table[here, slot] = there
            return table
        pairs = pairs[~beyond]


def random_graph(n: int, degree: float, random: np.random.Generator) -> np.ndarray:
    """The contacts of a Poisson random graph with a mean degree: uint32 (n, 16)."""
    return table_of(random.integers(0, n, (random.poisson(n * degree / 2), 2)), n)


def rewired(degrees: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """The pairs of a random graph in which citizens have given degrees: int64 (m, 2)."""
    ends = random.permutation(np.repeat(np.arange(len(degrees)), degrees))
    return ends[: len(ends) // 2 * 2].reshape(-1, 2)


def population(people: np.ndarray, contacts: np.ndarray, seed: int) -> Population:
    """A population of these people and ties, all of them open; seed: of all random draws."""
    society = _unwatched(len(people), seed).society
    return Population(society, as_columns(people), in_line(contacts))


def _unwatched(citizens: int, seed: int) -> Scenario:
    return Scenario.load("unwatched", [f"society.citizens={citizens}", f"society.seed={seed}"])


def parameters(**values: Any) -> np.ndarray:
    """One record of a day's parameters in which nobody acts, but for the values given."""
    record = np.zeros(1, PARAMS)
    record["chill"], record["deter"], record["careful"] = 65_536, 65_536, 65_536
    record["tired"], record["halve_days"], record["fatigue_days"] = 65_536, 0, 0
    for name, value in values.items():
        record[name] = value
    caps(record, 3)
    return record


def staged(
    among: Population, record: np.ndarray, days: int,
    states: Mapping[str, Any] | None = None, signals: np.ndarray | None = None,
) -> Simulation:  # fmt: skip
    """A simulation of a population under one record of parameters, before its first day.

    states: fields of the state on the first morning, 0 unless given. signals: the public signals
    of the day before it, int64 (n), in lanes.
    """
    scenario = _unwatched(among.citizens, among.seed)
    made = Simulation(scenario, among, days, np.zeros(0, np.int64), _CHUNK)
    made.params[:] = record
    first = np.zeros(among.citizens, STATE)
    for name, value in (states or {}).items():
        first[name] = value
    made.world.states[:] = as_columns(first)
    if signals is not None:
        made.world.signals[0, :-1] = stored.py_func(signals)
    return made


def advance(simulation: Simulation, until: int) -> None:
    """Simulate up to a day. Unlike `run`, it is quick even for a single day.

    `run` listens to signals and looks first whether the compiled day is on disk.
    """
    while simulation.day < until:
        simulation._stride(until)


def daily(simulation: Simulation, measure: str) -> np.ndarray:
    """The counts of a measure by day, int64 (days), of a simulation that has run."""
    return simulation.daily[:, NAMES.index(measure)]


def everyone_scored(association: float, **values: Any) -> np.ndarray:
    """Parameters under which everyone's local file is scored every day, and nothing fades.

    Citizens whose `piloted` is 255 are not scored.
    """
    return parameters(
        **dict(
            scoring=1, piloted=255, base=BASE, floor=0, ceiling=5_000, sees=4_095,
            association=round(association * ONE), observed_home=1, observed_local=1,
            observed_online=1,
        ) | values
    )  # fmt: skip


class Society(NamedTuple):
    """The built society: who knows whom among adults."""

    among: Population
    adults: NDArray[np.int64]  # their numbers
    here: NDArray[np.int64]  # the ends of all open ties and household ties between adults
    there: NDArray[np.int64]
    degree: NDArray[np.int64]  # adults known, by citizen; 0 for children


def society(citizens: int, seed: int) -> Society:
    """The society of the default scenario, as the engine builds it."""
    settings = [f"society.citizens={citizens}", f"society.seed={seed}"]
    among = build(Scenario.load("atlantic-2018", settings))
    people, ties, numbers = among.people, among.ties, np.arange(citizens)
    adult = people["age"] >= ADULT
    table = by_slot(ties, numbers).astype(np.int64)
    table[np.unpackbits(ties.closed[:, None].view(np.uint8), axis=1, bitorder="little") == 1] = (
        citizens
    )
    here, slot = np.nonzero((table < citizens) & adult[:, None])
    ends = [(here, table[here, slot])]
    first = numbers - people["place_in_home"]
    for place in range(int(people["home_size"].max())):
        other = first + place
        with_them = (place < people["home_size"]) & (other != numbers) & adult
        ends.append((numbers[with_them], other[with_them]))
    here, there = (np.concatenate(side) for side in zip(*ends, strict=True))
    both = adult[there]
    here, there = here[both], there[both]
    return Society(among, np.flatnonzero(adult), here, there, np.bincount(here, minlength=citizens))
