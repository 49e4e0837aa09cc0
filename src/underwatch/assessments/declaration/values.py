"""The figures of a deployment file: a value, the range it may have, and a source."""

from __future__ import annotations

from typing import Annotated, Generic, TypeVar

from pydantic import Field

from underwatch.scenario.sections.values import Section

Text = Annotated[str, Field(min_length=1, max_length=4_000)]
Name = Annotated[str, Field(min_length=1, max_length=200)]


V = TypeVar("V", int, float)


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


class Whole(Quantity[Annotated[int, Field(ge=0, le=10_000_000_000)]]):
    """A whole number of at least 0, such as the faces on a list."""


class Chance(Quantity[Annotated[float, Field(ge=0, le=1)]]):
    """A probability or a share."""
