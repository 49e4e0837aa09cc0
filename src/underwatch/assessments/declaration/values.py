"""The figures of a deployment file: a value, the range it may have, and a source."""

from __future__ import annotations

from typing import Annotated, Generic, TypeVar

from pydantic import Field

from underwatch.scenario.sections.values import Section

Text = Annotated[str, Field(min_length=1, max_length=4_000)]
Name = Annotated[str, Field(min_length=1, max_length=200)]


V = TypeVar("V", int, float)


Positive = Annotated[float, Field(gt=0, le=1e12)]
InPercent = Annotated[
    str, Field(pattern=r"^\d{1,12}(\.\d{1,12})? ?%$", title="percentage", examples=["60 %"])
]


def of_percent(value: object) -> float | None:
    """A number, or a text such as "0.6 %" in per cent; None of anything else.

    Examples
    --------
    >>> of_percent("0.6 %"), of_percent(60), of_percent("sixty")
    (0.6, 60.0, None)
    """
    if isinstance(value, str) and value.endswith("%"):
        try:
            return float(value.removesuffix("%"))
        except ValueError:
            return None
    known = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if known else None  # type: ignore[arg-type]


class Quantity(Section, Generic[V]):
    """A figure: {value, low, high, source}.

    low and high are the ends within which the value lies with a chance of 95 %; an assumption
    must have them. source: keys of the evidence, a publication with its confidence, "document:
    …" for a paper of the deployer's, or "assumption: why".
    """

    value: V
    low: V | None = None
    high: V | None = None
    source: Text


class Amount(Quantity[Annotated[float, Field(ge=0, le=1e12)]]):
    """A number of at least 0, such as passes a day or minutes."""


class Number(Quantity[Annotated[float, Field(gt=0, le=1e12)]]):
    """A number above 0 by which something is divided or multiplied, such as a factor."""


class Limit(Quantity[Annotated[float, Field(gt=0, le=1e12)]]):
    """The value of a measure at which a conclusion changes, in the unit of the measure.

    Of a measure in per cent also as text that says so, such as "0.6 %".
    """

    value: Positive | InPercent  # type: ignore[assignment]
    low: Positive | InPercent | None = None  # type: ignore[assignment]
    high: Positive | InPercent | None = None  # type: ignore[assignment]


class Whole(Quantity[Annotated[int, Field(ge=0, le=10_000_000_000)]]):
    """A whole number of at least 0, such as the faces on a list."""


class Chance(Quantity[Annotated[float, Field(ge=0, le=1)]]):
    """A probability or a share."""
