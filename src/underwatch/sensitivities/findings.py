"""What is found by a sensitivity study: the bands, the differences, and what matters most."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from underwatch.errors import UserError, did_you_mean, shortened
from underwatch.report.robustness import Robustness
from underwatch.scenario import Scenario
from underwatch.study.result import Study


@dataclass(frozen=True, eq=False, repr=False)
class SensitivityFindings(Study):
    """The measures of a study; see `Sensitivity`."""

    provenance: dict[str, Any]
    scenarios: dict[str, Scenario]
    measures: dict[str, Robustness]

    kind: ClassVar[str] = "sensitivity"

    def check_measure(self, measure: str) -> Robustness:
        """A measure of this study. Raises UserError with the nearest name for any other."""
        if measure not in self.measures:
            close = did_you_mean(measure, self.measures)
            raise UserError(f"{shortened(measure)} is not a measure of this study{close}")
        return self.measures[measure]

    @property
    def baseline(self) -> str | None:
        """The scenario from which the differences are; None if there are none."""
        found = self.provenance["baseline"]
        return None if found is None else str(found)
