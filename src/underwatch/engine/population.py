"""The invented population: people and ties, before the first day.

Two scenarios with the same society section and seed have the same population,
citizen by citizen, so it is built once and used by many simulations. A single
simulation takes it over, so that people and ties are in memory once.
"""

from collections.abc import Callable

import numpy as np

from underwatch.scenario.sections.society import Society


class Population:
    """Who the citizens are on the first day, and whom they may ever know.

    Simulations copy it, and it stays as it was built, unless one takes it over.

    Args:
        society: the section of the scenario from which it is invented.
        columns: PERSON by columns, uint64 (2, n).
        ties: the candidate ties, open and closed.
    """

    def __init__(self, society: Society, columns: np.ndarray, ties: "Ties"):  # noqa: F821
        self.society, self.citizens = society, columns.shape[1]
        self._held: tuple[np.ndarray, Ties] | None = columns, ties  # noqa: F821

    def __repr__(self) -> str:
        return f"Population({self.citizens:,} citizens, seed {self.seed})"

    @property
    def seed(self) -> int:
        """The seed of all random draws."""
        return self.society.seed

    @property
    def columns(self) -> np.ndarray:
        """PERSON by columns, uint64 (2, n)."""
        return self._whole()[0]

    @property
    def ties(self) -> "Ties":  # noqa: F821
        """The candidate ties."""
        return self._whole()[1]

    @property
    def people(self) -> np.ndarray:
        """PERSON records (n), copied."""
        from underwatch.kernel.columns import as_records
        from underwatch.model.society.people import PERSON

        return as_records(self.columns, PERSON)

    def take(self) -> tuple[np.ndarray, "Ties"]:  # noqa: F821
        """People by columns, and ties, for one simulation that changes them.

        Whoever reads this population afterwards gets a RuntimeError.
        """
        held, self._held = self._whole(), None
        return held

    def _whole(self) -> tuple[np.ndarray, "Ties"]:  # noqa: F821
        if self._held is None:
            raise RuntimeError("this population was taken over by a simulation; build it anew")
        return self._held


