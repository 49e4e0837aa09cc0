"""What a study of diffusion declares: invented states, adoption, small nations and the index.

It is read like a scenario: frozen, unknown keys refused, a source for every figure.
"""

import hashlib
import json
from datetime import date
from functools import cache
from pathlib import Path
from typing import ClassVar

from pydantic import Field, ValidationInfo, field_validator, model_validator

from underwatch.errors import UserError, did_you_mean
from underwatch.scenario import Scenario, Section
from underwatch.scenario.checks import TOLERANCE
from underwatch.scenario.data import STUDIES
from underwatch.scenario.dated import Dated
from underwatch.study.diffusion.law import REGIMES, Adoption, ByRegime, Offer, Year

__all__ = ["REGIMES", "Study", "as_on", "reading"]
MOST_OFFERS = 12  # a trial nation may be needed for every set of them


class Years(Section):
    """The years in which states decide, both ends included."""

    first: Year
    last: Year

    @model_validator(mode="after")
    def _ascend(self):
        if self.last < self.first:
            raise ValueError(f"the years end in {self.last}, before they begin in {self.first}")
        return self


class Invented(Section):
    """The states and their trade; they have numbers and no names."""

    number: int = Field(ge=2, le=2_000, examples=[176])
    regimes: ByRegime  # shares of the states
    size_spread: float = Field(ge=0, le=3)  # standard deviation of the logarithm of sizes
    exporter_size: float = Field(ge=0, le=1000)  # times the size of the median state
    distance_exponent: float = Field(ge=0, le=4)  # trade falls with distance to this power

    @field_validator("regimes")
    @classmethod
    def _whole(cls, regimes: ByRegime) -> ByRegime:
        total = sum(regimes.values)
        if abs(total - 1) > TOLERANCE:
            raise ValueError(f"the shares of the regimes add up to {total:.6g}, not to 1")
        return regimes


class Nations(Section):
    """The small nation that is simulated for each adopting state."""

    citizens: int = Field(ge=1, le=10_000_000, examples=[2000])
    before: str  # the scenario without any organ
    settled: list[str]  # KEY=VALUE, applied to `before` in every nation
    after: str  # each organ is as on the last day of this scenario

    @model_validator(mode="after")
    def _worlds_exist(self):
        try:
            self.worlds()
        except UserError as error:
            raise ValueError(error.problems[0].sentence) from None
        return self

    def worlds(self) -> tuple[Scenario, Scenario]:
        """The scenarios before and after, both as on the last day of the second."""
        return _worlds(self.before, tuple(self.settled), self.after)


class Trials(Section):
    """The nations in which a group of organs is tried: what adopters measure and others hear."""

    populations: int = Field(ge=1, le=100, examples=[3])  # a state has one of them
    days: int = Field(ge=1, le=3653)  # with the organs; the last 365 of them are measured


class Index(Section):
    """The published index with which adoption is compared; it is no input of adoption."""

    year: Year  # at the end of which adopters are counted
    uses: list[str]  # offers that count as AI surveillance
    faces: list[str]  # offers that count as face recognition
    replicates: int = Field(ge=1, le=10_000, examples=[200])  # over which shares are averaged
    fitted: bool  # whether any figure of the study was fitted to the index


class Study(Section):
    """A study of how the organs spread between invented states.

    Examples
    --------
    >>> Study.load("diffusion").states.number
    176
    """

    SOURCELESS: ClassVar[tuple[str, ...]] = ("seed",)

    title: str
    text: str
    seed: int = Field(ge=0, lt=1 << 63, examples=[2018])
    years: Years
    states: Invented
    adoption: Adoption
    offers: dict[str, Offer] = Field(min_length=1, max_length=MOST_OFFERS)
    trials: Trials
    nations: Nations
    index: Index

    @field_validator("offers")
    @classmethod
    def _known_before(cls, offers: dict[str, Offer]) -> dict[str, Offer]:
        for name, offer in offers.items():
            for other in offer.after:
                _check_offer(f"{name} comes after {other}, which", other, offers)
        circle = _circle(offers)
        if circle:
            raise ValueError(
                f"{' comes after '.join(circle)}, in a circle, so that no state could adopt any "
                f"of them; take out one entry of `after`"
            )
        return offers

    @field_validator("index")
    @classmethod
    def _can_be_counted(cls, index: Index, info: ValidationInfo) -> Index:
        offers, years = info.data.get("offers"), info.data.get("years")
        for name in [*index.uses, *index.faces] if offers else []:
            _check_offer(f"{name} is counted, but it", name, offers)
        if years and not years.first <= index.year <= years.last:
            raise ValueError(
                f"{index.year} is to be compared, but the years are {years.first} to {years.last}"
            )
        return index

    @classmethod
    def load(cls, name: str | Path, settings=()) -> "Study":
        """Read a shipped study by its name, or a file by its path; settings are "key=value"."""
        return reading(name, settings).value

    @property
    def hash(self) -> str:
        """SHA-256 of all that is declared, except title and text."""
        declared = self.model_dump(mode="json", exclude={"title", "text"})
        text = json.dumps(declared, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


def reading(name: str | Path, settings=()):
    """A study with the sources and lines of its figures."""
    from underwatch.scenario.loading import read

    return read(name, Study, settings, STUDIES)


@cache
def _worlds(before: str, settled: tuple[str, ...], after: str) -> tuple[Scenario, Scenario]:
    whole = Scenario.load(after)
    bare = Scenario.load(before, settled)
    return as_on(bare, whole.last_day), as_on(whole, whole.last_day)


def as_on(section: Section, day: date) -> Section:
    """A section with every dated figure fixed at its value on a day."""
    update = {}
    for name, value in section:
        if isinstance(value, Dated):
            update[name] = Dated(value.on(day))
        elif isinstance(value, Section):
            update[name] = as_on(value, day)
    return section.model_copy(update=update)


def _check_offer(start: str, name: str, offers: dict[str, Offer]) -> None:
    if name not in offers:
        raise ValueError(f"{start} is not an offer{did_you_mean(name, offers)}")


def _circle(offers: dict[str, Offer]) -> list[str]:
    """Offers of which each comes after the next, the first repeated at the end; empty if none."""
    settled: set[str] = set()
    while True:
        free = {n for n, o in offers.items() if n not in settled and settled.issuperset(o.after)}
        if not free:
            break
        settled |= free
    chain = [name for name in offers if name not in settled][:1]
    while chain and chain[-1] not in chain[:-1]:
        chain.append(next(other for other in offers[chain[-1]].after if other not in settled))
    return chain[chain.index(chain[-1]) :] if chain else []
