"""What an assessment is made of: figures, estimates, findings, drivers, effects of safeguards."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from underwatch.assessments.deployment import Deployer as Deployer
from underwatch.assessments.deployment import Deployment as Deployment
from underwatch.assessments.deployment import Figure as Figure
from underwatch.assessments.deployment import Period as Period
from underwatch.measurement.estimates import TOO_FEW

WORLDS = ("as declared", "absent", "safeguarded")
ALL = "all"
AGREES = 0.999  # the level of the interval over seeds in which a closed form is to lie
Key = tuple[str, str, float | None]  # measure, group, threshold
Measured = tuple[float, int | None]  # a value, and the events it rests on
# By measure: the ends that the ranges of the inputs leave, and the share of draws that define it.
Intervals = dict[Key, tuple[float | None, float | None, float]]
Safeguards = frozenset[str] | None  # those in force; None: the system is absent


@dataclass(frozen=True)
class Estimate:
    """One number of the answer.

    measure: its key, such as "false_alerts_per_1000_passes"; label: a noun phrase for readers.
    world: "as declared", "absent", "safeguarded" or "safeguard:<key>".
    group: "all" or a group of the deployment file.
    threshold: of the operating curve; None where the measure does not hang on one.
    value: the best figure: the closed form where there is one, else the mean over seeds.
    input_low, input_high: what the ranges of the inputs leave (95 %), by closed form.
    chance_low, chance_high: the 95 % interval over seeds.
    simulated: the mean over seeds. events: counted in all seeds together.
    agrees: whether the closed form lies in the 99.9 % interval of runs; None if only one of them.
    kind: "closed form", "run" or "both".
    note: what a reader must know, such as "too few events (12)"; mostly empty.
    reach: how far a closed form may lie from the mean over seeds and still agree with it.
    """

    measure: str
    label: str
    unit: str
    value: float
    world: str = "as declared"
    group: str = ALL
    threshold: float | None = None
    input_low: float | None = None
    input_high: float | None = None
    chance_low: float | None = None
    chance_high: float | None = None
    simulated: float | None = None
    events: int | None = None
    agrees: bool | None = None
    kind: str = "closed form"
    note: str = ""
    reach: float | None = None

    @property
    def too_few(self) -> bool:
        """Whether its runs counted too few events to quote their figure."""
        return self.note.startswith(TOO_FEW)

    @property
    def interval(self) -> tuple[float, float] | None:
        """The interval to print beside the value: of the inputs if known, else of chance.

        None where the ranges of the inputs leave it open at the high end.
        """
        if self.input_low is not None:
            return None if self.input_high is None else (self.input_low, self.input_high)
        if self.chance_low is not None and self.chance_high is not None:
            return self.chance_low, self.chance_high
        return None


@dataclass(frozen=True)
class Finding:
    """One finding in a sentence, and the measures it rests on."""

    sentence: str
    measures: tuple[str, ...] = ()


@dataclass(frozen=True)
class Driver:
    """How far the conclusion moves when one input moves over its range.

    path: of the input; value, low, high: of the input as declared.
    at_low, at_high: the conclusion's measure there. turning_point: the value of the input at
    which the conclusion changes; None if it does not within what the input can be, or, where only
    runs know the measure, within its range (everywhere is False). Runs know it to lie between
    turning_low and turning_high. change_low, change_high: the 95 % interval of the change over
    seeds; None by closed form. sought: False if that change is no more than chance. within: where
    a turning point was sought, in words, such as "of the operating curve", if not everywhere.
    """

    path: str
    label: str
    value: float
    low: float
    high: float
    measure: str
    at_low: float
    at_high: float
    turning_point: float | None = None
    sought: bool = True
    everywhere: bool = True
    turning_low: float | None = None
    turning_high: float | None = None
    change_low: float | None = None
    change_high: float | None = None
    within: str = ""

    @property
    def swing(self) -> float:
        """How far the measure moves over the range of the input."""
        return abs(self.at_high - self.at_low)


@dataclass(frozen=True)
class SafeguardEffect:
    """What one safeguard changes. how: "assumed" (its effect is an input) or "emergent".

    change_low, change_high: the 95 % interval of the change that the ranges of the inputs leave, by
    closed form; None where there is none.
    """

    key: str
    label: str
    measure: str
    before: float
    after: float
    how: str
    change_low: float | None = None
    change_high: float | None = None

    @property
    def origin(self) -> str:
        """Where the effect is from, in words for readers."""
        return "stated in the file" if self.how == "assumed" else "follows from the model"

    @property
    def either_sign(self) -> bool:
        """Whether the ranges of the inputs leave a rise as well as a fall."""
        if self.change_low is None or self.change_high is None:
            return False
        return self.change_low < -self._tiny and self.change_high > self._tiny

    @property
    def unchanged(self) -> bool:
        """Whether the measure stays as it is, whatever the inputs."""
        ends = self.after - self.before, self.change_low or 0.0, self.change_high or 0.0
        return max(map(abs, ends)) <= self._tiny

    @property
    def _tiny(self) -> float:
        return 1e-9 * max(abs(self.before), abs(self.after))


@dataclass(frozen=True)
class Origin:
    """Where an assessment comes from. command: the line that reproduces it."""

    version: str
    hash: str
    seeds: tuple[int, ...]
    citizens: int
    days: int
    assumptions: int
    command: str
    seconds: float = 0.0


@dataclass(frozen=True)
class Answer:
    """One field of a form. cls: "R" (from the run), "D" (from the file), "A" (the author's).

    text: the answer, or for "A" what the author has to settle. facts: what it rests on.
    """

    id: str
    label: str
    cls: str
    text: str
    facts: tuple[Estimate, ...] = ()


@dataclass(frozen=True)
class Assessed:
    """All that was found out about a deployment: what answers, documents and exports read.

    Attributes
    ----------
    deployment: as declared. estimates: every number. findings: the first three head the page.
    conclusion: the key of the measure that the drivers speak of, and limit: the value of it
        beyond which the conclusion changes.
    """

    deployment: Deployment
    estimates: tuple[Estimate, ...]
    findings: tuple[Finding, ...]
    drivers: tuple[Driver, ...]
    safeguards: tuple[SafeguardEffect, ...]
    provenance: Origin
    conclusion: str = ""
    limit: float | None = None

    def select(
        self,
        measure: str | None = None,
        world: str | None = None,
        group: str | None = None,
        threshold: float | None = None,
    ) -> tuple[Estimate, ...]:
        """The estimates that fit, in their order."""
        wanted = {"measure": measure, "world": world, "group": group, "threshold": threshold}
        asked = {name: value for name, value in wanted.items() if value is not None}
        return tuple(
            each
            for each in self.estimates
            if all(getattr(each, name) == value for name, value in asked.items())
        )

    def estimate(
        self,
        measure: str,
        world: str = "as declared",
        group: str = ALL,
        threshold: float | None = None,
    ) -> Estimate | None:
        """The one estimate that fits, or None. Without a threshold: at the declared one."""
        if threshold is None:
            threshold = self.deployment.threshold
        found = self.select(measure, world, group)
        return next((each for each in found if each.threshold in (None, threshold)), None)

    @property
    def stamp(self) -> str:
        """What every page, chart and export carries."""
        origin = self.provenance
        return (
            f"All people in this assessment are invented. {origin.assumptions} figures are "
            f"assumptions. Underwatch {origin.version}, deployment {origin.hash}."
        )

    @property
    def name(self) -> str:
        """The file's name without its ending, such as "station"; for names of files."""
        return Path(self.deployment.path).stem or "assessment"
