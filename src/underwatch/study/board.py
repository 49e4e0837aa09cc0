"""How far each run of a study is, in a file that the processes of one machine share."""

import tempfile
from functools import lru_cache
from pathlib import Path

import numpy as np


class Board:
    """Days simulated so far by each job, which have begun, and whether the study is interrupted.

    It also shows which of the user's functions each job has called last, and not returned from.

    It has no name in a result folder and outlives nothing: the study removes it.
    """

    def __init__(self, path: Path):
        self.path = path
        self._all = np.memmap(path, np.int64, "r+")
        self._days, self._started, self._inside = self._all[1:].reshape(3, -1)

    @classmethod
    def new(cls, jobs: int) -> "Board | None":
        """A board for so many jobs; None where no temporary file can be written."""
        try:
            with tempfile.NamedTemporaryFile(prefix="underwatch-", delete=False) as file:
                file.write(bytes(8 * (3 * jobs + 1)))  # written, so that its place on disk is taken
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
        return bool(self._all[0])

    def stop(self) -> None:
        """Let each worker leave its run at the end of a stride."""
        self._all[0] = 1

    def put(self, place: int, days: int) -> None:
        """Note how many days a job has simulated."""
        self._days[place] = days

    def start(self, place: int, started: bool = True) -> None:
        """Note whether a worker has begun with a job."""
        self._started[place], self._inside[place] = started, 0

    def has_started(self, place: int) -> bool:
        """Whether a worker has begun with a job."""
        return bool(self._started[place])

    def enter(self, place: int, function: int) -> None:
        """Note the number of the function that a job calls, from 1 on; 0 when it returns."""
        self._inside[place] = function

    def inside(self, place: int) -> int:
        """The number of the function that a job is in; 0 for none."""
        return int(self._inside[place])

    def days(self) -> int:
        """Days simulated by all jobs."""
        return int(self._days.sum())

    def remove(self) -> None:
        """Remove the file."""
        self.path.unlink(missing_ok=True)
