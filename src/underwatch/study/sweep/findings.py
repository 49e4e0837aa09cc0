"""What is found by a sweep: its Dataset, what failed, and what these say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from underwatch.errors import UserError, did_you_mean, shortened
from underwatch.scenario import Scenario
from underwatch.study.result import Study
from underwatch.study.sweep.declaration import SOBOL
from underwatch.study.sweep.gathered import DONE, WAITING, Failed

if TYPE_CHECKING:
    import xarray as xr

HEADLINES = ("chilled_share", "restricted_now", "wrongful", "offences_deterred")


@dataclass(frozen=True, eq=False, repr=False)
class SweepFindings(Study):
    """The runs of a plan; see `Sweep`."""

    provenance: dict[str, Any]
    scenarios: dict[str, Scenario]
    dataset: xr.Dataset
    failures: tuple[Failed, ...]
    record: dict[str, Any]

    kind: ClassVar[str] = "sweep"

    @property
    def points(self) -> list[dict[str, Any]]:
        """The settings of each point of the plan, in order."""
        return list(self.record["points"])

    @property
    def seeds(self) -> tuple[int, ...]:
        """The seeds."""
        return tuple(self.record["seeds"])

    @property
    def measures(self) -> list[str]:
        """The measures and outputs that are numbers, by name."""
        rank = self.dataset["status"].ndim
        return [
            str(name) for name, one in self.dataset.data_vars.items()
            if one.ndim == rank and name not in ("status", "state_hash")
        ]  # fmt: skip

    @property
    def counts(self) -> dict[str, int]:
        """How many runs the plan has, and how many are done, failed and waiting."""
        status = self.dataset["status"].values
        done, waiting = int((status == DONE).sum()), int((status == WAITING).sum())
        return {"runs": status.size, "done": done, "failed": status.size - done - waiting,
                "waiting": waiting}  # fmt: skip

    def check_measure(self, measure: str) -> str:
        """A measure of this sweep. Raises UserError with the nearest name for any other."""
        if measure not in self.measures:
            what = "is not a measure or an output of this sweep"
            raise UserError(f"{shortened(measure)} {what}{did_you_mean(measure, self.measures)}")
        return measure

    def headlines(self) -> list[str]:
        """The measures that a page shows first."""
        return [name for name in HEADLINES if name in self.measures] or self.measures[:4]

    @property
    def is_sobol(self) -> bool:
        """Whether the plan is one of which Sobol' indices can be estimated."""
        return bool(self.record["plan"]["plan"] == SOBOL)
