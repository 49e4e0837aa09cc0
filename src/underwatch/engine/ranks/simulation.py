"""The part of a simulation that one rank holds: the same days, with messages between them.

Every rank runs the same strides of days. Counts of a rank are those of its own citizens until
`gather` brings everything to rank 0, whose simulation is then that of a run in one process.
"""

from functools import partial
from signal import SIGINT
from typing import Any

import numpy as np

from underwatch.engine.assortativity import Moments
from underwatch.engine.ranks.births import OtherRanks
from underwatch.engine.ranks.checkpoints import SharedCheckpoints
from underwatch.engine.ranks.gathering import gather
from underwatch.engine.ranks.halo import Halo
from underwatch.engine.ranks.lookalikes import Lookalikes
from underwatch.engine.ranks.messages import DAILY, MONTHLY, Messages
from underwatch.engine.ranks.pages import clear
from underwatch.engine.ranks.partition import Partition
from underwatch.engine.simulation import Progress, Simulation
from underwatch.model.society.segments import by_slot
from underwatch.model.streams import MONTH


class RankSimulation(Simulation):
    """One rank's part of a simulation; see `Simulation` for the other arguments.

    Args:
        part: who simulates whom.
        messages: between the ranks.
    """

    def __init__(self, part: Partition, messages: Messages, *args: Any, **options: Any):
        self.part, self.messages = part, messages
        self.interrupted = self.ended = False
        self.moments = Moments(0, 0, 0, 0)
        super().__init__(*args, **options)
        self.world.listed[:] = messages.total(self.world.listed)
        self.halo = Halo(part, partial(by_slot, self.world), messages)
        self.lookalikes = Lookalikes(part, messages)
        self.lookalikes.exchange_groups(self.world.people, self._rotation(0, 0))

    @property
    def own(self) -> tuple[int, int]:
        """The first citizen whom this rank simulates, and the one after the last."""
        return self.part.of(self.messages.rank)

    def run(self, until: int | None = None, checkpoints: Any = None) -> None:
        """Simulate up to a day, or to the last; then rank 0 holds the whole simulation."""
        kept = self.messages.from_first(checkpoints is not None)
        try:
            super().run(until, SharedCheckpoints(checkpoints, self.messages) if kept else None)
            if self.ended:
                raise KeyboardInterrupt
        except KeyboardInterrupt:
            self.messages.busy = not self.ended  # unless all have ended their days together
            raise
        whole = gather(self, checkpoints.folder if checkpoints else None)
        self.world = self.world if whole is None else whole
        self.traffic = self._traffic()
        self.messages.busy = False

    def _traffic(self) -> dict[str, Any]:
        """How many processes there are, and the bytes that they sent to each other."""
        moved, days = self.messages.moved_by_all(), max(1, self.days_here)
        each = {kind: moved[kind] // days for kind in (*DAILY, *MONTHLY)}
        return {
            "processes": self.messages.size,
            "bytes_a_day": sum(each.values()),
            "bytes_a_day_by_kind": each,
            "bytes_in_all": sum(moved.values()),
            "bytes_of_building": moved["building"],
        }

    def score_moments(self) -> Moments:
        """Those of the whole nation, on rank 0 since everything was gathered there."""
        return self.moments

    def _agreed(self, signals: list[int]) -> bool:
        """Whether the run ends early on all ranks; a signal to any of them is one to this."""
        here = signals[0] if signals else SIGINT if self.interrupted else 0
        found = int(self.messages.everyones(here).max())
        if found and not signals and not self.interrupted:
            signals.append(found)
        self.ended = found > 0
        return self.ended

    def _next_stage(self) -> str:
        """What the first stride does, which a rank simulates before all agree if any compiles."""
        own = super()._next_stage()
        return "compiling" if self.messages.any(own != "days") and own == "days" else own

    def _report(self, checkpoints: Any) -> None:
        """Report a stride; if the listener ends the run, it ends when all ranks know."""
        try:
            self.progress(Progress("days", self.day, self.days))
        except KeyboardInterrupt:
            self.interrupted = True

    def _rotation(self, day: int, kind: int) -> int:
        from underwatch.engine.world import fill_rotations

        found = np.zeros(1, np.int64)
        fill_rotations(found, day, self.population.seed, kind, self.population.citizens)
        return int(found[0])

    def _run_days(
        self, world, first, days, seed, epochs, params, chunk, tallies, opinions, capacity, panel,
        begin, end,
    ) -> None:  # fmt: skip
        """Each day with the messages before it, and the review after the last day of a month."""
        for t in range(days):
            day, here = first + t, slice(t, t + 1)
            self._exchange(day)
            self._simulate_days(
                world, day, 1, seed, epochs, params, chunk, tallies[here], opinions[here],
                capacity[here], panel._replace(ledger=panel.ledger[here]), begin, end,
            )  # fmt: skip
            world.listed[:] = self.messages.total(world.listed, "watch list")
            if day % MONTH == MONTH - 1:
                self._review(day)

    def _exchange(self, day: int) -> None:
        """What the citizens of this rank read today of those of others."""
        world, last = self.world, day & 1
        names = self._rotation(day - 1, 1)
        self.halo.exchange("signals", world.signals[last])
        self.lookalikes.exchange_flags(world.flags[last], self._rotation(day - 1, 0), names)
        held = self.params[self.epochs[day]]
        self.lookalikes.exchange_files(world.states, world.people, day, names, held)

    def _review(self, day: int) -> None:
        """Everybody reviews their ties, of which both ends choose."""
        from underwatch.engine.ranks.review import review, turn_over

        world = self.world
        choices = world.signals[day & 1]  # of yesterday, which nobody reads again
        self.halo.exchange("reviews of ties", world.signals[1 - (day & 1)])
        self.halo.exchange("reviews of ties", world.absent)
        begin, end = self.own
        seed, epoch = self.population.seed, self.epochs[day]
        review(world, begin, end, day, seed, self.params, epoch, choices)
        self.halo.exchange("reviews of ties", choices)
        turn_over(world, begin, end, choices)
        self._forget(world.absent)

    def _forget(self, *rows: np.ndarray) -> None:
        """Give back the memory that rows hold of others' citizens."""
        begin, end = self.own
        for row in rows:
            clear(row, 0, begin)
            clear(row, end, self.population.citizens)

    def _births_and_deaths(self, held: np.void) -> Any:
        from underwatch.engine.vital import pass_month

        others = OtherRanks(self.part, self.halo)
        world = self.world
        passed = pass_month(world, self.day, self.population.seed, held, self.own, others)
        self._forget(world.people[0], world.absent, world.slots)
        self.lookalikes.exchange_groups(world.people, self._rotation(0, 0))
        return passed
