"""The process of one job: started in a group of its own, ended with all that it started."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

_LOG = "log.txt"


class Worker:
    """`python -m underwatch.lab.jobs.worker FOLDER`.

    Its standard input is a pipe: when this server ends, however it ends, the pipe closes, and
    the worker ends as well.
    """

    def __init__(self, folder: Path, module: str = "underwatch.lab.jobs.worker", *more: str):
        with open(folder / _LOG, "ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", module, str(folder), *more],
                stdin=subprocess.PIPE, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip

    @property
    def pid(self) -> int:
        """The number of the process, which is that of its group."""
        return self._process.pid

    def wait(self, timeout: float | None = None) -> int | None:
        """Its exit code; None if it has not ended in time."""
        try:
            return self._process.wait(timeout)
        except subprocess.TimeoutExpired:
            return None

    def stop(self, grace: float) -> None:
        """Ask it to end, and after `grace` seconds end it; it is gone when this returns."""
        self._signal(signal.SIGTERM)
        until = time.monotonic() + grace
        while time.monotonic() < until and self._process.poll() is None:
            time.sleep(0.02)
        self._signal(signal.SIGKILL)
        self._process.wait()
        self.close()

    def close(self) -> None:
        """Let go of its pipe."""
        if self._process.stdin is not None:
            try:
                self._process.stdin.close()
            except OSError:
                pass

    def _signal(self, number: int) -> None:
        try:
            os.killpg(self._process.pid, number)
        except (ProcessLookupError, PermissionError):
            pass


def last_words(folder: Path, most: int = 300) -> str:
    """The last line that a worker wrote, for the sentence of a job that failed."""
    try:
        with open(folder / _LOG, "rb") as log:
            log.seek(max(0, os.fstat(log.fileno()).st_size - 4_000))
            lines = log.read().decode("utf-8", "replace").strip().splitlines()
    except OSError:
        return ""
    return lines[-1][:most] if lines else ""
