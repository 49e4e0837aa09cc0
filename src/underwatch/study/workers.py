"""Where the runs of a study are simulated: processes of this machine, or a Dask cluster.

Both have the interface of `concurrent.futures`, and neither changes a bit of a result.
"""

import os
import re
from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from concurrent.futures.process import BrokenProcessPool
from typing import Any, Protocol

from underwatch.errors import UserError, shortened
from underwatch.study.worker import prepare

IDLE = 10  # seconds after which a worker process without work ends


class Workers(Protocol):
    """Runs functions elsewhere.

    at_once: how many run at a time. local: whether they share this machine's files. tries: how
    often a job whose worker dies is started in all, by us.
    """

    at_once: int
    local: bool
    tries: int

    def submit(self, function: Callable[..., Any], *args: Any) -> Future[Any]:
        """Start a function with its arguments; both are pickled in memory only."""

    def lost(self, error: BaseException) -> str | None:
        """How the worker of a job ended, if that is why the job failed; else None."""

    def restart(self) -> None:
        """Have workers again after one has died."""

    def stop(self) -> None:
        """End the work that is running."""

    def close(self) -> None:
        """Let go of the workers; those of this machine end after a while without work."""


class LocalWorkers:
    """Processes of this machine (loky); they end when this process ends, however it ends."""

    local = True
    tries = 2

    def __init__(self, at_once: int, threads: int):
        self.at_once, self.threads = at_once, threads
        self._start()

    def _start(self) -> None:
        from loky import get_reusable_executor

        # Workers are started anew, without the main script: nothing is inherited but the pipes.
        self._pool = get_reusable_executor(
            self.at_once, timeout=IDLE, initializer=prepare, initargs=(os.getpid(), self.threads)
        )

    def submit(self, function: Callable[..., Any], *args: Any) -> Future[Any]:
        return self._pool.submit(function, *args)

    def lost(self, error: BaseException) -> str | None:
        if not isinstance(error, BrokenProcessPool):
            return None
        signals = re.findall(r"\b(SIG[A-Z]+|EXIT)\(-?(\d+)\)", str(error))
        how = sorted({name if name != "EXIT" else f"exit code {code}" for name, code in signals})
        return ", ".join(how)

    def restart(self) -> None:
        self._pool.shutdown(wait=True, kill_workers=True)
        self._start()

    def stop(self) -> None:
        pass  # the board tells the workers

    def close(self) -> None:
        pass  # they serve the next round of the study, or end


class ClusterWorkers:
    """The workers of a Dask cluster: one run at a time in each of its worker processes."""

    local = False
    tries = 1  # the scheduler itself tries again on other workers

    def __init__(self, address: str):
        try:
            from distributed import Client
        except ImportError:
            raise UserError(
                "scheduler: a Dask cluster needs the package distributed; install "
                "underwatch[cluster]."
            ) from None
        self.address = address
        try:
            self._client = Client(address, timeout=15, set_as_default=False)
        except (OSError, ValueError, TimeoutError) as error:
            why = shortened(str(error) or type(error).__name__).rstrip(".")
            raise UserError(
                f"scheduler: no Dask scheduler answers at {shortened(address)} ({why})."
            ) from None
        if not self._client.nthreads():
            self._client.close()
            raise UserError(f"scheduler: {address} has no workers; start some first.")
        self._pool = self._client.get_executor(pure=False)

    @property
    def at_once(self) -> int:
        """The number of worker processes, which may change."""
        return max(1, len(self._client.nthreads()))

    def submit(self, function: Callable[..., Any], *args: Any) -> Future[Any]:
        return self._pool.submit(function, *args)

    def lost(self, error: BaseException) -> str | None:
        from distributed.scheduler import KilledWorker

        if isinstance(error, KilledWorker):
            return "on every worker that the scheduler tried"
        if isinstance(error, CancelledError | OSError):
            raise UserError(
                f"The Dask scheduler at {self.address} is gone. Finished runs are kept."
            ) from None
        return None

    def restart(self) -> None:
        pass  # the scheduler goes on with the other workers

    def stop(self) -> None:
        self._pool.shutdown(wait=False)

    def close(self) -> None:
        self._client.close()


def open_workers(scheduler: str | None, at_once: int, threads: int) -> Workers:
    """The workers of a cluster if a scheduler is named, else processes of this machine."""
    return ClusterWorkers(scheduler) if scheduler else LocalWorkers(at_once, threads)
