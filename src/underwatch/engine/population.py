"""The invented population: people and ties, before the first day.

Two scenarios with the same society section and seed have the same population,
citizen by citizen, so it is built once and used by many simulations.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from underwatch.scenario.sections.society import Society


@dataclass(frozen=True)
class Population:
    """Who the citizens are on the first day, and whom they may ever know; constant for the run."""

    society: Society
    people: np.ndarray = field(repr=False)  # PERSON (n)
    ties: "Ties" = field(repr=False)  # noqa: F821

    @property
    def citizens(self) -> int:
        """The number of citizens, n."""
        return len(self.people)

    @property
    def seed(self) -> int:
        """The seed of all random draws."""
        return self.society.seed


def build(scenario, progress: Callable[[str], None] = lambda _: None) -> Population:
    """Build the population of a scenario; `progress` gets "people", then "ties".

    Raises UserError in a process that was forked from one that has simulated.
    """
    from underwatch.engine.resources import refuse_after_fork
    from underwatch.kernel.columns import as_columns
    from underwatch.model import parameters as params
    from underwatch.model.society.people import PERSON, populate
    from underwatch.model.society.ties import empty_ties, in_line, weave

    refuse_after_fork()
    society = scenario.society
    census = params.census(scenario)
    people, ties = np.zeros(society.citizens, PERSON), empty_ties(society.citizens)
    closed = np.empty(society.citizens, np.uint16)
    progress("people")
    populate(people, society.seed, census)
    progress("ties")
    weave(ties, closed, as_columns(people), society.seed, census)
    return Population(society, people, in_line(ties, closed))


def first_list(adults: np.ndarray, seed: int, held) -> np.ndarray:
    """How many adults are on the watch list before the first day, int64 (1): those of chance."""
    from underwatch.model.decisions.police import enrolled_at_random

    persons = np.flatnonzero(adults).astype(np.int64)
    with np.errstate(over="ignore"):
        listed = enrolled_at_random.py_func(persons, np.int64(seed), held["enrolled"])
    return np.array([np.count_nonzero(listed)])


def first_credit(people: np.ndarray, held: np.void) -> np.ndarray:
    """Instalments left on the first morning: int64 (n). Who borrows has a loan of some age."""
    from underwatch.model.society.people import ADULT, BORROWS

    borrows = (people["age"] >= ADULT) & (people["memberships"] & BORROWS != 0)
    place = np.arange(len(people), dtype=np.uint64) * np.uint64(3_266_489_917)
    place = (place & np.uint64(0xFFFFFFFF)).astype(np.int64)
    left = 1 + (place * int(held["credit_term"]) >> 32)
    return left * borrows * int(held["credit_on"])


def initial_world(population: Population, scenario):
    """The first morning: empty files, no perceived risk, trust at its resting level."""
    from underwatch.engine.night import pack_open_ties
    from underwatch.engine.queues import empty_queues
    from underwatch.engine.vital import first_states
    from underwatch.engine.world import World
    from underwatch.kernel.columns import as_columns
    from underwatch.measurement.cohorts import ADULTS_AT_START, CHILD
    from underwatch.model import parameters as params
    from underwatch.model.society.people import ADULT, DISTRICT
    from underwatch.model.society.vital import first_birthdays
    from underwatch.model.state import CREDIT, STATE

    n = population.citizens
    adults = population.people["age"] >= ADULT
    held = params.params_on(scenario, scenario.first_day)[0]
    first = first_states(population.people, np.arange(n), held)
    for name in STATE.names:
        first[name] *= adults
    ties = population.ties
    flags = np.zeros((2, n + 1), np.uint16)
    flags[0, :n] = first_credit(population.people, held) * CREDIT
    world = World(
        as_columns(population.people), *ties[:3],
        *(np.zeros_like(column) for column in ties[:2]), ties.slots & ~ties.closed,
        np.zeros(n, np.uint32), as_columns(first), np.zeros((2, n + 1), np.uint32), flags,
        np.zeros(n, np.uint8), first_list(adults, population.seed, held),
        *np.zeros((2, -(-n // DISTRICT)), np.int64), np.zeros(n, np.uint16),
        np.zeros(n, np.uint16), *empty_queues(n),
        first_birthdays(n, population.seed), np.zeros(n, np.uint8),
        np.where(adults, np.uint16(0), ties.slots),
        np.where(adults, ADULTS_AT_START, CHILD).astype(np.uint8),
    )  # fmt: skip
    pack_open_ties(world)
    return world
