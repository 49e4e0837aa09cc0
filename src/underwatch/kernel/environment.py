"""Settings of the compiler in the environment: those to refuse, and one to add."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from underwatch.errors import Problem, UserError

_SPINS = "GOMP_SPINCOUNT"


def check_environment() -> None:
    """Refuse what Numba would fail on, before it is imported.

    Raises:
        UserError: NUMBA_NUM_THREADS is a number below 1, or NUMBA_DISABLE_JIT
            switches the compiler off.
    """
    problems = []
    threads, switched_off = os.environ.get("NUMBA_NUM_THREADS"), os.environ.get("NUMBA_DISABLE_JIT")
    if _number(threads, 1) < 1:
        problems.append(
            Problem(
                "environment",
                f"NUMBA_NUM_THREADS is {threads}, but a run needs at least 1 thread; "
                "write 1 or more, or unset it.",
            )
        )
    if _number(switched_off, 0) != 0:
        problems.append(
            Problem(
                "environment",
                f"NUMBA_DISABLE_JIT is {switched_off}, which switches the compiler off; "
                "Underwatch runs compiled code only. Set it to 0, or unset it.",
            )
        )
    if problems:
        raise UserError(problems)


@contextmanager
def short_waits() -> Iterator[None]:
    """Threads that start inside sleep after 0.2 ms when they wait for others.

    By default, threads of GNU's OpenMP look again and again for 7 ms, and keep their processors
    from whoever could work meanwhile. A user's own setting holds; nothing of this one is left for
    other libraries and processes.
    """
    if _SPINS in os.environ or "OMP_WAIT_POLICY" in os.environ:
        yield
        return
    os.environ[_SPINS] = "10000"  # read once, when the first threads start
    try:
        yield
    finally:
        os.environ.pop(_SPINS, None)


def _number(text: str | None, otherwise: int) -> int:
    """What Numba reads in a setting: a whole number, else its own default."""
    try:
        return otherwise if text is None else int(text)
    except ValueError:
        return otherwise
