"""The figures of a deployment file: a value, the range it may have, and a source."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from underwatch.scenario.sections.values import Section

Text = Annotated[str, Field(min_length=1, max_length=4_000)]
Name = Annotated[str, Field(min_length=1, max_length=200)]


class Quantity(Section):
    """A figure: {value, low, high, source}.

    low and high are the ends within which the value lies with a chance of 95 %; an assumption
    must have them. source: keys of the evidence, a publication with its confidence, "document:
    …" for a paper of the deployer's, or "assumption: why".
    """

    value: Any
    low: Any = None
    high: Any = None
    source: Text


class Amount(Quantity):
    """A number of at least 0, such as passes a day or minutes."""

    value: Annotated[float, Field(ge=0, le=1e12)]
    low: Annotated[float, Field(ge=0, le=1e12)] | None = None
    high: Annotated[float, Field(ge=0, le=1e12)] | None = None


class Number(Quantity):
    """A number above 0 by which something is divided or multiplied, such as a factor."""

    value: Annotated[float, Field(gt=0, le=1e12)]
    low: Annotated[float, Field(gt=0, le=1e12)] | None = None
    high: Annotated[float, Field(gt=0, le=1e12)] | None = None


class Whole(Quantity):
    """A whole number of at least 0, such as the faces on a list."""

    value: Annotated[int, Field(ge=0, le=10_000_000_000)]
    low: Annotated[int, Field(ge=0, le=10_000_000_000)] | None = None
    high: Annotated[int, Field(ge=0, le=10_000_000_000)] | None = None


class Chance(Quantity):
    """A probability or a share."""

    value: Annotated[float, Field(ge=0, le=1)]
    low: Annotated[float, Field(ge=0, le=1)] | None = None
    high: Annotated[float, Field(ge=0, le=1)] | None = None
