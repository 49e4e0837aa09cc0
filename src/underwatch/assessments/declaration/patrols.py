"""What a deployment file of the kind "patrol allocation" declares (organ M27)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from underwatch.assessments.declaration.common import (
    Amount,
    Chance,
    Deployed,
    Name,
    Number,
    Text,
    Whole,
)
from underwatch.scenario.sections.values import Section


class District(Section):
    """A district that patrols are sent to."""

    residents: Whole
    of_group: Chance  # of them
    discovered: Chance  # chance that a patrol discovers an incident in a day
    reported: Amount  # incidents that residents report in a day
    entered: Number  # incidents in the records on the first morning


class Districts(Section):
    """The districts, and the group whose share of the burden is asked for."""

    group: Name
    districts: Annotated[dict[str, District], Field(min_length=2, max_length=64)]


class Allocation(Section):
    """How patrols are sent."""

    text: Text
    patrols: Annotated[int, Field(ge=1, le=10_000)]  # a day
    reported_weight: Number  # of a reported incident in the records, beside 1 for a discovered one


class Stops(Section):
    """What a patrol does to residents."""

    per_patrol: Annotated[int, Field(ge=0, le=1_000)]  # people stopped in a day
    minutes_of_the_person: Amount


class Repaired(Section):
    """What patrols discover enters the records less where patrols are more."""

    text: Text


class ReportsOnly(Section):
    """What patrols discover does not enter the records."""

    text: Text


class FewerStops(Section):
    """Fewer people are stopped by a patrol."""

    per_patrol: Annotated[int, Field(ge=0, le=1_000)]


class PatrolSafeguards(Section):
    """The safeguards whose effect is asked for."""

    repaired: Repaired | None = None
    reports_only: ReportsOnly | None = None
    fewer_stops: FewerStops | None = None


class PatrolAllocation(Deployed):
    """Patrols that follow records."""

    kind: Literal["patrol allocation"]
    people: Districts
    allocation: Allocation
    stops: Stops
    safeguards: PatrolSafeguards = PatrolSafeguards()
