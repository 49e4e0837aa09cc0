"""What a calibration has found, and what that says in sentences."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from underwatch.calibration.emulator import Diagnosis
from underwatch.calibration.matching import Wave
from underwatch.report.numbers import format_column, format_value
from underwatch.scenario import Scenario
from underwatch.study.measures import title_words
from underwatch.study.result import Study

LEVEL = 0.90
UNINFORMED = 0.8  # of the width before the fit: a parameter with a wider interval is not informed


@dataclass(frozen=True)
class Fitted:
    """One parameter: the range in which it was sought, and its posterior.

    declared: the value of the scenario. median, lower, upper: of the posterior; lower and upper
    bound 90 %. width: of that interval, as a share of 90 % of the range. None without a posterior.
    """

    name: str
    key: str
    since: str | None
    low: float
    high: float
    declared: float
    median: float | None = None
    lower: float | None = None
    upper: float | None = None
    width: float | None = None

    @property
    def informed(self) -> bool:
        """Whether the targets say anything about the parameter."""
        return self.width is not None and self.width < UNINFORMED

    @property
    def holds_declared(self) -> bool:
        """Whether the declared value lies in the interval."""
        if self.lower is None or self.upper is None:
            return False
        return self.lower <= self.declared <= self.upper


@dataclass(frozen=True)
class Compared:
    """One target beside the runs at points of the posterior.

    value, error, discrepancy: the published figure, its standard error, and that of the model.
    simulated, low, high: median and 90 % of the runs; None without a posterior. lowest, highest:
    of all runs; None if none reached its day. emulator: its diagnosis in the last wave; None if
    held out.
    """

    name: str
    measure: str
    held_out: bool
    value: float
    error: float
    discrepancy: float
    source: str
    lowest: float | None
    highest: float | None
    simulated: float | None = None
    low: float | None = None
    high: float | None = None
    emulator: Diagnosis | None = None

    @property
    def relative_error(self) -> float | None:
        """The simulated figure relative to the published one, less 1."""
        if self.simulated is None or not self.value:
            return None
        return self.simulated / self.value - 1


@dataclass(frozen=True, eq=False, repr=False)
class CalibrationFindings(Study):
    """The findings of a calibration; see `Calibration`."""

    provenance: dict[str, Any]
    scenarios: dict[str, Scenario]
    parameters: dict[str, Fitted]
    targets: dict[str, Compared]
    waves: tuple[Wave, ...]
    unreachable: tuple[str, ...]
    together: tuple[str, ...]
    declared_implausibility: float
    posterior: np.ndarray
    runs: np.ndarray

    kind: ClassVar[str] = "calibrate"

    @property
    def fitted(self) -> bool:
        """Whether any point of the space is plausible."""
        return len(self.posterior) > 0

    @property
    def uninformed(self) -> list[str]:
        """The parameters about which the targets say nothing."""
        return [one.name for one in self.parameters.values() if not one.informed]

    def sentences(self) -> list[str]:
        """The findings, the most important first."""
        return [*(self._fit() if self.fitted else self._refusal()), self._space()]

    def _refusal(self) -> list[str]:
        made = []
        for name in self.unreachable:
            one = self.targets[name]
            shown = format_column([one.value, one.lowest, one.highest])
            made.append(
                f"The model cannot reach {name} ({shown[0]}): its runs lie between {shown[1]} and "
                f"{shown[2]} over the whole of these ranges."
            )
        if not self.unreachable:
            made.append(
                f"The model cannot reach {title_words(self.together or tuple(self.targets))} "
                "together: every point that is plausible for one is ruled out by another."
            )
        return [*made, "Nothing is fitted: no point of the space is plausible."]

    def _fit(self) -> list[str]:
        made = []
        if known := [one for one in self.parameters.values() if one.informed]:
            parts = [f"{one.name} {interval_words(one)}" for one in known]
            made.append(f"Fitted (median and 90 % interval): {'; '.join(parts)}.")
        if silent := self.uninformed:
            made.append(
                f"The targets say nothing about {title_words(silent)}: the 90 % interval is at "
                f"least {100 * UNINFORMED:.0f} % as wide as before the fit."
            )
        for held_out, words in ((False, "fitted"), (True, "held-out")):
            errors = {
                one.name: one.relative_error for one in self.targets.values()
                if one.held_out == held_out and one.relative_error is not None
            }  # fmt: skip
            if errors:
                name = max(errors, key=lambda one: abs(errors[one] or 0))
                made.append(
                    f"The largest error of {len(errors):,} {words} targets is "
                    f"{100 * (errors[name] or 0):+.1f} % ({name})."
                )
        made.append(self._declared())
        return made

    def _declared(self) -> str:
        outside = [one.name for one in self.parameters.values() if not one.holds_declared]
        away = f"implausibility {self.declared_implausibility:.1f}, of at most 3"
        if self.declared_implausibility > 3:
            return f"The declared values together are ruled out ({away})."
        if outside:
            return (
                f"The declared values together are plausible ({away}), but "
                f"{title_words(outside)} lies outside its 90 % interval."
            )
        return f"The declared values are plausible ({away}) and lie in their 90 % intervals."

    def _space(self) -> str:
        shares = ", ".join(share_words(wave.share) for wave in self.waves)
        runs = sum(wave.runs for wave in self.waves)
        waves = "1 wave" if len(self.waves) == 1 else f"{len(self.waves):,} waves"
        return f"{waves} of {runs:,} runs in all left {shares} of the space."


def interval_words(one: Fitted) -> str:
    """The median and the interval of a parameter: 1.17 (1.08 to 1.26)."""
    if one.median is None:
        return "not fitted"
    ends = (one.lower, one.upper)
    cells = format_column([one.median, one.lower, one.upper], [ends] * 3)
    return f"{cells[0]} ({cells[1]} to {cells[2]})"


def share_words(share: float) -> str:
    """A share of the space in percent."""
    return "nothing" if not share else format_value(100 * share, unit="%")
