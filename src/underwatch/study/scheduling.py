"""Many jobs on the workers of a study: in a window, each tried again if its worker dies.

A job is a function of a module and its arguments. A study keeps its finished jobs in a ledger and
simulates none of them twice.
"""

import sys
from collections import Counter, deque
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, wait
from dataclasses import dataclass
from typing import Any

from underwatch.engine.interrupts import signals_wait
from underwatch.errors import UserError
from underwatch.kernel.identity import code_digest
from underwatch.study.board import Board
from underwatch.study.memory import fitting
from underwatch.study.worker import Failure, failure_of, work
from underwatch.study.workers import Workers, open_workers

SMALL = 8_000_000  # citizen-days of a study that takes less time than starting worker processes
_POLL = 0.25  # seconds between two reports of progress
_HOPELESS = 3  # jobs whose workers die one after another before any job is done


@dataclass(frozen=True)
class Job:
    """A function and its arguments, to which a function that takes the days done is added.

    days: that it simulates. citizens, worlds: of the simulations that it holds at once. own: the
    names of the user's functions that it calls. divisible: whether it is a Failure at once when
    its worker dies, because whoever has made it runs its parts. tried: how often a worker has
    died with it before.
    """

    key: str
    function: Callable[..., Any]
    args: tuple[Any, ...]
    days: int
    citizens: int
    worlds: int = 1
    own: tuple[str, ...] = ()
    divisible: bool = False
    tried: int = 0

    @property
    def size(self) -> int:
        """Its citizen-days."""
        return self.days * self.citizens


Deliver = Callable[[Job, Any], None]  # gets the result of a job, or a Failure
Report = Callable[[int], None]  # gets the days simulated so far


def run_jobs(
    jobs: Sequence[Job],
    deliver: Deliver,
    report: Report = lambda _: None,
    *,
    workers: int | None = None,
    scheduler: str | None = None,
    prepare: Callable[[], None] | None = None,
) -> None:
    """Run every job and deliver each result as it comes; the order of starting is that of `jobs`.

    workers: the number of processes, by default as many as this machine has cores and memory for.
    A few small jobs then run in this process, unless they call functions of the user's, which may
    end it. scheduler: the address of a Dask scheduler, whose
    workers run all jobs. prepare: is called before workers of this machine start.

    Raises KeyboardInterrupt after Ctrl-C, when all that is finished has been delivered; UserError
    if no job can be run at all.
    """
    if not jobs:
        return
    if scheduler is None:
        at_once, threads = fitting(jobs, workers)
        if prepare is not None:
            prepare()
        is_small = sum(job.size for job in jobs) <= SMALL
        if workers is None and is_small and not any(job.own for job in jobs):
            _run_here(jobs, deliver, report)
            return
    else:
        at_once = threads = 1
    opened = open_workers(scheduler, at_once, threads)
    try:
        _Run(opened, jobs, deliver, report).all()
    finally:
        opened.close()


def _run_here(jobs: Sequence[Job], deliver: Deliver, report: Report) -> None:
    """Run jobs one after another in this process; the results are the same to the bit."""
    from underwatch.engine.resources import use_threads

    done = 0
    for job in jobs:
        use_threads(None, job.citizens)
        try:
            found = job.function(*job.args, lambda days, done=done: report(done + days))
        except (Exception, SystemExit) as error:
            found = failure_of(error)
        done += job.days
        deliver(job, found)
        report(done)


