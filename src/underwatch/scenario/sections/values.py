"""The kinds of values that a scenario is made of, with their units and ranges."""

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from underwatch.scenario.dated import FIRST_DATE, LAST_DATE

Day = Annotated[date, Field(ge=FIRST_DATE, le=LAST_DATE)]
Share = Annotated[float, Field(ge=0, le=1)]
Level = Annotated[float, Field(ge=0, le=1, title="level")]  # 0 = no change, 1 = full
Rate = Annotated[float, Field(ge=0, le=365)]  # a year; a mean over those who can act at all
MonthlyRate = Annotated[float, Field(ge=0, le=12)]  # a year
Points = Annotated[int, Field(ge=-1000, le=1000)]
ScoreAt = Annotated[int, Field(ge=0, le=5_000)]
Weight = Annotated[float, Field(ge=0, le=100)]
Days = Annotated[int, Field(ge=1, le=20_000)]  # see `too_long`: what a run's state can count
Density = Annotated[float, Field(ge=0, le=10_000)]  # cameras per 1,000 people
Gallery = Annotated[int, Field(ge=0, le=10_000_000_000)]  # enrolled faces
Threshold = Annotated[float, Field(ge=-1e6, le=1e6)]  # on the scale of the matcher itself
Places = Annotated[float, Field(ge=0, le=100_000)]  # a day, for each million people
Ban = Literal["flights", "trains", "visas"]
Office = Literal["local", "regional", "national"]
Expression = Literal["posts", "petitions", "messages"]
Source = Literal["banks", "courts", "marketplaces", "platforms", "cameras", "police", "registers"]


class Section(BaseModel):
    """A section of a scenario."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, defer_build=True)


class ShareByPlace(Section):
    """One probability each for rural places, towns and metropolises."""

    rural: Share
    town: Share
    metropolis: Share
