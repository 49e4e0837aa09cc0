"""What a deployment file of the kind "watch-list camera" declares."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from underwatch.assessments.declaration.common import (
    Amount,
    Chance,
    Deployed,
    Group,
    Name,
    Number,
    Quantity,
    Text,
    Whole,
)
from underwatch.scenario.sections.values import Section, Threshold


class Often(Quantity[Annotated[float, Field(gt=0, le=100_000)]]):
    """How many times a year: at most some 270 a day."""


class Prevalence(Quantity[Annotated[float, Field(ge=0, le=0.5)]]):
    """A share of the passes of which a watch list can make sense: at most half."""


class Visitors(Section):
    """People who pass about equally often."""

    share_of_passes: Chance
    passes_per_year: Often  # of one of them


class People(Section):
    """Who passes the cameras."""

    passes_per_day: Number
    visitors: Annotated[dict[str, Visitors], Field(min_length=1, max_length=8)]
    groups: Annotated[dict[str, Group], Field(min_length=1, max_length=8)]


class WatchList(Section):
    """The list that faces are compared with."""

    size: Whole  # faces
    rule: Text  # who is put on it
    categories: dict[str, Whole] = {}  # faces by reason
    share_of_passes: Prevalence  # by people on the list


class CurvePoint(Section):
    """The error rates of the matcher at one threshold."""

    threshold: Threshold
    false_match_rate: Chance  # FMR: of a comparison with one other face, mean over the tested mix
    miss_rate: Chance  # FNIR: of passes by people on the list


class Accuracy(Section):
    """The operating curve, its differences between groups, and the threshold in use."""

    algorithm: Name
    threshold: Threshold
    compare_thresholds: Annotated[list[Threshold], Field(max_length=6)] = []
    curve: Annotated[dict[str, CurvePoint], Field(min_length=1, max_length=16)]
    group_factors: dict[str, Number]  # on the FMR
    tested_mix: dict[str, Chance] = {}  # of groups; empty: as among the passes
    lookalike_spread: Amount  # coefficient of variation of the FMR among people


class HigherThreshold(Section):
    """The same matcher at a stricter threshold; its effect follows from the curve."""

    by: Number


class SmallerList(Section):
    """A shorter list; its effect follows from the law of FPIR."""

    size: Whole
    share_of_passes: Prevalence  # by people on the shorter list


class SecondReviewer(Section):
    """A second person confirms each alert; the shares are inputs."""

    true_confirmed: Chance
    false_confirmed: Chance


class NoRepeatedAlert(Section):
    """Whoever was falsely stopped is not alerted on again in the period."""

    works_for: Chance  # of people stopped falsely


class FewerHours(Section):
    """The cameras search for part of the hours."""

    hours_per_day: Annotated[float, Field(gt=0, le=24)]


class CameraSafeguards(Section):
    """The safeguards whose effect is asked for, each by its figures."""

    higher_threshold: HigherThreshold | None = None
    smaller_list: SmallerList | None = None
    second_reviewer: SecondReviewer | None = None
    no_repeated_alert: NoRepeatedAlert | None = None
    fewer_hours: FewerHours | None = None


class WatchListCamera(Deployed):
    """A camera that compares every face with a list."""

    kind: Literal["watch-list camera"]
    people: People
    list: WatchList
    accuracy: Accuracy
    safeguards: CameraSafeguards = CameraSafeguards()
