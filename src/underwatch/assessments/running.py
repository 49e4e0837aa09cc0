"""The runs of an assessment, through the executor of studies."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from underwatch.assessments.kinds import KINDS
from underwatch.assessments.result import Deployment, Key, Measured, Safeguards
from underwatch.errors import UserError
from underwatch.study.scheduling import Job, run_jobs
from underwatch.study.worker import Failure


def run_seed(
    deployment: Deployment, seed: int, citizens: int | None, worlds: Mapping[str, Safeguards],
    probes: bool, report: Callable[[int], None],
) -> dict[str, dict[Key, Measured]]:  # fmt: skip
    """One seed of an assessment, in any process; probes: also its laws alone, where it has any."""
    kind = KINDS[deployment.kind]
    found = kind.run(deployment, seed, citizens, worlds)
    if probes:
        for world, laws in kind.probes(deployment, seed, citizens, worlds).items():
            found[world] |= laws
    report(1)
    return found


@dataclass(frozen=True)
class Running:
    """How the runs of one assessment are made."""

    seeds: tuple[int, ...]
    citizens: int | None
    workers: int | None
    progress: Callable[[str, int, int], None] | None

    def all(
        self,
        wanted: Sequence[tuple[Deployment, int, Mapping[str, Safeguards]]],
        stage: str,
        probes: bool = False,
    ) -> list[dict[str, dict[Key, Measured]]]:
        """Each of several seeds or deployments, through the executor of studies, in order.

        stage: of the work, for the progress. probes: see `run_seed`.
        """
        jobs = []
        for k, (deployment, seed, worlds) in enumerate(wanted):
            size = self.citizens or int(deployment.get("pilot.citizens") or 1_000_000)
            days = deployment.period.days * len(worlds) if deployment.get("pilot") else 1
            args = (deployment, seed, self.citizens, dict(worlds), probes)
            jobs.append(Job(str(k), run_seed, args, days, size))
        found: dict[str, Any] = {}

        def deliver(job: Job, result: Any) -> None:
            if isinstance(result, Failure):
                raise UserError(f"seed {job.args[1]} failed: {result.message}")
            found[job.key] = result
            if self.progress is not None:
                self.progress(stage, len(found), len(jobs))

        run_jobs(jobs, deliver, workers=self.workers)
        return [found[job.key] for job in jobs]
