"""What launchers such as `mpiexec` state in the environment of the processes that they start."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

# How many processes, and which of them this is.
_STATED = (
    ("PMI_SIZE", "PMI_RANK"), ("OMPI_COMM_WORLD_SIZE", "OMPI_COMM_WORLD_RANK"),
    ("SLURM_STEP_NUM_TASKS", "PMIX_RANK"),
)  # fmt: skip
_is_alone = False


def stated() -> tuple[int, int]:
    """(How many processes were started together, which of them this is), as the launcher says."""
    for size, rank in _STATED:
        if os.environ.get(size, "").isdigit() and os.environ.get(rank, "").isdigit():
            return int(os.environ[size]), int(os.environ[rank])
    return 1, 0


def ranks() -> int:
    """How many ranks share a run; 1 without `mpiexec`."""
    return 1 if _is_alone else stated()[0]


def is_follower() -> bool:
    """Whether this process works for rank 0 and has no command of its own."""
    return ranks() > 1 and stated()[1] > 0


@contextmanager
def alone() -> Iterator[None]:
    """Inside, rank 0 simulates by itself, as without `mpiexec`; the others wait."""
    global _is_alone
    before, _is_alone = _is_alone, True
    try:
        yield
    finally:
        _is_alone = before
