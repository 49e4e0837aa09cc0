"""The tasks of a study as jobs: finished runs are kept in its ledger, and none is simulated twice.

Each core simulates a task of its own, which scales better than one run over all cores.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from underwatch.errors import Problem, UserError
from underwatch.results.ledger import Ledger
from underwatch.study.progress import Report, StudyProgress
from underwatch.study.runs import Outcome, Task, run_in_worker
from underwatch.study.scheduling import Job, run_jobs, warn
from underwatch.study.speed import remember
from underwatch.study.worker import Failure

Found = dict[str, dict[str, Outcome | Failure]]  # by task and world


def study_key(tasks: Iterable[Task]) -> str:
    """What two studies must have in common for one to reuse the other's finished runs."""
    parts = [
        [t.key, t.seed, t.days, sorted(t.branches.items()), t.own.digest]
        + [{name: scenario.hash for name, scenario in t.worlds.items()}]
        for t in tasks
    ]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def run_all(
    tasks: Sequence[Task],
    ledger: Ledger | None = None,
    workers: int | None = None,
    progress: Report | None = None,
    scheduler: str | None = None,
    split: bool = False,
) -> Found:
    """Run every task; {task key: {world: outcome or failure}}, in the order of the tasks.

    ledger: open, has the runs that are finished; the others are added as they end. workers: the
    number of processes; changes no bit. scheduler: the address of a Dask scheduler. split: whether
    each world of a task that ends its process is simulated alone, so that one fails and no other.

    Raises KeyboardInterrupt after Ctrl-C, when all that is finished is kept.
    """
    kept = ledger or Ledger(None, "")
    found = {task.key: _kept(kept, task) for task in tasks}
    remaining = [task for task in tasks if found[task.key] is None]
    reporting = _Reporting(tasks, remaining, kept, progress)
    reporting.report(0)

    def deliver(job: Job, result: Any) -> None:
        task, whole = job.args[0], whole_of.get(job.key, job.args[0])
        if isinstance(result, Failure):
            if result.ended and job.divisible:
                parts = [_alone(task, name) for name in task.worlds]
                whole_of.update((part.key, task) for part in parts)
                apart.extend(parts)
                return
            result = dict.fromkeys(task.worlds, result)
        found[whole.key] = (found[whole.key] or {}) | result
        _keep(kept, task, result)
        reporting.finished(result)

    apart: list[Task] = []
    whole_of: dict[str, Task] = {}  # key of a part -> the task that it is a part of
    waiting, before = [*remaining], 0
    while waiting:
        run_jobs(
            [_job(task, split, task.key in whole_of) for task in waiting], deliver,
            lambda days, before=before: reporting.report(before + days), workers=workers,
            scheduler=scheduler, prepare=lambda: compile_first(remaining[0]),
        )  # fmt: skip
        before += sum(task.lengths for task in waiting)
        waiting, apart = apart, []
    reporting.report(0)
    if scheduler is None:
        _remember_speed(remaining, found)
    return {key: one or {} for key, one in found.items()}


def outcomes_of(
    found: Mapping[str, Mapping[str, Outcome | Failure]],
) -> dict[str, dict[str, Outcome]]:
    """The same if every run ended well. Raises UserError with one sentence for each that failed."""
    problems = [
        Problem(None, f"{world}, {key}: {one.message}")
        for key, worlds in found.items()
        for world, one in worlds.items()
        if isinstance(one, Failure)
    ]
    if problems:
        what = "1 run failed" if len(problems) == 1 else f"{len(problems):,} runs failed"
        raise UserError([Problem(None, f"{what}; the other runs are finished."), *problems])
    return {
        key: {name: one for name, one in worlds.items() if isinstance(one, Outcome)}
        for key, worlds in found.items()
    }


def run_key(seed: int, world: str) -> str:
    """The name of one run in the ledger of its study, however runs are grouped into tasks."""
    return f"{seed} {world}"


def _job(task: Task, split: bool = False, tried: bool = False) -> Job:
    citizens = max(scenario.society.citizens for scenario in task.worlds.values())
    own = task.own.names
    return Job(
        task.key, run_in_worker, (task,), task.lengths, citizens, task.depth, own,
        split and len(task.worlds) > 1, int(tried),
    )  # fmt: skip


def _alone(task: Task, world: str) -> Task:
    """One world of a task that shares its days with no other."""
    return replace(task, key=f"{task.key} {world}", worlds={world: task.worlds[world]}, branches={})


def _kept(kept: Ledger, task: Task) -> dict[str, Outcome | Failure] | None:
    """The outcomes of a task in the ledger, if it holds all; runs that failed are done again."""
    found: dict[str, Outcome | Failure] = {}
    for world in task.worlds:
        entry = kept.get(run_key(task.seed, world))
        if entry is None or entry.failed:
            return None
        found[world] = Outcome.of_record(entry.content)
    return found


def _keep(kept: Ledger, task: Task, found: Mapping[str, Outcome | Failure]) -> None:
    keys = {world: run_key(task.seed, world) for world in found}
    kept.put_all(
        {keys[w]: one.record() for w, one in found.items() if isinstance(one, Outcome)},
        {keys[w]: one.message for w, one in found.items() if isinstance(one, Failure)},
    )


class _Reporting:
    """What a study reports: days, runs, failures, and notes of its ledger."""

    def __init__(
        self, tasks: Sequence[Task], remaining: Sequence[Task], kept: Ledger,
        progress: Report | None,
    ):  # fmt: skip
        self.progress, self.notes, self.failed = progress, kept.notes, 0
        self.of_runs = sum(len(task.worlds) for task in tasks)
        self.runs = self.of_runs - sum(len(task.worlds) for task in remaining)
        self.total = sum(task.lengths for task in tasks)
        self.before = self.total - sum(task.lengths for task in remaining)

    def finished(self, result: Mapping[str, Outcome | Failure]) -> None:
        """The runs of one more task are finished."""
        self.runs += len(result)
        self.failed += sum(isinstance(one, Failure) for one in result.values())

    def report(self, days: int) -> None:
        """So many days have been simulated since the start."""
        while self.notes:
            self._send(days, self.notes.pop(0))
        if self.progress is not None:
            self._send(days, "")

    def _send(self, days: int, note: str) -> None:
        if self.progress is None:
            warn(note)
            return
        days = self.total if self.runs == self.of_runs else min(self.total, self.before + days)
        self.progress(StudyProgress(days, self.total, self.runs, self.of_runs, note, self.failed))


def _remember_speed(tasks: Sequence[Task], found: Mapping[str, Any]) -> None:
    """Keep the speed of this machine, for the size of later studies."""
    outcomes = [
        one for task in tasks for one in found[task.key].values() if isinstance(one, Outcome)
    ]
    if len(outcomes) < sum(len(task.worlds) for task in tasks):
        return
    work = sum(_job(task).size for task in tasks)
    days, besides = (sum(o.seconds[k] for o in outcomes) for k in (0, 1))
    remember(work, days, len(outcomes), besides)


def compile_first(task: Task) -> None:
    """Compile here, with the user's rule if any, unless the code is cached; else all workers would.

    Without a cache on disk, each worker compiles for itself.
    """
    from underwatch.engine.rebind import folder_of
    from underwatch.kernel.compile import CACHE, is_compiled
    from underwatch.results.run import run

    rule = task.own.for_simulation().get("score")
    if CACHE and not is_compiled(folder_of(rule) if rule else CACHE):
        run(next(iter(task.worlds.values())), citizens=1_000, days=40, score=rule)
