"""How many runs of a study fit in memory and on the cores of this machine at once."""

from collections.abc import Sequence
from typing import Protocol

from underwatch.engine.resources import bytes_for, check_memory, free_bytes


class Sized(Protocol):
    """A job whose simulations take memory: so many `worlds` of so many `citizens` at once."""

    @property
    def citizens(self) -> int: ...
    @property
    def worlds(self) -> int: ...


def cores() -> int:
    """The cores that this process may use; affinity and the limits of a container count."""
    from loky import cpu_count

    return int(cpu_count())


def at_once(jobs: int, need: int, wanted: int | None = None) -> int:
    """How many of some jobs run at once, if each takes `need` bytes; one at least.

    wanted: the number of processes, by default one for each core; fewer if memory is short.
    """
    return max(1, min(wanted or cores(), jobs, free_bytes() // need))


def fitting(jobs: Sequence[Sized], wanted: int | None = None) -> tuple[int, int]:
    """(processes that run at once, threads for each).

    wanted: as in `at_once`.

    Raises UserError if the largest job alone does not fit.
    """
    largest = max(jobs, key=lambda job: bytes_for(job.citizens, job.worlds, True))
    need = bytes_for(largest.citizens, largest.worlds, True)
    if need > free_bytes():
        check_memory(largest.citizens, largest.worlds, True)
    processes = at_once(len(jobs), need, wanted)
    return processes, max(1, cores() // processes)
