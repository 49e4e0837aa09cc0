"""Memory and threads: what a population needs, and what this machine has."""

import os
from collections.abc import Iterator
from pathlib import Path

from underwatch.errors import UserError

# Bytes a citizen of each array of a world (world.py), as `underwatch bench --memory` measures them.
# Ties depend on the census: an adult has 9 candidates of 16 bits, and 1.5 of 32. A queue has a list
# of entries where people wait.
WORLD = {
    "people": 16, "near": 18.1, "wide": 6.2, "candidate_slots": 2, "slots": 2, "states": 40,
    "signals": 8, "flags": 4, "queues": 1, "restricted_days": 2, "history": 2, "entries": 0.3,
    "birthdays": 2, "bearers": 1, "absent": 2, "cohorts": 1, "known": 1,
}  # fmt: skip
_POPULATION = ("people", "near", "wide", "candidate_slots", "slots")  # what worlds copy, if kept
_CLASSES = 1  # the score class of a year ago
BYTES_A_CITIZEN = round(sum(WORLD.values())) + _CLASSES
BYTES_OF_POPULATION = round(sum(WORLD[name] for name in _POPULATION))
PROGRAM = 350 << 20  # the interpreter, compiled code, 0.4 MB a thread and 1.6 MB for each year
_PIECES = 6 << 20  # of a few threads: counts of chunks and days, and what is computed at once
_SPARE = PROGRAM + _PIECES


def free_bytes() -> int:
    """Memory that new processes may take here; the limits of containers and groups count."""
    free = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    try:
        lines = Path("/proc/meminfo").read_text().splitlines()
        free = next(int(x.split()[1]) << 10 for x in lines if x.startswith("MemAvailable"))
    except (OSError, StopIteration, ValueError):
        pass  # not Linux
    return max(0, min([free, *_left_in_groups()]))


def _left_in_groups(root: Path = Path("/sys/fs/cgroup")) -> Iterator[int]:
    """What is left in each control group that holds this process, from its own to the root."""
    try:
        lines = Path("/proc/self/cgroup").read_text().splitlines()
    except OSError:
        lines = []
    folders = {root: ("memory.max", "memory.current")}
    for line in lines:
        _, kinds, path = line.split(":", 2)
        old = "memory" in kinds.split(",")
        if not (old or kinds == ""):
            continue
        names = ("memory.limit_in_bytes", "memory.usage_in_bytes")
        inside = (root / "memory" if old else root) / path.lstrip("/")
        for folder in (inside, *inside.parents):
            if folder.is_relative_to(root):
                folders.setdefault(folder, names if old else ("memory.max", "memory.current"))
    for folder, (limit, used) in folders.items():
        try:
            yield int((folder / limit).read_text()) - int((folder / used).read_text())
        except (OSError, ValueError):
            continue  # no such group here, or one without a limit


def bytes_for(citizens: int, worlds: int = 1, kept: bool = False) -> int:
    """The memory of one process that holds so many simulations at once.

    kept: their population stays beside them, as in a study, for the next simulation of it.
    """
    each = worlds * BYTES_A_CITIZEN + kept * BYTES_OF_POPULATION
    return citizens * each + _SPARE


def chunk_for(citizens: int, threads: int) -> int:
    """How many citizens a thread takes at once, so that all threads have equal work.

    One chunk each: a thread takes over no chunk of another, and a chunk counts a day's events in
    an array of its own, of 100 KB. Whole segments of the ties, if the citizens are many.
    """
    chunk = -(-citizens // threads)
    return chunk if chunk < 8 * _SEGMENT else -(-chunk // _SEGMENT) * _SEGMENT


def check_memory(citizens: int, times: int = 1, kept: bool = False) -> None:
    """Refuse a population for which this machine lacks memory; `times`: simulations at once.

    kept: as for `bytes_for`.
    """
    free, fixed = free_bytes(), times * _SPARE
    need = bytes_for(citizens, times, kept) + fixed - _SPARE
    if need > free:
        fits = rounded(citizens * max(0, free - fixed) // (need - fixed))
        at_once = f", {times} times at once," if times > 1 else ""
        raise UserError(
            f"{citizens:,} citizens{at_once} need about {need / 2**30:,.1f} GiB of memory, but "
            f"{free / 2**30:,.1f} GiB are free here. {fits:,} fit: write --citizens {fits}."
        )


def rounded(fits: int) -> int:
    """A number of citizens that fit, to two figures, which are enough; one at least."""
    unit: int = 10 ** max(0, len(str(fits)) - 2)
    return max(1, fits // unit * unit)


_SEGMENT = 1024  # as in model/society/segments.py, which is slow to import
_threads_of: int | None = None  # the process that started the compiler's threads


def refuse_after_fork() -> None:
    """Raise UserError in a forked child of a process that has simulated.

    The child inherits the state of threads that it does not have, and would wait for them
    forever. Whatever starts a parallel loop calls this first.
    """
    global _threads_of
    if _threads_of not in (None, os.getpid()):
        raise UserError(
            "This process was forked from one that has already simulated, and would wait for "
            "threads that it does not have. Start worker processes with "
            'multiprocessing.get_context("spawn"), or simulate in one of the two processes only.'
        )
    _threads_of = os.getpid()


# Below this number of citizens for each thread, threads wait for each other longer than they work:
# on a busy machine, two of them took thirty times as long as one for a population of 5,000.
_FEWEST_FOR_A_THREAD = 32_768


def threads_for(citizens: int, most: int) -> int:
    """How many of at most so many threads pay for so many citizens."""
    return max(1, min(most, citizens // _FEWEST_FOR_A_THREAD))


def use_threads(wanted: int | None, citizens: int) -> int:
    """Set how many threads simulate so many citizens. The number that is set.

    wanted: None = as many as there are, but fewer for a small population.

    Raises UserError for a number that this process does not have, and see `refuse_after_fork`.
    """
    from underwatch.kernel.environment import check_environment, short_waits

    refuse_after_fork()
    check_environment()
    import numba

    most = numba.config.NUMBA_NUM_THREADS
    wanted = threads_for(citizens, most) if wanted is None else wanted
    if not 1 <= wanted <= most:
        raise UserError(f"{wanted} threads were asked for, but this process has 1 to {most}.")
    with short_waits():
        numba.set_num_threads(wanted)  # starts the threads
    return wanted
