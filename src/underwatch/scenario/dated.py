"""A value that changes with dates.

`uptime: Dated[Share]` takes one value, valid from the beginning, or a mapping
of dates to values, each valid from its date until the next. Before the first
date of a mapping the thing does not exist yet: numbers are 0, switches are
False, lists are empty, and anything else is None, even where the field itself
would refuse a 0. Limits belong inside the brackets; a default is `Dated(0.5)`.
"""

import re
from bisect import bisect_right
from collections.abc import Mapping
from datetime import date
from itertools import pairwise
from typing import Any, Generic, TypeVar, get_args

from pydantic_core import PydanticCustomError, core_schema

T = TypeVar("T")
_DATE_LIKE = re.compile(r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}")


def like_a_date(key: object) -> bool:
    """Whether a key is meant as a date, be it a possible one or not."""
    return isinstance(key, date) or bool(_DATE_LIKE.fullmatch(str(key)))


def like_dates(written: object) -> bool:
    """Whether a mapping is meant as values by date."""
    return isinstance(written, Mapping) and any(map(like_a_date, written))


class Dated(Generic[T]):
    """What holds from when; `Dated(0.5)`, or `Dated({date(2018, 1, 1): 0.5})` ascending."""

    # No dataclass: pydantic would read its fields instead of asking it for a schema.
    __slots__ = ("steps",)
    steps: tuple[tuple[date | None, T], ...]

    def __init__(self, written: T | Mapping[date, T]):
        many = like_dates(written)
        for one, other in pairwise(written) if many else ():
            if other <= one:
                raise PydanticCustomError(
                    "dates_descend",
                    "{other} stands after {one}; dates ascend",
                    {"one": str(one), "other": str(other)},
                )
        object.__setattr__(self, "steps", tuple(written.items()) if many else ((None, written),))

    def on(self, day: date) -> T:
        """What holds on a day."""
        if self.steps[0][0] is None:
            return self.steps[0][1]
        place = bisect_right(self.changes, day)
        return self.steps[place - 1][1] if place else _nothing_like(self.steps[0][1])

    @property
    def changes(self) -> tuple[date, ...]:
        """The days on which another value begins to hold; none for an undated value."""
        return tuple(day for day, _ in self.steps if day is not None)

    @property
    def written(self) -> T | dict[date, T]:
        """The value or the mapping that this was made of."""
        return self.steps[0][1] if self.steps[0][0] is None else dict(self.steps)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError("a dated value is frozen; make another one")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Dated) and self.steps == other.steps

    def __hash__(self) -> int:
        return hash(self.steps)

    def __repr__(self) -> str:
        return f"Dated({self.written!r})"

    def __reduce__(self) -> tuple:
        return Dated, (self.written,)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> core_schema.CoreSchema:
        one = handler.generate_schema(*(get_args(source) or (Any,)))
        many = core_schema.dict_schema(core_schema.date_schema(), one, min_length=1)
        either = core_schema.tagged_union_schema(
            {"plain": one, "dated": many}, lambda v: "dated" if like_dates(v) else "plain"
        )
        # Only objects of Python can be Dated already; wrapping text would lose JSON's own rules.
        return core_schema.json_or_python_schema(
            core_schema.no_info_after_validator_function(cls, either),
            core_schema.no_info_wrap_validator_function(
                lambda v, check: cls(check(v.written if isinstance(v, Dated) else v)), either
            ),
            serialization=core_schema.plain_serializer_function_ser_schema(
                lambda v: v.written if isinstance(v, Dated) else v
            ),
        )

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: Any, handler: Any) -> dict[str, Any]:
        one = handler(schema["json_schema"]["schema"]["choices"]["plain"])
        dates = {"type": "object", "additionalProperties": one, "minProperties": 1}
        dates["propertyNames"] = {"format": "date"}
        return {"anyOf": [one, dates]}


def _nothing_like(value: Any) -> Any:
    """What stands for a thing that does not exist yet."""
    return type(value)() if isinstance(value, (bool, int, float, tuple, frozenset)) else None
