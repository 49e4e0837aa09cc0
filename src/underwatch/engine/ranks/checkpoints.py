"""Checkpoints of a simulation on several ranks: those of one process, which rank 0 reads and writes.

So a run may be resumed on another number of ranks, or on none.
"""

from typing import Any

from underwatch.engine.checkpoint import Checkpoints
from underwatch.engine.ranks.gathering import gather, scatter
from underwatch.engine.ranks.messages import Messages


class SharedCheckpoints:
    """What each rank calls at the same moments, in the place of `Checkpoints`.

    Args:
        kept: the checkpoints of the run on rank 0; elsewhere None.
        messages: between the ranks.
    """

    def __init__(self, kept: Checkpoints | None, messages: Messages):
        self.kept, self.messages = kept, messages

    def due(self) -> bool:
        """Whether it is time for another; rank 0 knows."""
        return bool(self.messages.from_first(self.kept is not None and self.kept.due()))

    def try_to_save(self, simulation: Any) -> None:
        """Gather the simulation on rank 0, which writes it if that is possible."""
        gather(simulation)
        if self.kept is not None:
            self.kept.try_to_save(simulation)

    def resume(self, simulation: Any) -> None:
        """Let rank 0 read the newest whole checkpoint, and give every rank its part."""
        found = self.kept is not None and self.kept.resume(simulation)
        if self.messages.from_first(found):
            scatter(simulation, self.messages.from_first(simulation.day))
