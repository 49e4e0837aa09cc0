"""Many worlds over the cores of a machine: finished ones are kept, and none is simulated twice.

Each core simulates a world of its own, which scales better than one world over all cores. An
interrupted study resumes with the worlds that are not yet finished.
"""

import hashlib
import json
import os
import signal
import sys
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from underwatch.engine.interrupts import signals_wait
from underwatch.errors import UserError
from underwatch.results.partial import PartialResults
from underwatch.study.runs import Outcome, Task, run_task
from underwatch.study.speed import remember

SMALL = 8_000_000  # citizen-days of a study that takes less time than starting worker processes
CITIZENS = "citizens"  # beside partial results: how many citizens the study has
_POLL = 0.25  # seconds between two reports of progress


@dataclass(frozen=True)
class StudyProgress:
    """How far a study is: days simulated of all, tasks finished of all.

    note: a sentence about the study before it starts, mostly empty.
    """

    days: int
    of_days: int
    tasks: int
    of_tasks: int
    note: str = ""


Report = Callable[[StudyProgress], None]


def study_key(tasks: Iterable[Task]) -> str:
    """What two studies must have in common for one to reuse the other's partial results."""
    parts = [
        [t.key, t.seed, t.days, sorted(t.branches.items()), t.own.digest]
        + [{name: scenario.hash for name, scenario in t.worlds.items()}]
        for t in tasks
    ]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def run_all(
    tasks: list[Task],
    partial: Path | None = None,
    workers: int | None = None,
    progress: Report | None = None,
    study: str | None = None,
) -> dict[str, dict[str, Outcome]]:
    """Run every task; {task key: {world: outcome}}, in the order of the tasks.

    partial: a folder for finished tasks; the caller removes it. workers: number of processes;
    changes no bit. study: identifies the study where it comes in rounds and these tasks are
    only one of them.

    Raises KeyboardInterrupt after Ctrl-C, when all that is finished is kept.
    """
    from underwatch.engine.resources import check_memory

    most = os.cpu_count() or 1
    may_stay = workers is None
    workers = min(workers or most, len(tasks))
    threads = max(1, most // workers)
    citizens = max(s.society.citizens for t in tasks for s in t.worlds.values())
    check_memory(citizens, workers * max(task.depth for task in tasks))
    kept = PartialResults(partial, study or study_key(tasks))
    found = {task.key: kept.get(task.key) for task in tasks}
    remaining = [task for task in tasks if found[task.key] is None]
    total = sum(task.lengths for task in tasks)
    before = total - sum(task.lengths for task in remaining)

    def report(days: int) -> None:
        if progress is not None:
            done = sum(value is not None for value in found.values())
            progress(StudyProgress(min(total, before + days), total, done, len(tasks)))

    report(0)
    if remaining:
        compile_first(remaining[0])
        if partial is not None:
            _keep_size(partial, kept, citizens)
        if may_stay and sum(_size_of(task) for task in remaining) <= SMALL:
            _run_here(remaining, found, kept, report)
        else:
            _run_remaining(remaining, found, kept, workers, threads, report)
    _remember_speed(remaining, found)
    return found


def _keep_size(partial: Path, kept: PartialResults, citizens: int) -> None:
    """Note the size of a study beside its partial results, for the study to resume with it."""
    folder = Path(partial)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "study").write_text(kept.study, "utf-8")
    (folder / CITIZENS).write_text(str(citizens), "ascii")


def _remember_speed(tasks: list[Task], found: dict[str, dict[str, Outcome]]) -> None:
    """Keep the speed of this machine, for the size of later studies."""
    outcomes = [outcome for task in tasks for outcome in found[task.key].values()]
    work = sum(_size_of(task) for task in tasks)
    days, besides = (sum(o.seconds[k] for o in outcomes) for k in (0, 1))
    remember(work, days, len(outcomes), besides)


def _size_of(task: Task) -> int:
    """Citizen-days of a task."""
    return task.lengths * next(iter(task.worlds.values())).society.citizens


def _run_here(remaining, found, kept, report) -> None:
    """Run tasks one after another in this process; the results are the same to the bit."""
    from underwatch.engine.resources import chunk_for, use_threads

    done = 0
    for task in remaining:
        citizens = next(iter(task.worlds.values())).society.citizens
        chunk = chunk_for(citizens, use_threads(None, citizens))
        before = done
        found[task.key] = run_task(task, chunk, lambda days, before=before: report(before + days))
        kept.put(task.key, found[task.key])
        done += task.lengths
        report(done)


def _run_remaining(remaining, found, kept, workers, threads, report) -> None:
    context = get_context("spawn")
    days = context.Array("q", len(remaining), lock=False)  # simulated so far, by task
    stop = context.Value("b", 0, lock=False)
    pool = ProcessPoolExecutor(workers, context, _start_worker, (days, stop, threads))
    of_main = any(task.own.is_of_main for task in remaining)
    with signals_wait() as interrupts, pool:
        with nullcontext() if of_main else without_main():
            running = {pool.submit(_run_task, k, task): task for k, task in enumerate(remaining)}
        while running:
            finished, _ = wait(running, _POLL, FIRST_COMPLETED)
            for future in finished:
                task = running.pop(future)
                outcome = None if future.cancelled() else _result(future, of_main)
                if outcome is not None:
                    found[task.key] = outcome
                    kept.put(task.key, outcome)
            report(sum(days))
            if interrupts and not stop.value:
                stop.value = 1  # each worker leaves its world at the end of a stride
                for future in running:
                    future.cancel()
    if interrupts:
        raise KeyboardInterrupt


def _result(future: Future, of_main: bool) -> dict[str, Outcome] | None:
    """What a worker returned. Raises UserError if the worker has ended without returning."""
    try:
        return future.result()
    except BrokenProcessPool:
        why = "it was ended from outside, or the machine has too little memory for it."
        if of_main:
            why = (
                "it imports the main script, which holds the functions of `observe` or `score`. "
                "Move these functions to a module of their own, or write the script's other "
                'lines below `if __name__ == "__main__":`.'
            )
        raise UserError(f"A worker process of the study stopped: {why}") from None


@contextmanager
def without_main() -> Iterator[None]:
    """Processes that start meanwhile do not import the main script.

    They would run it again, with the study in it, unless it is written for that. Nothing in a
    study but functions of the user's needs what the script defines.
    """
    main = sys.modules["__main__"]
    hidden = {name: vars(main).pop(name, None) for name in ("__file__", "__spec__")}
    main.__spec__ = None
    try:
        yield
    finally:
        vars(main).update({name: value for name, value in hidden.items() if value is not None})


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


class _Stopped(Exception):
    """The study was interrupted."""


_shared: dict = {}


def _start_worker(days, stop, threads) -> None:
    """Set up a worker process; Ctrl-C is handled by the process that started it."""
    import numba

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    numba.set_num_threads(min(threads, numba.config.NUMBA_NUM_THREADS))
    _shared.update(days=days, stop=stop, threads=threads)


def _run_task(place: int, task: Task) -> dict[str, Outcome] | None:
    """One task in a worker; None if the study was interrupted meanwhile."""
    from underwatch.engine.resources import chunk_for

    def report(days: int) -> None:
        _shared["days"][place] = days
        if _shared["stop"].value:
            raise _Stopped

    citizens = next(iter(task.worlds.values())).society.citizens
    try:
        return run_task(task, chunk_for(citizens, _shared["threads"]), report)
    except _Stopped:
        return None
