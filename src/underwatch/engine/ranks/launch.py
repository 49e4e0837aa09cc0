"""Processes that `mpiexec` started together: rank 0 runs the command, the others work for it.

Nothing here imports MPI unless there are several ranks.
"""

import atexit
import signal
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from subprocess import PIPE, Popen
from typing import TYPE_CHECKING, Any

from underwatch.engine.interrupts import ENDING
from underwatch.engine.ranks.meeting import RankMissing, meet
from underwatch.engine.ranks.stated import alone as alone
from underwatch.engine.ranks.stated import is_follower as is_follower
from underwatch.engine.ranks.stated import ranks as ranks
from underwatch.errors import UserError

if TYPE_CHECKING:
    from underwatch.engine.ranks.messages import Messages
    from underwatch.engine.ranks.simulation import RankSimulation
    from underwatch.engine.simulation import Progress
    from underwatch.scenario import Scenario

_PATIENCE = 60  # seconds that a rank waits for the end after it has failed


def _code() -> dict[str, str]:
    """The code of this process, as checkpoints record it."""
    from underwatch.engine.checkpoint import made_by

    return made_by()


@dataclass(frozen=True)
class Job:
    """What every rank needs to know of a run."""

    scenario: "Scenario"
    days: int
    panel: int  # citizens who are followed
    threads: int  # of each rank
    options: Mapping[str, Any] = field(default_factory=dict)  # of the simulation: `score`


@cache
def messages() -> "Messages":
    """The messages between the ranks, when all are there.

    Raises UserError if MPI cannot be used, or a rank has ended before its first run.
    """
    try:
        from mpi4py import MPI
    except (ImportError, RuntimeError):
        raise UserError(
            "mpiexec started several processes, but the library mpi4py, or the MPI that it needs, "
            "is missing: pip install 'underwatch[mpi]'."
        ) from None
    from underwatch.engine.ranks.messages import Messages

    found, stated = MPI.COMM_WORLD.size, ranks()
    if found != stated:
        raise UserError(
            f"mpiexec started {stated} processes, but the MPI of mpi4py knows {found} of them: "
            f"use the mpiexec that belongs to it, such as {sys.prefix}/bin/mpiexec."
        )
    meet(MPI.COMM_WORLD)
    atexit.register(end)
    return Messages(MPI.COMM_WORLD)


def check(citizens: int, observed: bool = False) -> None:
    """Refuse what cannot run on these ranks, before any work starts. Raises UserError."""
    if ranks() == 1:
        return
    from underwatch.engine.ranks.partition import divisible

    messages()
    most = divisible(citizens)
    if ranks() > most:
        raise UserError(
            f"{ranks()} ranks were started, but {citizens:,} citizens live in {most} "
            f"district{'s' if most > 1 else ''}, which are not divided: write mpiexec -n {most}."
        )
    if observed:
        raise UserError(
            "observe reads every citizen in one process, but several ranks were started; run it "
            "without mpiexec."
        )


def refuse(what: str, instead: str = "start it without mpiexec") -> None:
    """Refuse what only one process can do. Raises UserError if there are more."""
    if ranks() > 1:
        raise UserError(f"{what} does not run on several ranks; {instead}.")


