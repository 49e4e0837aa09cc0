"""The range of one figure, and the values along it.

A range is a path from its low end (0) to its high end (1): straight, in the logarithm where the
high end is at least three times the low one.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any, Literal

from underwatch.scenario.keys import in_words
from underwatch.scenario.loading.schema import LISTS, Shape

Kind = Literal["fixed", "number", "factor", "first share", "days", "choice"]
_LOGARITHMIC = 3  # from this ratio of the ends on


@dataclass(frozen=True)
class Range:
    """The range of one figure of a scenario.

    Attributes
    ----------
    key: of the figure.
    declared: what the scenario declares, as a file has it.
    kind: "number", "factor" (ends are multiples of what is declared), "first share" (of a list of
        shares; the others keep their proportions), "days" (later dates move), "choice" or "fixed".
    ends: the low and the high end, in the terms of the kind; the alternatives of a choice; empty
        if the figure is not varied.
    reason: why these ends, or why the figure is not varied.
    together: figures with the same word mean the same and move together; empty for none.
    stated: whether the scenario states the range itself.
    """

    key: str
    declared: Any
    kind: Kind
    ends: tuple[Any, ...]
    reason: str
    together: str = ""
    stated: bool = False

    @property
    def varied(self) -> bool:
        """Whether the figure is varied at all."""
        return self.kind != "fixed"

    @property
    def low(self) -> Any:
        """The value at the low end, as a file has it."""
        return self.value_at(0)

    @property
    def high(self) -> Any:
        """The value at the high end, as a file has it."""
        return self.value_at(1)

    def value_at(self, u: float) -> Any:
        """The value at a place of the range, from 0 (low end) to 1 (high end), as a file has it."""
        if not self.varied:
            return self.declared
        if self.kind == "choice":
            return self.ends[min(int(u * len(self.ends)), len(self.ends) - 1)]
        low, high = self.ends
        where = _between(low, high, u)
        if self.kind == "days":
            return _moved(self.declared, round(where))
        if self.kind == "first share":
            return _first_share(self.declared, where)
        if self.kind == "number":
            return _fitting(self.key, where)
        return _multiplied(self.key, self.declared, where)

    @property
    def words(self) -> str:
        """The range for people to read.

        Examples
        --------
        >>> Range("files.half_life_days", 365, "number", (180, 1825), "").words
        '180 to 1,825'
        """
        if not self.varied:
            return "not varied"
        if self.kind == "choice":
            return " or ".join(in_words(one) for one in self.ends)
        if self.kind == "days":
            return f"{in_words(self.ends[1])} days earlier to as many later"
        ends = self.ends
        if self.kind == "factor" and (numbers := _only_number(self.low, self.high)):
            return f"{in_words(numbers[0])} to {in_words(numbers[1])}"
        digits = 3 if self.kind == "factor" else 12  # a factor may be computed, others are stated
        low, high = (
            in_words(float(f"{one:.{digits}g}") if isinstance(one, float) else one) for one in ends
        )
        before, after = "the first " * (self.kind == "first share"), ""
        if self.kind == "factor":
            after = " times as declared"
        return f"{before}{low} to {high}{after}"


def _only_number(*values: Any) -> list[Any] | None:
    """The numbers of values that have one each, alone, in a list or from a date; else None."""
    numbers = []
    for value in values:
        parts = [value]
        while len(parts) == 1 and isinstance(parts[0], list | dict):
            parts = [*parts[0].values()] if isinstance(parts[0], dict) else parts[0]
        numbers += parts
    return numbers if len(numbers) == len(values) else None


def is_none(step: Any) -> bool:
    """Whether a value stands for nothing: 0, false, an empty list, not given."""
    return step is None or (not isinstance(step, str) and not step)


def _between(low: float, high: float, u: float) -> float:
    """The number at a place between two ends."""
    if low > 0 and high / low >= _LOGARITHMIC:
        return math.exp(math.log(low) + u * (math.log(high) - math.log(low)))
    return low + u * (high - low)


def _moved(declared: Mapping[str, Any], days: int) -> dict[str, Any]:
    """The dates of a value moved by some days; the first one and ends stay."""
    made: dict[str, Any] = {}
    for n, (day, step) in enumerate(declared.items()):
        moved = date.fromisoformat(day) + timedelta(days)
        made[day if stays(n, len(declared), step) else moved.isoformat()] = step
    return made


def _first_share(shares: list[float], first: float) -> list[float]:
    """Shares of a whole with another first one; the others keep their proportions."""
    rest = sum(shares[1:])
    if not rest:
        return shares
    others = [_rounded((1 - first) * share / rest) for share in shares[1:]]
    return [_rounded(first), *others]


def _multiplied(key: str, declared: Any, factor: float) -> Any:
    """A value times a factor, within what is accepted; of a series, 0 and the most stay."""
    if isinstance(declared, dict):
        shape = _shape(key)
        most = shape.bound("le")
        return {
            day: step if len(declared) > 1 and step == most else _multiplied(key, step, factor)
            for day, step in declared.items()
        }
    if isinstance(declared, list):
        return [_multiplied(key, one, factor) for one in declared]
    return _fitting(key, declared * factor)


def _fitting(key: str, number: float) -> float | int:
    """A number within the bounds of its key, whole where the key wants it."""
    shape = _shape(key)
    for name, limit in (("ge", max), ("le", min)):
        bound = shape.bound(name)
        number = number if bound is None else limit(number, bound)
    whole = int in shape.parts and float not in shape.parts
    return round(number) if whole else _rounded(number)


def _rounded(number: float) -> float:
    """A number without the last digits of its computation."""
    return float(f"{number:.9g}")


@cache
def _shape(key: str) -> Shape:
    """What the schema expects at a key; of a list, at its entries."""
    from underwatch.scenario.declaration import Declaration

    shape = Shape.of(Declaration)
    for name in key.split("."):
        found = shape.child(name)
        assert found is not None, key
        shape = found
    if any(kind in shape.parts for kind in LISTS):
        return shape.within((0,)) or shape
    return shape


def stays(place: int, steps: int, step: Any) -> bool:
    """Whether the date of a step does not move: of the first of several, and where all ends."""
    return is_none(step) or (place == 0 and steps > 1)