class _Run:
    """The jobs of one call on their workers."""

    def __init__(self, workers: Workers, jobs: Sequence[Job], deliver: Deliver, report: Report):
        self.workers, self.deliver, self.report = workers, deliver, report
        self.place = {job.key: k for k, job in enumerate(jobs)}
        self.waiting = deque(job for job in jobs if not job.tried)
        self.suspects = deque(job for job in jobs if job.tried)
        self.running: dict[Future[Any], Job] = {}
        self.tries: Counter[str] = Counter()
        self.finished = self.days = self.dead_in_a_row = self.barren = 0
        self.board = Board.new(len(jobs)) if workers.local else None

    def all(self) -> None:
        """Run all jobs."""
        try:
            with signals_wait() as interrupts:
                stopped = False
                while self.running or not stopped and (self.waiting or self.suspects):
                    if not stopped:
                        self._fill()
                    self._collect(wait(self.running, _POLL, FIRST_COMPLETED).done)
                    self.report(self.days if self.board is None else self.board.days())
                    if interrupts and not stopped:
                        stopped = True
                        self._stop()
            if interrupts:
                raise KeyboardInterrupt
        except BaseException:
            self._stop()
            raise
        finally:
            if self.board is not None:
                self.board.remove()

    def _stop(self) -> None:
        """Have each worker leave its job at the end of a stride."""
        if self.board is not None:
            self.board.stop()
        self.workers.stop()
        for future in self.running:
            future.cancel()

    def _fill(self) -> None:
        """Start jobs, with one more in line than run at once.

        Jobs whose worker died run alone: so the one that ends its worker is known.
        """
        source, most = (self.suspects, 1) if self.suspects else (
            self.waiting, self.workers.at_once + 1
        )  # fmt: skip
        while source and len(self.running) < most:
            job = source.popleft()
            board = None
            if self.board is not None:
                board = str(self.board.path)
                self.board.start(self.place[job.key], False)
            try:
                future = self.workers.submit(
                    work, job.function, job.args, code_digest(), board, self.place[job.key], job.own
                )
            except Exception as error:
                if self.workers.lost(error) is None:
                    raise
                source.appendleft(job)
                self.workers.restart()
                return
            self.running[future] = job

    def _collect(self, done: set[Future[Any]]) -> None:
        """Deliver what is finished; have workers again if some have died."""
        lost: list[tuple[Job, str]] = []
        for future in done:
            job = self.running.pop(future)
            try:
                found = future.result()
            except (Exception, CancelledError) as error:
                how = self.workers.lost(error)
                if how is None and isinstance(error, CancelledError):
                    continue
                if how is not None:
                    lost.append((job, how))
                    continue
                found = failure_of(error)
            if found is not None:
                self._deliver(job, found)
        if lost and self.workers.tries > 1:  # with one process all are gone
            others, _ = wait(self.running)
            if others:
                lost += [(self.running.pop(f), lost[0][1]) for f in others if _broken(f)]
                self._collect(others & self.running.keys())
            self.workers.restart()
        begun = [one for one in lost if self._has_begun(one[0])]
        for job, _ in lost:
            if not self._has_begun(job):  # another one ended the processes
                self.waiting.appendleft(job)
        for job, how in begun:
            self._try_again(job, how)
        self.barren = self.barren + 1 if lost and not begun else 0
        if self.barren >= _HOPELESS:
            raise UserError(
                "The worker processes of the study end before they begin with a run: they are "
                "ended from outside, or the memory of the machine does not suffice."
            )

    def _has_begun(self, job: Job) -> bool:
        """Whether a worker has begun with a job; where that is not known, it has."""
        return self.board is None or self.board.has_started(self.place[job.key])

    def _try_again(self, job: Job, how: str) -> None:
        self.tries[job.key] += 1
        if job.divisible:
            self._deliver(job, Failure("Its worker process ended.", ended=True))
            return
        if job.tried + self.tries[job.key] < self.workers.tries:
            self.suspects.append(job)
            return
        ended = f" ({how})" if how else ""
        if number := self.board.inside(self.place[job.key]) if self.board else 0:
            name = job.own[number - 1]
            self._deliver(job, Failure(f"{name} ended its process twice{ended}.", ended=True))
            return
        self.dead_in_a_row += 1
        own = f"{' or '.join(job.own)} ended it, " if self.board is None and job.own else ""
        sentence = (
            f"Its worker process ended twice{ended}: {own}it was ended from outside, or the memory "
            "of the machine did not suffice."
        )
        if self.dead_in_a_row >= _HOPELESS and not self.finished:
            raise UserError(f"No run of the study can be simulated. {sentence}")
        self._deliver(job, Failure(sentence, ended=True))

    def _deliver(self, job: Job, found: Any) -> None:
        self.days += job.days
        if self.board is not None:
            self.board.put(self.place[job.key], job.days)
        if not isinstance(found, Failure):
            self.finished += 1
        self.deliver(job, found)


def _broken(future: Future[Any]) -> bool:
    """Whether a job ended with its process."""
    return future.cancelled() or future.exception() is not None


def warn(sentence: str) -> None:
    """Tell a user who has asked for no progress."""
    print(sentence, file=sys.stderr, flush=True)