def default_threads() -> int | None:
    """The threads of each rank, if the ranks of this machine share it; None for one process."""
    if ranks() == 1:
        return None
    import numba

    return max(1, numba.config.NUMBA_NUM_THREADS // messages().on_this_machine)


def start(job: Job, progress: "Callable[[Progress], None]") -> "RankSimulation":
    """On rank 0: begin a run on all ranks; the simulation of this one."""
    between = messages()
    if between.busy:
        raise UserError(
            "The last run on these ranks ended in the midst of its work, and they cannot begin "
            "another; start the script again."
        )
    between.busy = True
    between.share(_code())  # before the job, which other code may be unable to read
    between.share(job)
    return _begin(job, progress)


def _begin(job: Job, progress: "Callable[[Progress], None]") -> "RankSimulation":
    """This rank's part of a run on its first morning, when everything is compiled.

    On each machine one rank compiles, and the others wait for what it keeps.
    """
    from mpi4py import MPI

    from underwatch.engine.ranks.messages import Messages
    from underwatch.engine.simulation import Progress
    from underwatch.engine.warmup import day_beside
    from underwatch.kernel.compile import is_compiled
    from underwatch.model.streams import MONTH
    from underwatch.scenario import Scenario

    between = messages()
    progress(Progress("people" if is_compiled() else "compiling", 0, 1))
    if between.first_here:
        few = Scenario.load("atlantic-2018", ["society.citizens=64"])
        rehearsal = replace(job, scenario=few, days=MONTH + 1, threads=1)
        with nullcontext() if job.options else day_beside():
            rehearsed = _part_of(rehearsal, Messages(MPI.COMM_SELF), lambda _: None)
        rehearsed.run()
    between.any(False)  # when all are here
    return _part_of(job, between, progress)


def _part_of(
    job: Job, between: "Messages", progress: "Callable[[Progress], None]"
) -> "RankSimulation":
    """One rank's part of a run on its first morning."""
    import numpy as np

    from underwatch.engine.ranks.building import build_part
    from underwatch.engine.ranks.partition import partition
    from underwatch.engine.ranks.simulation import RankSimulation
    from underwatch.engine.resources import chunk_for, use_threads
    from underwatch.engine.simulation import Progress
    from underwatch.model.society.people import sample

    total = job.scenario.society.citizens
    part = partition(total, between.size)
    begin, end = part.of(between.rank)
    use_threads(job.threads, end - begin)
    population = build_part(
        job.scenario, part, between, lambda stage: progress(Progress(stage, 0, 1))
    )
    followed = np.zeros(min(job.panel, total), np.int64)
    sample(followed, total, population.seed)
    followed.sort()
    return RankSimulation(
        part, between, job.scenario, population, job.days, followed,
        chunk_for(end - begin, job.threads), progress, take=True, **job.options,
    )  # fmt: skip


@contextmanager
def watched(checkpoints: Path | None) -> Iterator[None]:
    """Name the last checkpoint in a folder if another rank ends, or is killed, inside.

    Raises UserError if another rank cannot go on.
    """
    if ranks() == 1 or checkpoints is None:
        yield
        return
    from underwatch.engine.ranks import watcher
    from underwatch.engine.ranks.messages import RankEnded

    about = str(checkpoints), str(ranks())
    beside = Popen(
        [sys.executable, "-I", "-S", watcher.__file__, *about], stdin=PIPE, start_new_session=True
    )
    try:
        yield
    except RankEnded as error:
        raise UserError(f"{error} {watcher.last_checkpoint(about[0], ranks())}") from None
    finally:
        beside.communicate(watcher.FAREWELL)


def serve() -> int:
    """On the other ranks: work on every run that rank 0 begins. The exit code of the process.

    A signal to this rank is one to rank 0, which ends the run: during days as all ranks agree, at
    other times as soon as it waits for this one.
    """
    signals: list[int] = []
    for number in ENDING:
        signal.signal(number, lambda got, _: signals.append(got))
    try:
        between = messages()
    except UserError as error:  # rank 0 says it, if it is there
        if isinstance(error, RankMissing) and error.rank == 0:
            print(error, file=sys.stderr, flush=True)
        return 1
    between.signals = signals
    while True:
        try:
            code = between.share()
            if isinstance(code, int):
                return code
            between.busy = True
            _work(code)
        except KeyboardInterrupt:
            if between.busy:  # a signal came while only this rank compiled
                between.report_to_first(signals[0])
                time.sleep(_PATIENCE)
            signals.clear()
        except BaseException as error:
            kind = "" if isinstance(error, UserError) else f"{type(error).__name__}: "
            between.report_to_first(f"Rank {between.rank} ended: {kind}{error}".rstrip(".: ") + ".")
            time.sleep(_PATIENCE)
            raise


def _work(code: Mapping[str, str]) -> None:
    """Do this rank's part of the run that rank 0 begins with its code."""
    if code != _code():
        raise UserError("its code, NumPy or Numba is of another version than that of rank 0")
    _begin(messages().share(), lambda _: None).run()


def join() -> None:
    """In a script that every rank runs: leave it to rank 0, and work for it until it ends.

    Raises UserError on rank 0 if MPI cannot be used, or another rank has ended.
    """
    if is_follower():
        raise SystemExit(serve())
    if ranks() > 1:
        messages()  # from now on the others hear when this process ends


def end(code: int = 0) -> None:
    """On rank 0: let the others end with an exit code; in the midst of a run, end them."""
    if ranks() == 1 or is_follower():
        return
    try:
        between = messages()
    except UserError:
        return
    if between.ended:
        return
    between.ended = True
    if between.busy:
        between.comm.Abort(code or 1)
    between.share(code)
