"""Messages between ranks: point to point, sums over all, and how many bytes were moved.

While a rank waits for a message, it yields the processor, which ranks may share. Rank 0 meanwhile
listens for another that has failed or got a signal.
"""

import signal
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np

from underwatch.errors import UserError

# What is exchanged every day, every month, and once in a run.
DAILY = ("signals", "misidentifications", "files", "watch list")
MONTHLY = ("reviews of ties", "births and deaths")
ONCE = ("building", "gathering", "jobs")
_DATA, _URGENT = 1, 2  # tags of messages
_SPINS = 200  # attempts before a rank that waits begins to sleep
_NAP = 5e-5  # seconds


class RankEnded(UserError):
    """Another rank cannot go on, so that none can."""


class Messages:
    """What one rank sends to and receives from the others.

    Args:
        comm: a communicator of mpi4py.

    Attributes:
        rank, size: the number of this rank, and how many there are.
        on_this_machine: how many of them are on the machine of this one.
        first_here: whether this rank is the first of these.
        moved: bytes that this rank sent to others so far, by kind: those above.
        busy: whether a run is under way. ended: whether rank 0 has let the others go.
        signals: those that came to another rank than the first, which rank 0 does not know yet.
    """

    def __init__(self, comm: Any):
        from mpi4py import MPI

        self.comm, self.rank, self.size = comm, comm.rank, comm.size
        here = comm.Split_type(MPI.COMM_TYPE_SHARED)
        self.on_this_machine, self.first_here = here.size, here.rank == 0
        here.Free()
        self.moved: Counter[str] = Counter()
        self.busy = self.ended = False
        self.signals: list[int] = []

    def swap(
        self, kind: str, outgoing: Mapping[int, np.ndarray], sources: Iterable[int], dtype: Any
    ) -> dict[int, np.ndarray]:
        """Send an array to each of some ranks, and receive one from each of some: rank -> array.

        kind: under which the bytes are counted. dtype: of what is received, in one dimension.
        """
        sent = []
        for rank, array in outgoing.items():
            self.moved[kind] += array.nbytes
            sent.append(self.comm.Isend(_bytes(array), rank, _DATA))
        received = {rank: self._receive(rank, dtype) for rank in sources}
        self._wait(lambda: all(request.Test() for request in sent))
        return received

    def _receive(self, rank: int, dtype: Any) -> np.ndarray:
        """The next array of a rank."""
        from mpi4py import MPI

        status, found = MPI.Status(), []

        def arrived() -> bool:
            message = self.comm.Improbe(rank, _DATA, status)
            found.extend([] if message is None else [message])
            return bool(found)

        self._wait(arrived)
        made = np.empty(status.Get_count(MPI.BYTE), np.uint8)
        request = found[0].Irecv(made)
        self._wait(request.Test)
        return made.view(dtype)

    def total(self, values: np.ndarray, kind: str = "gathering") -> np.ndarray:
        """The sum over all ranks of an int64 array."""
        made = np.empty_like(values)
        self.moved[kind] += values.nbytes
        self._wait(self.comm.Iallreduce(values, made).Test)
        return made

    def any(self, here: bool) -> bool:
        """Whether something holds on any rank."""
        return bool(self.total(np.array([here], np.int64))[0])

    def everyones(self, value: int) -> np.ndarray:
        """The whole numbers of all ranks, on all ranks: int64 (ranks)."""
        made = np.zeros(self.size, np.int64)
        made[self.rank] = value
        return self.total(made)

    def from_first(self, value: int = 0) -> int:
        """A whole number of rank 0, on all ranks."""
        made = np.array([value if self.rank == 0 else 0], np.int64)
        return int(self.total(made)[0])

    def share(self, given: Any = None) -> Any:
        """A Python object of rank 0, on all ranks."""
        import cloudpickle

        made = np.frombuffer(cloudpickle.dumps(given) if self.rank == 0 else b"", np.uint8)
        others = range(1, self.size)
        if self.rank == 0:
            self.swap("jobs", dict.fromkeys(others, made), (), np.uint8)
            return given
        return cloudpickle.loads(self.swap("jobs", {}, (0,), np.uint8)[0].tobytes())

    def collect(self, kind: str, given: np.ndarray) -> list[np.ndarray]:
        """The arrays of all ranks in one dimension, on rank 0, in order; elsewhere none."""
        flat = np.ascontiguousarray(given).reshape(-1)
        if self.rank:
            self.swap(kind, {0: flat}, (), flat.dtype)
            return []
        others = self.swap(kind, {}, range(1, self.size), flat.dtype)
        return [flat, *(others[rank] for rank in range(1, self.size))]

    def moved_by_all(self) -> dict[str, int]:
        """The bytes that all ranks sent so far, by kind."""
        kinds = (*DAILY, *MONTHLY, *ONCE)
        found = self.total(np.array([self.moved[kind] for kind in kinds]))
        return dict(zip(kinds, found.tolist(), strict=True))

    def report_to_first(self, news: str | int) -> None:
        """Let rank 0 know why this rank cannot go on, or which signal it got."""
        self.comm.send(news, 0, _URGENT)

    def _wait(self, done: Callable[[], bool]) -> None:
        spins = 0
        while not done():
            if self.rank == 0:
                self._listen()
            elif self.busy and self.signals:
                self.report_to_first(self.signals.pop(0))
            spins += 1
            time.sleep(_NAP if spins > _SPINS else 0)

    def _listen(self) -> None:
        """Hear what another rank reports to rank 0; a signal to any rank is one to this."""
        if self.ended or not self.comm.Iprobe(tag=_URGENT):
            return
        news = self.comm.recv(tag=_URGENT)
        if isinstance(news, str):
            raise RankEnded(news)
        signal.raise_signal(signal.Signals(news))


def _bytes(array: np.ndarray) -> np.ndarray:
    return np.ascontiguousarray(array).reshape(-1).view(np.uint8)
