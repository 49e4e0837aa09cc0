"""How far a job is, noted by its process for the pages."""

from __future__ import annotations

import time
from pathlib import Path

from underwatch.lab.jobs.job import PROGRESS
from underwatch.lab.json_files import write_json

_PAUSE = 0.15  # seconds between two notes


class Progress:
    """Notes how far a job is, a few times a second. `stage` is a word that `texts` explains."""

    def __init__(self, folder: Path):
        self._file, self._begin, self._noted = folder / PROGRESS, time.monotonic(), 0.0
        self._stage = ""

    def __call__(self, stage: str, done: int = 0, total: int = 0) -> None:
        seconds = time.monotonic() - self._begin
        if stage == self._stage and done < total and seconds - self._noted < _PAUSE:
            return
        self._stage, self._noted = stage, seconds
        write_json(
            self._file,
            {"stage": stage, "day": done, "days": total, "seconds": round(seconds, 2)},
        )
