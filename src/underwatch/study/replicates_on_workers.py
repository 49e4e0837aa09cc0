"""The runs of an ensemble on the workers of a study, where each is too small for all cores."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from underwatch.engine.checkpoint import MINUTES
from underwatch.errors import Problem, UserError
from underwatch.results import run as single
from underwatch.results.run_result import Run
from underwatch.scenario import Scenario
from underwatch.study.memory import cores
from underwatch.study.own_code import OwnCode
from underwatch.study.replicates_result import folder_of
from underwatch.study.scheduling import SMALL, Job, run_jobs
from underwatch.study.worker import Failure, Stopped
from underwatch.study.worlds import in_society

if TYPE_CHECKING:
    from underwatch.engine.simulation import Progress

_FILLS_A_CORE = 32_768  # citizens: below, a second thread costs more than it saves


@dataclass(frozen=True)
class Settings:
    """What the runs of an ensemble have in common.

    checkpoint: a folder of this machine. minutes: from one checkpoint to the next. threads: of
    this machine, for all runs; None for all that it has.
    """

    scenario: Scenario
    days: int
    panel: int
    own: OwnCode
    checkpoint: Path | None
    minutes: float = MINUTES
    threads: int | None = None


def pays(scenario: Scenario, days: int, runs: int) -> bool:
    """Whether runs beside each other end sooner than one after another over all cores."""
    citizens = scenario.society.citizens
    return runs > 1 and citizens < _FILLS_A_CORE * cores() and runs * citizens * days > SMALL


def on_workers(
    settings: Settings, seeds: Sequence[int], progress: Callable[[Progress], None] | None,
    scheduler: str | None,
) -> list[Run]:  # fmt: skip
    """One run for each seed, in their order. Raises UserError if one fails, with every message."""
    from underwatch.engine.simulation import Progress

    found: dict[str, Run] = {}
    problems: list[Problem] = []

    def deliver(job: Job, result: Run | Failure) -> None:
        if isinstance(result, Failure):
            problems.append(Problem(None, f"seed {job.key}: {result.message}"))
        else:
            found[job.key] = result

    def report(days: int) -> None:
        if progress is not None:
            progress(Progress("days", days, len(seeds) * settings.days))

    size = settings.scenario.society.citizens
    own = settings.own.names
    jobs = [Job(str(s), replicate, (settings, s), settings.days, size, own=own) for s in seeds]
    run_jobs(jobs, deliver, report, workers=settings.threads, scheduler=scheduler)
    if problems:
        raise UserError(problems)
    return [found[job.key] for job in jobs]


def replicate(settings: Settings, seed: int, report: Callable[[int], None]) -> Run:
    """One run in a worker, without the engine's state; if it is stopped, its checkpoint is kept."""
    from numba import get_num_threads

    def progress(step: Progress) -> None:
        if step.stage == "days":
            try:
                report(step.done)
            except Stopped:
                raise KeyboardInterrupt from None  # as Ctrl-C ends a run

    folder = settings.checkpoint and settings.checkpoint / folder_of(seed)
    threads = get_num_threads() if settings.threads is None else 1
    try:
        made = single.run(
            in_society(settings.scenario, seed=seed), days=settings.days, threads=threads,
            panel=settings.panel, checkpoint=folder, checkpoint_minutes=settings.minutes,
            **settings.own.for_simulation(), progress=progress,
        )  # fmt: skip
    except KeyboardInterrupt:
        raise Stopped from None
    return made.release()
