"""What a targets file declares: a scenario, the assumptions to fit, and what they are fitted to.

It is read like a scenario: unknown keys are refused, and every fault is reported with file and
line before any work starts. It holds aggregates only.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from underwatch.scenario.data import DATA
from underwatch.scenario.limits import MAX_DAYS, MAX_SEED
from underwatch.scenario.sections.values import Day, Section, Share

TARGETS = DATA / "targets"
Z = 1.959964  # a 95 % interval reaches so many standard errors to either side
A_PARAMETER = 10  # points of a wave for each parameter, where a file declares none
LEAST_POINTS, MOST_POINTS = 8, 2_000
Name = Annotated[str, Field(min_length=1, max_length=120)]
Number = Annotated[float, Field(allow_inf_nan=False)]
Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
DEFAULT = "default"  # as the range of a parameter: the range that its assumption has


class Target(Section):
    """One published aggregate, and the measure of a run that corresponds to it.

    Attributes
    ----------
    measure: a tally; without a date or `per`, a measure of the summary of that name comes first.
    by, since: the last day and the first day over which a flow is summed and another tally
        averaged; `since` is the first day of the scenario by default.
    at: the day of a tally that is no flow.
    per: a tally by which the measure is divided, over the same days.
    times: a factor, such as 100 for a percentage.
    before: what was counted before the first day of the scenario; it is added.
    value: the published figure; by default the middle of the interval.
    standard_error, or low and high: of the figure; low and high are its 95 % interval.
    discrepancy: how far the model may be off although its parameters are right, as a standard
        deviation and a share of the figure; by default that of the file.
    source, confidence: an evidence key or a publication, and how it was read (V, S, M, C).
    """

    measure: Name
    by: Day | None = None
    since: Day | None = None
    at: Day | None = None
    per: Name | None = None
    times: Positive = 1.0
    before: Annotated[float, Field(ge=0, allow_inf_nan=False)] = 0.0
    value: Number | None = None
    standard_error: Positive | None = None
    low: Number | None = None
    high: Number | None = None
    discrepancy: Share | None = None
    source: str
    confidence: Literal["V", "S", "M", "C"] | None = None

    @property
    def figure(self) -> float:
        """The published figure."""
        if self.value is not None:
            return self.value
        assert self.low is not None and self.high is not None
        return (self.low + self.high) / 2

    @property
    def error(self) -> float:
        """The standard error of the published figure."""
        if self.standard_error is not None:
            return self.standard_error
        assert self.low is not None and self.high is not None
        return (self.high - self.low) / (2 * Z)

    @property
    def last_day(self) -> date | None:
        """The last day that the target needs; None if it is about the whole run."""
        return self.by or self.at


class Correlated(Section):
    """Targets whose errors are correlated, as those of one cumulative series are.

    Attributes
    ----------
    targets: their names.
    correlation: of the errors of every two of them, with the discrepancy of the model.
    """

    targets: list[Name] = Field(min_length=2, max_length=200)
    correlation: Annotated[float, Field(gt=0, lt=1)]


class Declared(Section):
    """The figures of a targets file; see `Targets`."""

    SOURCELESS: ClassVar[tuple[str, ...]] = (
        "settings", "citizens", "days", "seed", "seeds", "points", "waves", "draws", "people",
        "discrepancy", "fit", "targets", "held_out", "correlated",
    )  # fmt: skip

    title: str = "A calibration"
    text: str = ""
    scenario: Name = Field(examples=["atlantic-2018"])
    settings: dict[str, Any] = Field(default_factory=dict)
    citizens: Annotated[int, Field(ge=1, le=4_000_000_000)] | None = None
    days: Annotated[int, Field(ge=1, le=MAX_DAYS)] | None = None
    seed: Annotated[int, Field(ge=0, le=MAX_SEED - 1_000_000)] | None = None
    seeds: Annotated[int, Field(ge=2, le=1_000)] = 2
    points: Annotated[int, Field(ge=LEAST_POINTS, le=MOST_POINTS)] | None = None
    waves: Annotated[int, Field(ge=1, le=20)] = 3
    draws: Annotated[int, Field(ge=5, le=1_000)] = 20
    people: Positive | None = None
    discrepancy: Share = 0.0
    fit: dict[str, Any] = Field(min_length=1, max_length=30)
    targets: dict[str, Target] = Field(min_length=1, max_length=200)
    held_out: dict[str, Target] = Field(default_factory=dict, max_length=200)
    correlated: dict[str, Correlated] = Field(default_factory=dict, max_length=100)

    @property
    def every(self) -> dict[str, Target]:
        """The targets, and after them those that are held out."""
        return self.targets | self.held_out

    def length(self, first_day: date, declared: int) -> int:
        """Days of a run: as given, or up to the last target; the whole run where one needs it.

        declared: the days of the scenario.
        """
        return self.days or days_up_to(self.every, first_day) or declared

    def length_of_waves(self, first_day: date, declared: int) -> int:
        """Days of a run of a wave, which end with the last target that is fitted."""
        whole = self.length(first_day, declared)
        if any(one.last_day is None for one in self.every.values()):
            return whole
        return days_up_to(self.targets, first_day) or whole


def days_up_to(targets: Mapping[str, Target], first_day: date) -> int | None:
    """The days up to the last of some targets; None if one is about the whole run."""
    ends = [one.last_day for one in targets.values()]
    known = [day for day in ends if day is not None]
    return None if len(known) < len(ends) else (max(known) - first_day + timedelta(1)).days
