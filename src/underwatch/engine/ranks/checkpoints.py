"""Checkpoints of a simulation on several ranks: those of one process, on rank 0.

So a run may be resumed on another number of ranks, or on none.
"""

from typing import Any

from underwatch.engine.checkpoint import Checkpoints
from underwatch.engine.ranks.gathering import gather, scatter, whole_world
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
        try:
            whole = gather(simulation, self.kept.folder if self.kept else None)
        except OSError as error:
            if self.kept is not None:
                self.kept.note_failure(simulation, error)
            return
        if self.kept is not None:
            own, simulation.world = simulation.world, whole
            try:
                self.kept.try_to_save(simulation)
            finally:
                simulation.world = own

    def resume(self, simulation: Any) -> None:
        """Let rank 0 read the newest whole checkpoint, and give every rank its part."""
        whole = self._read(simulation) if self.kept is not None else None
        if self.messages.from_first(whole is not None):
            simulation.day = self.messages.from_first(simulation.day)
            scatter(simulation, whole)

    def _read(self, simulation: Any) -> Any:
        """The world of everyone from the newest whole checkpoint; None if there is none."""
        if not self.kept.kept():
            return None
        own, here = simulation.world, slice(*simulation.own)
        whole = whole_world(simulation, self.kept.folder)
        whole.slots[here] = own.slots[here]  # by which the ties of rank 0 are packed
        simulation.world = whole
        try:
            found = self.kept.resume(simulation)
        finally:
            simulation.world = own
        return whole if found else None
