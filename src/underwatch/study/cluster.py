"""The workers of a Dask cluster. The only module that may import a client of a network.

A Dask scheduler and its workers execute whatever code is sent to them: they belong on a network
that is trusted.
"""

import logging
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Future
from contextlib import contextmanager
from typing import Any

from underwatch.errors import UserError, shortened

ANSWER = 15  # seconds within which a scheduler answers
_LOG = logging.getLogger("distributed.client")


class ClusterWorkers:
    """The workers of a Dask cluster: one run at a time in each of its worker processes."""

    local = False
    tries = 1  # the scheduler itself tries again on other workers

    def __init__(self, address: str):
        if not address.strip():  # distributed would start a cluster of its own
            raise UserError("scheduler is empty; write an address such as tcp://10.0.0.1:8786.")
        try:
            from distributed import Client
        except ImportError:
            raise UserError(
                "scheduler: a Dask cluster needs the package distributed; install "
                "underwatch[cluster]."
            ) from None
        self.address = address
        try:
            self._client = Client(address, timeout=ANSWER, set_as_default=False)
        except (OSError, ValueError, TimeoutError) as error:
            why = shortened(str(error) or type(error).__name__).rstrip(".")
            raise UserError(
                f"scheduler: no Dask scheduler answers at {shortened(address)} ({why})."
            ) from None
        if not self._client.nthreads():
            self._client.close()
            raise UserError(f"scheduler: {address} has no workers; start some first.")
        self._pool = self._client.get_executor(pure=False)
        self._level = _LOG.level
        _LOG.setLevel(logging.CRITICAL)  # it logs tracebacks when a scheduler goes; we say so

    @property
    def at_once(self) -> int:
        """The number of worker processes, which may change."""
        with self._gone():
            return max(1, len(self._client.nthreads()))

    def submit(self, function: Callable[..., Any], *args: Any) -> Future[Any]:
        with self._gone():
            return self._pool.submit(function, *args)

    def lost(self, error: BaseException) -> str | None:
        from distributed.scheduler import KilledWorker

        if isinstance(error, KilledWorker):
            return "on every worker that the scheduler tried"
        if isinstance(error, CancelledError | OSError):
            with self._gone():
                raise ConnectionError from error
        return None

    @contextmanager
    def _gone(self) -> Iterator[None]:
        """A sentence where the scheduler cannot be reached any more."""
        try:
            yield
        except (OSError, RuntimeError):  # of a connection, or of a client that was closed
            raise UserError(
                f"The Dask scheduler at {self.address} is gone. Finished runs are kept where the "
                "study keeps partial results; it resumes here, or with another scheduler."
            ) from None

    def restart(self) -> None:
        pass  # the scheduler goes on with the other workers

    def stop(self) -> None:
        self._pool.shutdown(wait=False)

    def close(self) -> None:
        self._client.close()
        _LOG.setLevel(self._level)


def workers_at(address: str) -> int:
    """How many workers a scheduler has. Raises UserError if it does not answer, or has none."""
    found = ClusterWorkers(address)
    try:
        return found.at_once
    finally:
        found.close()


def threads_of_worker() -> int:
    """The threads of the Dask worker in which this runs; 1 outside of one."""
    from distributed import get_worker

    try:
        return int(get_worker().state.nthreads)
    except (ValueError, AttributeError):
        return 1
