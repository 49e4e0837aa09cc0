"""What has been read so far of one model: its leaves with their sources and places."""

from dataclasses import dataclass, field
from itertools import count
from typing import Any, Generic, TypeVar

from pydantic import BaseModel

from underwatch.errors import Problem
from underwatch.scenario.loading.documents import Rel
from underwatch.scenario.loading.schema import Shape

Names = tuple[str, ...]  # a path of names from the top of the model


@dataclass(frozen=True)
class Leaf:
    """One value as written, its source, the place of each part, and its rank in time."""

    value: Any
    source: str
    places: dict[Rel, str | None]
    rank: int = 0

    def where(self, rel: Rel) -> str | None:
        """The place of a part, or of the nearest part that holds it."""
        return next(self.places[rel[:n]] for n in range(len(rel), -1, -1) if rel[:n] in self.places)


M = TypeVar("M", bound=BaseModel)


@dataclass
class Gathered(Generic[M]):
    """What has been read so far of one model."""

    model: type[M]
    problems: list[Problem]
    complete: bool = True  # False if a file could not be read: what is missing may be no fault
    to_extend: str | None = None  # a scenario that a file which extends none could extend
    census: str | None = None  # the census that was named last, by name or path
    leaves: dict[Names, Leaf] = field(default_factory=dict)
    places: dict[Names, str | None] = field(default_factory=dict)  # of sections and leaves
    refused: set[Names] = field(default_factory=set)  # already reported
    ranks: "count[int]" = field(default_factory=count)

    def shape_at(self, path: tuple[str | int, ...]) -> Shape:
        """What may stand at a path; the nearest section above it, if the path is unknown."""
        shape = Shape.of(self.model)
        for name in path:
            shape = shape.child(str(name)) or shape
        return shape
