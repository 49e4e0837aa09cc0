"""The folder of the lab is its list of jobs: a server that was killed finds them again."""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from underwatch.errors import UserError
from underwatch.lab.jobs.job import FINISHED, JOB, KINDS, Job
from underwatch.lab.json_files import read_json, write_json

ID = re.compile(r"[0-9a-f]{16}")
EXPERIMENTS = "experiments.json"
MOST_EXPERIMENTS = 1_000


class Store:
    """Jobs on disk. One server at a time holds the folder."""

    def __init__(self, folder: Path, most: int):
        self.folder, self.most = folder, most
        self._lock = -1

    def open(self) -> None:
        """Make the folder and hold it.

        Raises UserError if it cannot be written, or if another lab holds it.
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._lock = os.open(self.folder / ".lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC)
        except OSError as error:
            raise UserError(
                f"{self.folder} cannot be written ({error.strerror}); name another folder: --runs."
            ) from None
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self.close()
            raise UserError(
                f"{self.folder} is in use by another lab; end that one, or name another folder: "
                "--runs."
            ) from None
        except OSError:  # a file system without locks
            pass

    def check(self) -> None:
        """Raise UserError if the folder cannot be held, before anything is served."""
        self.open()
        self.close()

    def close(self) -> None:
        """Let go of the folder."""
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1

    def jobs(self) -> Iterator[Job]:
        """Every job that the folder holds, oldest first; what is damaged is left alone."""
        found = []
        for place in self.folder.iterdir():
            if ID.fullmatch(place.name) and place.is_dir() and not place.is_symlink():
                data = read_json(place / JOB)
                if isinstance(data, dict) and data.get("kind") in KINDS:
                    try:
                        found.append(_job(place, data))
                    except (TypeError, ValueError, KeyError):
                        continue
        yield from sorted(found, key=lambda job: job.created)

    def add(self, job: Job) -> None:
        """Write a new job; what an earlier job of this name left is removed first."""
        shutil.rmtree(job.folder, ignore_errors=True)
        job.folder.mkdir(parents=True)
        self.write(job)

    def write(self, job: Job) -> None:
        """Write what is known of a job."""
        if job.folder.exists():
            write_json(job.folder / JOB, job.as_data())

    def remove(self, job: Job) -> None:
        """Remove a job with all its files."""
        shutil.rmtree(job.folder, ignore_errors=True)

    def evicted(self, jobs: dict[str, Job], keep: frozenset[str] = frozenset()) -> list[Job]:
        """The finished jobs to remove so that all fit: those used longest ago."""
        total = sum(job.size for job in jobs.values())
        found = []
        for job in sorted(jobs.values(), key=lambda job: max(job.used, job.created)):
            if total <= self.most:
                break
            if job.finished and job.id not in keep:
                found.append(job)
                total -= job.size
        return found

    def experiments(self) -> dict[str, dict[str, Any]]:
        """Id → state of the experiments so far."""
        found = read_json(self.folder / EXPERIMENTS)
        return found if isinstance(found, dict) else {}

    def write_experiments(self, experiments: dict[str, dict[str, Any]]) -> None:
        """Keep the newest experiments."""
        newest = dict(list(experiments.items())[-MOST_EXPERIMENTS:])
        write_json(self.folder / EXPERIMENTS, newest)


def size_of(folder: Path) -> int:
    """Bytes of all files in a folder."""
    total = 0
    for place, _, names in os.walk(folder):
        for name in names:
            try:
                total += os.lstat(os.path.join(place, name)).st_size
            except OSError:
                continue
    return total


def _job(place: Path, data: dict[str, Any]) -> Job:
    job = Job(
        id=place.name, kind=str(data["kind"]), arguments=dict(data["arguments"]),
        group=str(data["group"]), title=str(data["title"]), folder=place,
        created=float(data["created"]), state=data["state"], sentence=str(data["sentence"]),
        started=data["started"], seconds=float(data["seconds"]), size=int(data["size"]),
        used=float(data["used"]), notes=dict(data.get("notes") or {}),
    )  # fmt: skip
    if job.state not in FINISHED:  # the server ended while it waited or was computed
        job.state, job.started = "waiting", None
    return job


def now() -> float:
    """Seconds since 1970, for the order of jobs."""
    return time.time()
