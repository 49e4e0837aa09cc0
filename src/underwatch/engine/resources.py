"""Memory and threads: what a population needs, and what this machine has."""

import os
from collections.abc import Iterator
from pathlib import Path

from underwatch.errors import UserError

# Traits (as records and as columns), eleven candidate ties and room for as many open ones, their
# positions, closed ties, shares, state, signals, flags, restricted days, history, queue (a bit for
# each and, where they are used, entries), score class, choices of ties; birthday, bearer, absent
# candidates, cohort and events of a month; and at the end a copy of people, states and scores.
BYTES_A_CITIZEN = (
    2 * 16 + 2 * (11 * 4 + 10) + 2 + 4 + 40 + 2 * 4 + 4 + 2 + 2 + 2 + 1 + 4 + 7 + 16 + 40 + 3 * 8
)
_SPARE = 400 << 20  # the interpreter, compiled code and tallies


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


def bytes_for(citizens: int, times: int = 1) -> int:
    """The memory of one process that holds so many simulations at once."""
    return times * citizens * BYTES_A_CITIZEN + _SPARE


def chunk_for(citizens: int, threads: int) -> int:
    """How many citizens a thread takes at once, so that all threads have equal work."""
    parts = threads * -(-citizens // (threads * 32_768))
    return -(-citizens // max(parts, min(2 * threads, -(-citizens // 4096))))


def check_memory(citizens: int, times: int = 1) -> None:
    """Refuse a population for which this machine lacks memory; `times`: simulations at once."""
    free = free_bytes()
    need = times * (citizens * BYTES_A_CITIZEN + _SPARE)
    if need > free:
        fits = max(1, (free // times - _SPARE) // BYTES_A_CITIZEN)
        unit = 10 ** max(0, len(str(fits)) - 2)  # two figures are enough
        fits = fits // unit * unit
        at_once = f", {times} times at once," if times > 1 else ""
        raise UserError(
            f"{citizens:,} citizens{at_once} need about {need / 2**30:,.1f} GiB of memory, but "
            f"{free / 2**30:,.1f} GiB are free here. {fits:,} fit: write --citizens {fits}."
        )


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


def use_threads(wanted: int | None, citizens: int) -> int:
    """Set how many threads simulate so many citizens. The number that is set.

    wanted: None = as many as there are, but fewer for a small population.

    Raises UserError for a number that this process does not have, and see `refuse_after_fork`.
    """
    from underwatch.kernel.environment import check_environment

    refuse_after_fork()
    check_environment()
    import numba

    most = numba.config.NUMBA_NUM_THREADS
    wanted = max(1, min(most, citizens // _FEWEST_FOR_A_THREAD)) if wanted is None else wanted
    if not 1 <= wanted <= most:
        raise UserError(f"{wanted} threads were asked for, but this process has 1 to {most}.")
    numba.set_num_threads(wanted)
    return wanted
