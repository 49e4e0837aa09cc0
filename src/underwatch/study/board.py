"""How far each run of a study is, in a file that the processes of one machine share."""

import tempfile
from functools import lru_cache
from pathlib import Path

import numpy as np


class Board:
    """Days simulated so far by each job, and whether the study was interrupted.

    It has no name in a result folder and outlives nothing: the study removes it.
    """

    def __init__(self, path: Path):
        self.path = path
        self._days = np.memmap(path, np.int64, "r+")

    @classmethod
    def new(cls, jobs: int) -> "Board | None":
        """A board for so many jobs; None where no temporary file can be written."""
        try:
            with tempfile.NamedTemporaryFile(prefix="underwatch-", delete=False) as file:
                file.write(bytes(8 * (jobs + 1)))  # written, so that its place on disk is taken
        except OSError:
            return None
        return cls(Path(file.name))

    @staticmethod
    @lru_cache(maxsize=1)
    def at(path: Path) -> "Board":
        """The board of a path, in a worker."""
        return Board(path)

    @property
    def stopped(self) -> bool:
        """Whether the study was interrupted."""
        return bool(self._days[0])

    def stop(self) -> None:
        """Let each worker leave its run at the end of a stride."""
        self._days[0] = 1

    def put(self, place: int, days: int) -> None:
        """Note how many days a job has simulated."""
        self._days[1 + place] = days

    def days(self) -> int:
        """Days simulated by all jobs."""
        return int(self._days[1:].sum())

    def remove(self) -> None:
        """Remove the file."""
        self.path.unlink(missing_ok=True)
