"""Processes that `mpiexec` started together: rank 0 runs the command, the others work for it.

Nothing here imports MPI unless there are several ranks.
"""

import atexit
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from subprocess import PIPE, Popen
from typing import TYPE_CHECKING, Any

from underwatch.engine.interrupts import ENDING
from underwatch.errors import UserError

if TYPE_CHECKING:
    from underwatch.engine.ranks.messages import Messages
    from underwatch.engine.ranks.simulation import RankSimulation
    from underwatch.engine.simulation import Progress
    from underwatch.scenario import Scenario

# What launchers state in the environment: how many processes, and which of them this is.
_STATED = (
    ("PMI_SIZE", "PMI_RANK"), ("OMPI_COMM_WORLD_SIZE", "OMPI_COMM_WORLD_RANK"),
    ("SLURM_STEP_NUM_TASKS", "PMIX_RANK"),
)  # fmt: skip
_ABROAD = 20  # bytes that a rank may need for each citizen of the nation whom another simulates
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
    code: Mapping[str, str] = field(default_factory=_code)  # of rank 0


def _stated() -> tuple[int, int]:
    """(How many processes were started together, which of them this is), as the launcher says."""
    for size, rank in _STATED:
        if os.environ.get(size, "").isdigit() and os.environ.get(rank, "").isdigit():
            return int(os.environ[size]), int(os.environ[rank])
    return 1, 0


def ranks() -> int:
    """How many ranks there are; 1 without `mpiexec`."""
    return _stated()[0]


def is_follower() -> bool:
    """Whether this process works for rank 0 and has no command of its own."""
    return ranks() > 1 and _stated()[1] > 0


@cache
def messages() -> "Messages":
    """The messages between the ranks. Raises UserError if MPI cannot be used."""
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
    atexit.register(end, 1)
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


def refuse(what: str) -> None:
    """Refuse what only one process can do. Raises UserError if there are more."""
    if ranks() > 1:
        raise UserError(f"{what} does not run on several ranks; start it without mpiexec.")


def default_threads() -> int | None:
    """The threads of each rank, if the ranks of this machine share it; None for one process."""
    if ranks() == 1:
        return None
    import numba

    return max(1, numba.config.NUMBA_NUM_THREADS // messages().on_this_machine)


def check_memory(citizens: int) -> None:
    """Refuse a nation for whose ranks this machine lacks memory. Raises UserError."""
    from underwatch.engine import resources

    if ranks() == 1:
        try:
            resources.check_memory(citizens)
        except UserError as error:
            raise UserError(f"{error} {on_machines(citizens)}".rstrip()) from None
        return
    here, free = messages().on_this_machine, resources.free_bytes()
    need = here * bytes_of_rank(citizens, ranks())
    if need > free:
        fixed = here * bytes_of_rank(0, ranks())
        fits = resources.rounded(citizens * max(0, free - fixed) // (need - fixed))
        on_these = "all here" if here == ranks() else f"{here:,} of them here"
        raise UserError(
            f"{citizens:,} citizens on {ranks():,} ranks, {on_these}, need about "
            f"{need / 2**30:,.1f} GiB of this machine's memory, but {free / 2**30:,.1f} GiB are "
            f"free. {fits:,} fit: write --citizens {fits}, or use more machines."
        )


def bytes_of_rank(citizens: int, ranks: int) -> int:
    """The memory of each of some ranks that share a nation."""
    from underwatch.engine.resources import bytes_for

    return bytes_for(-(-citizens // ranks)) + (citizens * _ABROAD if ranks > 1 else 0)


def on_machines(citizens: int) -> str:
    """How many machines with the free memory of this one hold a nation; "" if it is small."""
    from underwatch.engine.ranks.partition import divisible
    from underwatch.engine.resources import free_bytes

    free, counts = free_bytes(), [n for n in (2, 4, 8, 16, 32, 64) if n <= divisible(citizens)]
    for count in counts:
        need = bytes_of_rank(citizens, count)
        if need <= free:
            return (
                f"On {count} machines like this one it fits: mpiexec -n {count}, a rank on each, "
                f"with {need / 2**30:,.1f} GiB."
            )
    if not counts:
        return ""
    need, count = bytes_of_rank(citizens, counts[-1]), counts[-1]
    return (
        f"Even on {count} machines, a rank on each by mpiexec -n {count}, each of them needs "
        f"{need / 2**30:,.1f} GiB."
    )


def start(job: Job, progress: "Callable[[Progress], None]") -> "RankSimulation":
    """On rank 0: begin a run on all ranks; the simulation of this one."""
    between = messages()
    between.busy = True
    between.share(job)
    return _begin(job, progress)


def _begin(job: Job, progress: "Callable[[Progress], None]") -> "RankSimulation":
    """This rank's part of a run on its first morning, when everything is compiled.

    On each machine one rank compiles, and the others wait for what it keeps.
    """
    from mpi4py import MPI

    from underwatch.engine.ranks.messages import Messages
    from underwatch.engine.simulation import Progress
    from underwatch.kernel.compile import is_compiled
    from underwatch.model.streams import MONTH
    from underwatch.scenario import Scenario

    between = messages()
    progress(Progress("people" if is_compiled() else "compiling", 0, 1))
    if between.first_here:
        few = Scenario.load("atlantic-2018", ["society.citizens=64"])
        rehearsal = replace(job, scenario=few, days=MONTH + 1, threads=1)
        _part_of(rehearsal, Messages(MPI.COMM_SELF), lambda _: None).run()
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
    """On the other ranks: work on every run that rank 0 begins. The exit code of the process."""
    for number in ENDING:  # rank 0 hears them, too, and ends the run in order
        signal.signal(number, lambda *_: None)
    try:
        between = messages()
    except UserError:  # rank 0 says it
        return 2
    while True:
        job = between.share()
        if job is None:
            between.busy = False
            return 0
        try:
            if job.code != _code():
                raise UserError(
                    "its code, NumPy or Numba is of another version than that of rank 0"
                )
            _begin(job, lambda _: None).run()
        except KeyboardInterrupt:
            pass
        except BaseException as error:
            kind = "" if isinstance(error, UserError) else f"{type(error).__name__}: "
            between.fail(f"Rank {between.rank} ended: {kind}{error}".rstrip(".: ") + ".")
            time.sleep(_PATIENCE)
            raise


def join() -> None:
    """In a script that every rank runs: leave it to rank 0, and work for it until it ends.

    Raises UserError on rank 0 if MPI cannot be used.
    """
    if is_follower():
        raise SystemExit(serve())
    if ranks() > 1:
        messages()  # from now on the others hear when this process ends


def end(code: int) -> None:
    """On rank 0: let the others end; in the midst of a run, end them."""
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
        between.comm.Abort(code)
    between.share(None)
