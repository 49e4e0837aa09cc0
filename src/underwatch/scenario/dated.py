"""A value that changes with dates.

`uptime: Dated[Share]` takes one value, which always holds, or a mapping of dates to values, each
of which holds from its date until the next. Before the first date of a mapping nothing holds:
numbers are 0, switches are False, lists are empty, and anything else is None, even where the
field itself would refuse a 0. Limits belong inside the brackets; a default is `Dated(0.5)`.
Dates lie from 1900 to 2200, so that sums of dates and days never overflow.
"""

import re
from bisect import bisect_right
from collections.abc import Mapping
from datetime import date
from itertools import pairwise
from typing import Any, Generic, TypeVar, cast, get_args

from pydantic_core import PydanticCustomError, core_schema

T = TypeVar("T")
FIRST_DATE, LAST_DATE = date(1900, 1, 1), date(2200, 12, 31)
_DATE_LIKE = re.compile(r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}")


def like_a_date(key: object) -> bool:
    """Whether a key is meant as a date, possible or not."""
    return isinstance(key, date) or bool(_DATE_LIKE.fullmatch(str(key)))


def like_dates(written: object) -> bool:
    """Whether a value is a mapping of dates to values."""
    return isinstance(written, Mapping) and any(map(like_a_date, written))


class Dated(Generic[T]):
    """A value, or values by ascending date.

    Examples
    --------
    >>> Dated(0.5).on(date(2018, 1, 1))
    0.5
    >>> Dated({date(2016, 1, 1): 0.05, date(2018, 1, 1): 0.15}).on(date(2017, 6, 30))
    0.05
    """

    # Not a dataclass: pydantic would read its fields instead of calling its schema method.
    __slots__ = ("steps",)
    steps: tuple[tuple[date | None, T], ...]

    def __init__(self, written: T | Mapping[date, T]):
        steps: tuple[tuple[date | None, T], ...] = ((None, cast(T, written)),)
        if isinstance(written, Mapping) and like_dates(written):
            steps = tuple(written.items())
        for one, other in pairwise(cast(date, day) for day, _ in steps):
            if other <= one:
                raise PydanticCustomError(
                    "dates_descend",
                    "{other} follows {one}, but dates ascend",
                    {"one": str(one), "other": str(other)},
                )
        object.__setattr__(self, "steps", steps)

    def on(self, day: date) -> T:
        """The value that holds on a day."""
        if self.steps[0][0] is None:
            return self.steps[0][1]
        place = bisect_right(self.changes, day)
        return self.steps[place - 1][1] if place else _zero_like(self.steps[0][1])

    @property
    def changes(self) -> tuple[date, ...]:
        """The days on which the value changes; none for an undated value."""
        return tuple(day for day, _ in self.steps if day is not None)

    @property
    def written(self) -> T | dict[date, T]:
        """The value or the mapping as it was written."""
        by_date = {day: value for day, value in self.steps if day is not None}
        return by_date or self.steps[0][1]

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError("a dated value cannot be changed; create another one")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Dated) and self.steps == other.steps

    def __hash__(self) -> int:
        return hash(self.steps)

    def __repr__(self) -> str:
        return f"Dated({self.written!r})"

    def __reduce__(self) -> tuple[Any, ...]:
        return Dated, (self.written,)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> core_schema.CoreSchema:
        one = handler.generate_schema(*(get_args(source) or (Any,)))
        many = core_schema.dict_schema(
            core_schema.date_schema(ge=FIRST_DATE, le=LAST_DATE), one, min_length=1
        )
        either = core_schema.tagged_union_schema(
            {"plain": one, "dated": many}, lambda v: "dated" if like_dates(v) else "plain"
        )
        # Only Python objects can be Dated already; JSON keeps its own strictness.
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


def _zero_like(value: Any) -> Any:
    """The value before the first date: 0, False, empty or None."""
    return type(value)() if isinstance(value, (bool, int, float, tuple, frozenset)) else None