def build(scenario, progress: Callable[[str], None] = lambda _: None) -> Population:
    """Build the population of a scenario; `progress` gets "people", then "ties".

    Raises UserError in a process that was forked from one that has simulated.
    """
    from underwatch.engine.resources import refuse_after_fork
    from underwatch.model import parameters as params
    from underwatch.model.society.people import PERSON, populate
    from underwatch.model.society.ties import weave

    refuse_after_fork()
    society = scenario.society
    census = params.census(scenario)
    progress("people")
    people = np.empty((PERSON.itemsize // 8, society.citizens), np.uint64)
    populate(people, society.seed, census, 0, society.citizens)
    progress("ties")
    return Population(society, people, weave(people, society.seed, census))


def initial_world(
    population: Population, held: np.void, take: bool = False, own: tuple[int, int] | None = None
):
    """The first morning: empty files, no perceived risk, trust at its resting level.

    take: the world takes the population over instead of copying it. held, own: see `first_world`.
    """
    if take:
        people, ties = population.take()
    else:
        people, ties = population.columns.copy(), own_ties(population.ties)
    return first_world(people, ties, population.seed, held, own)


def empty_world(people: np.ndarray, ties: "Ties"):  # noqa: F821
    """The world of some people and ties, in which everything else is 0."""
    from underwatch.engine.queues import empty_queues
    from underwatch.engine.world import World
    from underwatch.model.society.people import DISTRICT
    from underwatch.model.state import STATE

    n = people.shape[1]
    return World(
        people, *ties, np.zeros((STATE.itemsize // 8, n), np.uint64),
        np.zeros((2, n + 1), np.uint32), np.zeros((2, n + 1), np.uint16),
        np.zeros(n, np.uint8), np.zeros(1, np.int64),
        *np.zeros((2, -(-n // DISTRICT)), np.int64), np.zeros(n, np.uint16),
        np.zeros(n, np.uint16), *empty_queues(n), np.zeros(n, np.uint16), np.zeros(n, np.uint8),
        np.zeros(n, np.uint16), np.zeros(n, np.uint8), np.zeros(n, np.uint8),
    )  # fmt: skip


def first_world(
    people: np.ndarray, ties: "Ties", seed: int, held: np.void,  # noqa: F821
    own: tuple[int, int] | None = None,
):  # fmt: skip
    """The world of some people and ties on the first morning, which it changes.

    people: PERSON by columns; held: the PARAMS record of the day. own: the first citizen and the
    one after the last who are simulated here; None = everyone. The others stay 0.
    """
    from concurrent.futures import ThreadPoolExecutor

    import numba

    from underwatch.engine.night import pack_open_ties
    from underwatch.kernel.columns import pieces
    from underwatch.model.society.people import DISTRICT

    n, world = people.shape[1], empty_world(people, ties)
    begin, end = own or (0, n)
    parts = pieces(end, DISTRICT, begin)  # with fewer at once, threads wait for the interpreter
    with ThreadPoolExecutor(numba.get_num_threads()) as pool:
        world.listed[0] = sum(pool.map(lambda here: _begin(world, here, seed, held), parts))
    pack_open_ties(world, world.slots, begin, end)
    return world


def _begin(world, here: slice, seed: int, held: np.void) -> int:
    """Set what some citizens begin with. How many of them are on the watch list.

    What is 0 stays untouched, so that it takes no memory before it is needed.
    """
    from underwatch.engine.vital import first_feelings
    from underwatch.kernel.columns import field_of
    from underwatch.measurement.cohorts import ADULTS_AT_START, CHILD
    from underwatch.model.society.people import ADULT, PERSON
    from underwatch.model.society.vital import first_birthdays
    from underwatch.model.state import CREDIT, STATE

    citizens = np.arange(here.start, here.stop)
    adults = field_of(world.people, PERSON, "age")[here] >= ADULT
    convictions = field_of(world.people, PERSON, "conviction")[here]
    for name, felt in first_feelings(convictions, citizens, held).items():
        field_of(world.states, STATE, name)[here] = felt * adults
    if held["credit_on"]:
        memberships = field_of(world.people, PERSON, "memberships")[here]
        world.flags[0, here] = _first_credit(memberships, adults, citizens, held) * CREDIT
    world.birthdays[here] = first_birthdays(citizens, seed)
    world.absent[here] = np.where(adults, np.uint16(0), world.candidate_slots[here])
    world.cohorts[here] = np.where(adults, np.uint8(ADULTS_AT_START), np.uint8(CHILD))
    return _first_list(citizens[adults], seed, held) if held["enrolled"] else 0


def _first_list(adults: np.ndarray, seed: int, held: np.void) -> int:
    """How many of some adults are on the watch list before the first day: those of chance."""
    from underwatch.model.decisions.police import enrolled_at_random

    with np.errstate(over="ignore"):
        listed = enrolled_at_random.py_func(adults, np.int64(seed), held["enrolled"])
    return np.count_nonzero(listed)


def _first_credit(
    memberships: np.ndarray, adults: np.ndarray, citizens: np.ndarray, held: np.void
) -> np.ndarray:
    """Instalments left on the first morning: int64 (n). Who borrows has a loan of some age."""
    from underwatch.model.society.people import BORROWS

    place = citizens.astype(np.uint64) * np.uint64(3_266_489_917)
    place = (place & np.uint64(0xFFFFFFFF)).astype(np.int64)
    left = 1 + (place * int(held["credit_term"]) >> 32)
    return left * (adults & (memberships & BORROWS != 0))


def own_ties(ties: "Ties") -> "Ties":  # noqa: F821
    """Ties of its own for a world; what never changes is shared."""
    return ties._replace(near=ties.near.copy(), wide=ties.wide.copy(), slots=ties.slots.copy())


def copied(world):
    """A world of its own, equal to this one; unused room of the queues takes no memory."""
    from underwatch.engine.queues import used_blocks
    from underwatch.model.society.segments import ties_of

    entries, used = np.zeros_like(world.entries), used_blocks(world.lengths)
    entries[:, :used] = world.entries[:, :used]
    ties = own_ties(ties_of(world))._asdict()
    others = {name for name in world._fields if name != "entries"} - ties.keys()
    arrays = {name: getattr(world, name).copy() for name in others}
    return world._replace(entries=entries, **ties, **arrays)
