"""Cases run through the executor of studies: on several processes, the longest first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from time import perf_counter
from typing import Any

from underwatch.study.scheduling import SMALL, Job, run_jobs
from underwatch.study.worker import Failure
from underwatch.verification.case import Case
from underwatch.verification.registry import cases
from underwatch.verification.verdict import CaseResult, failed, result_of

Progress = Callable[[str, int, int], None]
_CITIZENS = 1_000_000  # of the largest simulation that a case holds
_APART = 1_000  # seeds from one case to the next
_LONG = 5.0  # seconds; cases that take less in all run in this process


def run_case(number: int, replicates: int, seed: int, report: Callable[[int], None]) -> CaseResult:
    """One case, in any process. An error of a case is a miss that says so."""
    case, begun = cases()[number], perf_counter()
    if case.run is None:
        return result_of(case, [], 0.0)
    checks = case.run(replicates, seed)
    report(1)
    return result_of(case, checks, perf_counter() - begun)


def run_cases(
    wanted: Sequence[Case], seed: int, quick: bool = False, workers: int | None = None,
    progress: Progress | None = None,
) -> list[CaseResult]:  # fmt: skip
    """The result of each case, in order of numbers.

    quick: with the replicates of a quick verification. workers: processes, by default one for
    each core. progress: gets the stage, and how many cases are done, of how many.
    """
    found: dict[int, CaseResult] = {}
    jobs = [_job(case, seed, quick) for case in wanted]
    jobs.sort(key=lambda job: -job.days)

    def deliver(job: Job, result: Any) -> None:
        case = cases()[int(job.key)]
        found[case.number] = failed(case, result.message) if isinstance(result, Failure) else result
        if progress is not None:
            progress("running the cases", len(found), len(jobs))

    run_jobs(jobs, deliver, workers=workers)
    return [found[number] for number in sorted(found)]


def _job(case: Case, seed: int, quick: bool) -> Job:
    replicates = (case.quick or case.replicates) if quick else case.replicates
    seconds = case.seconds * replicates / max(1, case.replicates)
    days = max(1, round(seconds / _LONG * SMALL / _CITIZENS))
    own = seed + _APART * case.number  # so that no two cases share their draws
    return Job(str(case.number), run_case, (case.number, replicates, own), days, _CITIZENS)
