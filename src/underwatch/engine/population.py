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
    from underwatch.engine.first_morning import begin_lives
    from underwatch.engine.night import pack_open_ties

    n, world = people.shape[1], empty_world(people, ties)
    begin, end = own or (0, n)
    begin_lives(world, seed, held, begin, end)
    pack_open_ties(world, world.slots, begin, end)
    return world


def own_ties(ties: "Ties") -> "Ties":  # noqa: F821
    """Ties of its own for a world; what never changes is shared."""
    return ties._replace(near=ties.near.copy(), wide=ties.wide.copy(), slots=ties.slots.copy())


def copied(world):
    """A world of its own, equal to this one; unused room of the queues takes no memory."""
    from underwatch.engine.queues import empty_queues, used_blocks
    from underwatch.model.society.segments import ties_of

    (entries, _), used = empty_queues(world.people.shape[1]), used_blocks(world.lengths)
    entries[:, :used] = world.entries[:, :used]
    ties = own_ties(ties_of(world))._asdict()
    others = {name for name in world._fields if name != "entries"} - ties.keys()
    arrays = {name: getattr(world, name).copy() for name in others}
    return world._replace(entries=entries, **ties, **arrays)
