"""Where the runs of a study are simulated: processes of this machine, or a Dask cluster.

Both have the interface of `concurrent.futures`, and neither changes a bit of a result.
"""

import os
import re
import warnings
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from typing import Any, Protocol

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

        # loky warns of workers that end after a while without work, as ours do.
        warnings.filterwarnings("ignore", "A worker stopped while some jobs", UserWarning)
        _start_tracker()
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
        pass  # the workers read the board

    def close(self) -> None:
        pass  # they serve the next round of the study, or end


def _start_tracker() -> None:
    """Start the process of loky that removes the semaphores of a process that was killed.

    It would also warn of them, on the screen of a study that says itself what is kept.
    """
    from loky.backend import resource_tracker

    name = "PYTHONWARNINGS"  # read by that process when it starts
    before = os.environ.get(name)
    silent = "ignore:resource_tracker:UserWarning"
    os.environ[name] = f"{before},{silent}" if before else silent
    try:
        resource_tracker.ensure_running()
    finally:
        if before is None:
            del os.environ[name]
        else:
            os.environ[name] = before


def open_workers(scheduler: str | None, at_once: int, threads: int) -> Workers:
    """The workers of a cluster if a scheduler is named, else processes of this machine."""
    if scheduler is None:
        return LocalWorkers(at_once, threads)
    from underwatch.study.cluster import ClusterWorkers

    return ClusterWorkers(scheduler)
