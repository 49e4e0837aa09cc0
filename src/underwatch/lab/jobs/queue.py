"""The queue of the lab: a few processes at once, the rest in turn, each with its place.

Groups take turns, so that nobody waits for all of another's jobs; within a group the oldest job
is first. Studies of many runs give way to single runs, and never take every place. Threads watch
the processes; one lock guards everything.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator
from typing import Any

from underwatch.errors import printable
from underwatch.lab.jobs.job import FINISHED, KINDS, OUTCOME, PROGRESS, Job, id_of
from underwatch.lab.jobs.process import Worker, last_words
from underwatch.lab.jobs.store import Store, now, size_of
from underwatch.lab.json_files import read_json
from underwatch.lab.refusals import Refused
from underwatch.lab.settings import Settings
from underwatch.lab.texts import texts

Starter = Callable[[Job], Worker]


class Queue:
    """All jobs of a lab by id."""

    def __init__(self, settings: Settings, start: Starter | None = None):
        self.settings = settings
        self.store = Store(settings.folder, settings.kept)
        self._start = start or (lambda job: Worker(job.folder))
        self._jobs: dict[str, Job] = {}
        self._workers: dict[str, Worker] = {}
        self._served: dict[str, float] = {}  # group → when it last had its turn
        self._recent: deque[float] = deque()  # when new jobs were accepted
        self._lock = threading.RLock()
        self._closing = False

    def open(self) -> None:
        """Find the jobs of the folder again, and go on with those that were not finished."""
        self.store.open()
        with self._lock:
            self._jobs = {job.id: job for job in self.store.jobs()}
            self._fill()

    def close(self) -> None:
        """End every process; what they were doing waits for the next start."""
        with self._lock:
            self._closing = True
            workers = [*self._workers.values()]
        stopping = [threading.Thread(target=w.stop, args=(self.settings.grace,)) for w in workers]
        for thread in stopping:
            thread.start()
        for thread in stopping:
            thread.join()
        self.store.close()

    def __iter__(self) -> Iterator[Job]:
        """Every job, oldest first."""
        with self._lock:
            return iter(sorted(self._jobs.values(), key=lambda job: job.created))

    def get(self, name: str) -> Job:
        """The job of this id. Raises Refused (404) if there is none."""
        with self._lock:
            job = self._jobs.get(name)
            if job is None:
                raise Refused(404, texts()("refused.no_job"))
            job.used = now()
            return job

    def find(self, name: str) -> Job | None:
        """The job of this id, or None."""
        with self._lock:
            return self._jobs.get(name)

    def submit(self, kind: str, arguments: dict[str, Any], group: str, title: str) -> Job:
        """The job that computes this: one that is there already, or a new one.

        Raises Refused (429) if too many wait, or too many were started within a minute.
        """
        name = id_of(kind, arguments)
        with self._lock:
            known = self._jobs.get(name)
            if known is not None and known.state not in ("failed", "cancelled"):
                known.used = now()
                return known
            self._check_room()
            made = Job(name, kind, arguments, group, title, self.settings.folder / name, now())
            made.used = made.created
            try:
                self.store.add(made)
            except OSError as error:
                raise Refused(
                    503, texts()("refused.disk", folder=self.settings.folder, why=error.strerror)
                ) from None
            self._jobs[name] = made
            self._recent.append(made.created)
            self._fill()
            return made

    def cancel(self, name: str) -> Job:
        """End a job; its process is gone when this returns. Of a finished job nothing changes."""
        with self._lock:
            job = self.get(name)
            if job.finished:
                return job
            worker = self._workers.get(name)
            job.state, job.sentence = "cancelled", texts()("jobs.cancelled")
            self.store.write(job)
        if worker is not None:
            worker.stop(self.settings.grace)
        return job

    def place(self, job: Job) -> int | None:
        """How many jobs are served before a waiting one, and itself; None if it does not wait."""
        with self._lock:
            if job.state != "waiting":
                return None
            order = [each.id for each in self._in_turn()]
            return order.index(job.id) + 1 if job.id in order else None

    def _check_room(self) -> None:
        settings = self.settings
        waiting = sum(job.state == "waiting" for job in self._jobs.values())
        if waiting >= settings.waiting:
            raise Refused(
                429, texts()("refused.queue_full", n=settings.waiting), {"Retry-After": "30"}
            )
        while self._recent and self._recent[0] < now() - 60:
            self._recent.popleft()
        if len(self._recent) >= settings.jobs_a_minute:
            raise Refused(
                429, texts()("refused.too_fast", n=settings.jobs_a_minute), {"Retry-After": "60"}
            )

    def _in_turn(self) -> list[Job]:
        """The waiting jobs in the order in which they are served."""
        waiting = sorted(
            (job for job in self._jobs.values() if job.state == "waiting"),
            key=lambda job: job.created,
        )
        return [
            job
            for study in (False, True)
            for job in self._by_turns([j for j in waiting if KINDS[j.kind].study == study])
        ]

    def _by_turns(self, jobs: list[Job]) -> Iterator[Job]:
        """One job of each group in turn; the group first that was served longest ago."""
        by_group: dict[str, deque[Job]] = {}
        for job in jobs:
            by_group.setdefault(job.group, deque()).append(job)
        groups = sorted(by_group, key=lambda g: (self._served.get(g, 0.0), by_group[g][0].created))
        while groups:
            for group in groups:
                yield by_group[group].popleft()
            groups = [group for group in groups if by_group[group]]

    def _next(self) -> Job | None:
        """The waiting job that may start now, if there is one."""
        if self._closing or len(self._workers) >= self.settings.processes:
            return None
        studies = sum(KINDS[self._jobs[name].kind].study for name in self._workers)
        room = studies < max(1, self.settings.processes - 1)
        return next((j for j in self._in_turn() if room or not KINDS[j.kind].study), None)

    def _fill(self) -> None:
        """Start waiting jobs while there is room."""
        while (job := self._next()) is not None:
            self._served[job.group] = now()
            job.state, job.started = "running", now()
            for stale in (OUTCOME, PROGRESS):
                (job.folder / stale).unlink(missing_ok=True)
            try:
                worker = self._start(job)
            except OSError as error:
                job.state, job.sentence = "failed", texts()("jobs.no_process", why=error.strerror)
                continue
            self._workers[job.id] = worker
            self.store.write(job)
            threading.Thread(target=self._watch, args=(job, worker), daemon=True).start()

    def _watch(self, job: Job, worker: Worker) -> None:
        """Wait for a process, and note how its job ended."""
        code = worker.wait()
        worker.close()
        with self._lock:
            self._workers.pop(job.id, None)
            if not self._closing:
                self._note_end(job, code)
                self._make_room()
                self._fill()

    def _note_end(self, job: Job, code: int | None) -> None:
        outcome = read_json(job.folder / OUTCOME)
        job.seconds = round(now() - (job.started or now()), 2)
        if job.state not in FINISHED:
            if isinstance(outcome, dict) and not outcome.get("sentence"):
                job.state = "done"
            elif isinstance(outcome, dict):
                job.state, job.sentence = "failed", str(outcome["sentence"])
            else:
                why = printable(last_words(job.folder)) or f"exit code {code}"
                job.state, job.sentence = "failed", texts()("jobs.ended", why=why)
        job.size = size_of(job.folder)
        self.store.write(job)

    def _make_room(self) -> None:
        """Remove the finished jobs that were used longest ago, above the size that is kept."""
        busy = frozenset(self._workers)
        for job in self.store.evicted(self._jobs, busy):
            self.store.remove(job)
            del self._jobs[job.id]
