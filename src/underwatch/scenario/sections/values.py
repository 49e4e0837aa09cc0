"""The kinds of values that a scenario is made of."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Share = Annotated[float, Field(ge=0, le=1)]
Rate = Annotated[float, Field(ge=0, le=366)]  # a year
Count = Annotated[int, Field(ge=0)]
Points = Annotated[int, Field(ge=-1000, le=1000)]
ScoreAt = Annotated[int, Field(ge=0, le=5_000)]
Weight = Annotated[float, Field(ge=0, le=100)]
Days = Annotated[int, Field(ge=1, le=20_000)]
Places = Annotated[float, Field(ge=0, le=100_000)]  # a day, for each million people
Ban = Literal["flights", "trains", "visas"]
Office = Literal["local", "regional", "national"]
Source = Literal["banks", "courts", "marketplaces", "platforms", "cameras", "police", "registers"]


class Section(BaseModel):
    """A section of a scenario."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class ByPlace(Section):
    """One value for the country, for towns and for metropolises."""

    rural: float = Field(ge=0)
    town: float = Field(ge=0)
    metropolis: float = Field(ge=0)


class ShareByPlace(Section):
    """One probability for the country, for towns and for metropolises."""

    rural: Share
    town: Share
    metropolis: Share
