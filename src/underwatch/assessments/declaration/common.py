"""The sections that deployments of every kind have."""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from underwatch.assessments.declaration.values import (
    Amount,
    Chance,
    Limit,
    Name,
    Number,
    Quantity,
    Text,
    Whole,
)
from underwatch.scenario.sections.values import Day, Section

KINDS = ("watch-list camera", "risk score", "citizen score", "patrol allocation")
Kind = Literal["watch-list camera", "risk score", "citizen score", "patrol allocation"]
Sector = Literal[
    "police", "municipality", "benefits agency", "transport", "education", "health", "bank",
    "company", "other public body",
]  # fmt: skip


class DeployerSection(Section):
    """Who deploys the system."""

    name: Name
    country: Name
    sector: Sector


class PeriodSection(Section):
    """How long the system is used, and how many hours a day."""

    first_day: Day = date(2026, 1, 1)
    days: Annotated[int, Field(ge=1, le=3_660)]
    hours_per_day: Annotated[float, Field(gt=0, le=24)]


class Group(Section):
    """A group of the people who are subject to the system."""

    text: Name
    share: Chance  # of passes, cases or people


class Review(Section):
    """What a human does with what the system reports."""

    text: Text
    true_confirmed: Chance  # of true reports
    false_confirmed: Chance  # of false reports, which are waved through
    reviewers: Annotated[int, Field(ge=1, le=10_000)]  # at work at the same time
    minutes_each: Number  # that one report takes


class Decisions(Section):
    """What is decided on a confirmed report, and what it does to a person."""

    text: Text
    acted_on: Chance  # of confirmed reports
    minutes_of_the_person: Amount  # that one decision costs a person
    consequences: list[Name]


class Appeals(Section):
    """How a wrong decision is contested."""

    text: Text
    filed_if_wrong: Chance  # of wrong decisions
    filed_if_right: Chance  # of right decisions
    upheld_if_wrong: Chance  # of appeals against wrong decisions, in the person's favour
    upheld_if_right: Chance  # of appeals against right decisions, in the person's favour
    officers: Annotated[int, Field(ge=1, le=10_000)]
    days_each: Number  # of an officer's work on one appeal


class Conclusion(Section):
    """The measure that decides, and the value at which the conclusion changes."""

    measure: Name
    limit: Limit  # in the unit of the measure: 50 for 50 %, or "50 %"


class Named(Section):
    """The head of every deployment file: who deploys what, where, and how long."""

    # Numbers carry their sources themselves, in the `source` of each figure.
    SOURCELESS: ClassVar[tuple[str, ...]] = ()
    CHECKS: ClassVar[tuple[()]] = ()

    kind: Kind
    title: Name
    purpose: Text
    deployer: DeployerSection
    place: Name
    period: PeriodSection
    legal_regime: list[Name]
    conclusion: Conclusion | None = None

    @classmethod
    def __pydantic_init_subclass__(cls, **options: object) -> None:
        cls.SOURCELESS = tuple(cls.model_fields)


class Deployed(Named):
    """A deployment of which single reports are reviewed, acted on and contested."""

    review: Review
    decisions: Decisions
    appeals: Appeals


__all__ = [
    "KINDS", "Amount", "Appeals", "Chance", "Conclusion", "Decisions", "Deployed", "Group", "Kind",
    "Name", "Named", "Number", "Quantity", "Review", "Section", "Text", "Whole",
]  # fmt: skip
