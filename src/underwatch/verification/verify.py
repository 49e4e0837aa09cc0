"""`verify`: exact results and published figures, run against the organs of the model."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime

from underwatch.errors import UserError
from underwatch.kernel.identity import code_digest
from underwatch.results.provenance import made_with
from underwatch.scenario.limits import check_run_size
from underwatch.verification.registry import chosen, left_out
from underwatch.verification.result import Verification
from underwatch.verification.running import run_cases

SEED = 2018


def verify(
    cases: Iterable[int] | None = None,
    *,
    quick: bool = False,
    seed: int = SEED,
    workers: int | None = None,
    progress: Callable[[str, int, int], None] | None = None,
) -> Verification:
    """Run the cases of the verification and compare what the organs give with what is expected.

    Parameters
    ----------
    cases: their numbers; by default all. Each runs an organ or a statistic by the function that
        a run or an assessment calls.
    quick: fewer replicates, and without the cases that take long, which the result names: less
        than a minute on two cores.
    seed: of all random draws. Another seed tests the same by other draws.
    workers: the number of processes; changes no result. By default one for each core.
    progress: is called with a stage, how many cases are done, and of how many.

    Returns
    -------
    Verification: verdicts, checks with intervals, a page with a plot for each case.

    Raises
    ------
    UserError
        If there is no case of a number.

    Examples
    --------
    >>> import underwatch as uw
    >>> found = uw.verify([36], quick=True)
    >>> found[36].checks[0].expected, found[36].checks[0].got
    (5824.0, 5824.0)
    """
    clock = time.perf_counter()
    check_run_size(seed=seed)
    if cases is not None and (isinstance(cases, str | int) or not isinstance(cases, Iterable)):
        raise UserError(f"cases is {cases!r}, but it is a list of numbers, such as [1, 36].")
    numbers = None if cases is None else list(cases)
    wanted = chosen(numbers, quick)
    found = run_cases(wanted, seed, quick, workers, progress)
    provenance = {
        **made_with(), "kind": Verification.kind, "title": "Verification", "seed": seed,
        "quick": quick, "left_out": left_out(numbers, quick), "code": code_digest(), "sources": {},
        "finished": datetime.now(UTC).isoformat(timespec="seconds"),
        "seconds": round(time.perf_counter() - clock, 3),
    }  # fmt: skip
    return Verification(provenance, tuple(found))
