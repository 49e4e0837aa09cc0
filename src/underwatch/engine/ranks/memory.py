"""The memory that a nation needs on several ranks, and whether this machine has it."""

from underwatch.engine import resources
from underwatch.engine.ranks.launch import messages
from underwatch.engine.ranks.stated import ranks
from underwatch.errors import UserError

_ABROAD = 20  # bytes that a rank may need for each citizen of the nation whom another simulates


def check_memory(citizens: int) -> None:
    """Refuse a nation for whose ranks this machine lacks memory. Raises UserError."""
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
    return resources.bytes_for(-(-citizens // ranks)) + (citizens * _ABROAD if ranks > 1 else 0)


def on_machines(citizens: int) -> str:
    """How many machines with the free memory of this one hold a nation; "" if it is small."""
    from underwatch.engine.ranks.partition import divisible

    free = resources.free_bytes()
    counts = [n for n in (2, 4, 8, 16, 32, 64) if n <= divisible(citizens)]
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
