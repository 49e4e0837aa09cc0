"""What a study declares of adoption: what regimes want, how states learn, and what is on offer."""

from typing import Annotated

from pydantic import Field, field_validator

from underwatch.errors import did_you_mean
from underwatch.scenario import Scenario, Section
from underwatch.scenario.dated import Dated
from underwatch.scenario.sections.values import Share

Year = Annotated[int, Field(ge=1950, le=2100)]
Want = Annotated[float, Field(ge=-10, le=10)]  # worth of a whole change; below 0, a harm


class ByRegime(Section):
    """One share for each type of regime, as the published index has them."""

    liberal_democracy: Share
    electoral_democracy: Share
    electoral_autocracy: Share
    closed_autocracy: Share

    @property
    def values(self) -> list[float]:
        """The values in the order of REGIMES."""
        return [value for _, value in self]


REGIMES = tuple(ByRegime.model_fields)


class WantByRegime(Section):
    """What one goal is worth to each type of regime, if it is reached in full."""

    liberal_democracy: Want
    electoral_democracy: Want
    electoral_autocracy: Want
    closed_autocracy: Want


class Wants(Section):
    """The worth of what trial nations measure, by goal; see `goals.GOALS`."""

    fewer_offences: WantByRegime
    fewer_arrears: WantByRegime
    less_criticism: WantByRegime
    more_support: WantByRegime
    more_restricted: WantByRegime

    @property
    def values(self) -> list[list[float]]:
        """Goals by regimes, in the order of GOALS and REGIMES."""
        return [[value for _, value in want] for _, want in self]


class Adoption(Section):
    """How a state decides, the same for every group of organs."""

    innovation: Share  # chance a year to consider a group without any seller
    imitation: Share  # added if all trade is with sellers
    doubt: float = Field(gt=0, le=1000)  # scale of the logistic choice, in the unit of the wants
    held_helps: float = Field(ge=0, le=10)  # relative increase by each group that is held
    seller_growth: float = Field(ge=0, le=10)  # relative, by each doubling of a seller's sales
    price_fall: Share  # by each doubling of the number of adopters
    wants: Wants


class Offer(Section):
    """A group of organs on offer."""

    organs: list[str] = Field(min_length=1)  # numbers of the table of organs, such as M11
    offered_from: Year
    after: list[str]  # offers that a state must have adopted before
    price: float = Field(ge=0, le=100)  # of the first, in the unit of the wants
    switches: list[str] = Field(min_length=1)  # keys of dated figures of a scenario

    @field_validator("organs")
    @classmethod
    def _known_organs(cls, numbers: list[str]) -> list[str]:
        from underwatch.scenario.organs import organs

        known = [organ.number for organ in organs() if not organ.deployment]
        for number in numbers:
            if number not in known:
                raise ValueError(f"{number} is no organ of a nation{did_you_mean(number, known)}")
        return numbers

    @field_validator("switches")
    @classmethod
    def _known_switches(cls, keys: list[str]) -> list[str]:
        known = list(dated_keys(Scenario))
        for key in keys:
            if key not in known:
                raise ValueError(
                    f"{key} is no dated figure of a scenario{did_you_mean(key, known)}"
                )
        return keys


def dated_keys(section: type[Section], above: str = ""):
    """The keys of all figures that may change with dates."""
    for name, field in section.model_fields.items():
        kind = field.annotation
        if isinstance(kind, type) and issubclass(kind, Section):
            yield from dated_keys(kind, f"{above}{name}.")
        elif getattr(kind, "__origin__", None) is Dated:
            yield f"{above}{name}"
