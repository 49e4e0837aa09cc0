"""Many worlds over the cores of a machine: each finished one is kept, and none is lived twice.

Every core lives a world of its own, for that scales better than one world over
all cores. A study that was interrupted goes on with what is not yet lived.
"""

import hashlib
import json
import os
import signal
from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from underwatch.engine.simulation import ctrl_c_waits
from underwatch.results.partial import PartialResults
from underwatch.study.runs import Outcome, Task, live

_POLL = 0.25  # seconds between two looks at how far everyone is


@dataclass(frozen=True)
class Far:
    """How far a study is: days lived of all, worlds finished of all."""

    days: int
    of_days: int
    tasks: int
    of_tasks: int


def study_key(tasks: Iterable[Task]) -> str:
    """What two runs of a study must have in common for one to go on with the other's worlds."""
    told = [
        [t.key, t.seed, t.days, t.parts, {name: s.hash for name, s in t.worlds.items()}]
        for t in tasks
    ]
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def run_all(
    tasks: list[Task],
    partial: Path | None = None,
    workers: int | None = None,
    progress: Callable[[Far], None] = lambda _: None,
    study: str | None = None,
) -> dict[str, dict[str, Outcome]]:
    """Live every task; {task key: {world: outcome}}, in the order of the tasks.

    halfway: a folder for what is finished, gone again by the caller's hand.
    workers: processes at once; changes no bit. study: what to know the study by,
    if it comes in rounds and these tasks are only one of them.
    """
    from underwatch.engine.resources import check_memory

    most = os.cpu_count() or 1
    workers = min(workers or most, len(tasks))
    threads = max(1, most // workers)
    citizens = max(s.society.citizens for t in tasks for s in t.worlds.values())
    check_memory(citizens, workers)
    kept = PartialResults(partial, study or study_key(tasks))
    found = {task.key: kept.get(task.key) for task in tasks}
    to_do = [task for task in tasks if found[task.key] is None]
    total = sum(task.lengths for task in tasks)
    before = total - sum(task.lengths for task in to_do)

    def tell(days):
        done = sum(value is not None for value in found.values())
        progress(Far(min(total, before + days), total, done, len(tasks)))

    tell(0)
    if to_do:
        _compile_first(to_do[0])
        _live_those(to_do, found, kept, workers, threads, tell)
    return found


def _live_those(to_do, found, kept, workers, threads, tell):
    context = get_context("spawn")
    days = context.Array("q", len(to_do), lock=False)  # lived so far, by task
    stop = context.Value("b", 0, lock=False)
    pool = ProcessPoolExecutor(workers, context, _begin, (days, stop, threads))
    with ctrl_c_waits() as asked, pool:
        running = {pool.submit(_live, k, task): task for k, task in enumerate(to_do)}
        while running:
            finished, _ = wait(running, _POLL, FIRST_COMPLETED)
            for future in finished:
                task = running.pop(future)
                if not future.cancelled() and future.result() is not None:
                    found[task.key] = future.result()
                    kept.put(task.key, found[task.key])
            tell(sum(days))
            if asked and not stop.value:
                stop.value = 1  # whoever lives a world leaves it at the end of a stride
                for future in running:
                    future.cancel()
    if asked:
        raise KeyboardInterrupt


def _compile_first(task: Task) -> None:
    """Compile here if nobody has, for else every worker would."""
    from underwatch.kernel.compile import is_compiled
    from underwatch.results.run import run

    if not is_compiled():
        run(next(iter(task.worlds.values())), citizens=1_000, days=40)


class _Stopped(Exception):
    """Whoever waits for the study has asked for its end."""


_shared: dict = {}


def _begin(days, stop, threads) -> None:
    """A worker's first breath; Ctrl-C is for whoever waits for all."""
    import numba

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    numba.set_num_threads(min(threads, numba.config.NUMBA_NUM_THREADS))
    _shared.update(days=days, stop=stop, threads=threads)


def _live(place: int, task: Task) -> dict[str, Outcome] | None:
    """One task in a worker; None if it was stopped on its way."""
    from underwatch.engine.resources import chunk_for

    def told(lived: int) -> None:
        _shared["days"][place] = lived
        if _shared["stop"].value:
            raise _Stopped

    citizens = next(iter(task.worlds.values())).society.citizens
    try:
        return live(task, chunk_for(citizens, _shared["threads"]), told)
    except _Stopped:
        return None
