"""The range of every figure: between which values it is plausible, and why.

A range that a scenario states in the source of a figure, such as "(range 0.05 to 0.5)", comes
first (the figure lies within it, or the file is refused); otherwise the one of
data/assumptions.toml holds. A published figure, and one that is
switched off or acts through another that is, is not varied. A range is a path from its low end
(0) to its high end (1): straight, in the logarithm where the high end is at least three times
the low one.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Literal

from underwatch.errors import UserError, did_you_mean
from underwatch.scenario.data import DATA
from underwatch.scenario.dated import Dated
from underwatch.scenario.evidence import is_assumption, stated_range
from underwatch.scenario.keys import at, in_words, leaves, plain
from underwatch.scenario.loading.schema import LISTS, Shape
from underwatch.scenario.stated import numbers, range_left

if TYPE_CHECKING:
    from underwatch.scenario.scenario import Scenario

TABLE = DATA / "assumptions.toml"
Kind = Literal["fixed", "number", "factor", "first share", "days", "choice"]
_LOGARITHMIC = 3  # from this ratio of the ends on
_ENDS = ("low", "high", "factor", "alternatives", "days", "fixed", "reason", "together", "zero")
OFF = "It is switched off in this scenario."


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


def range_of(scenario: Scenario, key: str) -> Range:
    """The range of a figure of a scenario, by its dotted key.

    Raises UserError if the key is no figure.

    Examples
    --------
    >>> from underwatch.scenario import Scenario
    >>> found = range_of(Scenario.load("atlantic-2018"), "scoring.association")
    >>> found.words, found.low, found.high
    ('0.05 to 0.5', 0.05, 0.5)
    """
    known = dict(leaves(scenario))
    if key not in known or key not in table():
        raise UserError(f"{key} is not a figure of a scenario{did_you_mean(key, table())}")
    return _range_of(scenario, key, known[key], scenario.sources.get(key, ""))


def ranges(scenario: Scenario) -> dict[str, Range]:
    """The range of every figure of a scenario, in the order of declaration."""
    sources = scenario.sources
    return {
        key: _range_of(scenario, key, value, sources.get(key, ""))
        for key, value in leaves(scenario)
        if key in table()
    }


@cache
def table() -> Mapping[str, Mapping[str, Any]]:
    """The entries of data/assumptions.toml by key; read once."""
    return dict(_entries({k: v for k, v in _file().items() if k != "needs"}))


@cache
def _file() -> dict[str, Any]:
    return tomllib.loads(TABLE.read_text("utf-8"))


def _entries(table: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    for name, entry in table.items():
        if {*entry} <= {*_ENDS} and not any(isinstance(part, dict) for part in entry.values()):
            yield f"{above}{name}", entry
        else:
            yield from _entries(entry, f"{above}{name}.")


def _range_of(scenario: Scenario, key: str, value: Any, source: str) -> Range:
    declared, entry = plain(value), table()[key]
    steps = [step for _, step in value.steps] if isinstance(value, Dated) else [value]
    own = stated_range(source) if numbers(declared) else None
    reason = str(entry.get("reason") or entry.get("fixed"))
    made = Range(key, declared, "fixed", (), reason, str(entry.get("together", "")))
    if own is None and "assumption" not in source and not is_assumption(source):
        return replace(made, reason="It is a published figure.")
    if off := switched_off_by(scenario, key):
        return replace(made, reason=f"It acts only with {off}, which is off in this scenario.")
    if own is not None:
        return _numbers(made, own, stated=True)
    if all(map(_is_none, steps)) and not {"alternatives", "zero"} & {*entry}:
        empty = "It is not given in this scenario." if value is None else OFF
        return made if "fixed" in entry else replace(made, reason=empty)
    if "fixed" in entry:
        return made
    if left := range_left(source):
        words = f"The value given lies outside the range that was stated, {_ends(left)}"
        return _half_to_twice(made, words)
    if "days" in entry:
        return _dates(scenario, made, value, int(entry["days"]))
    if "alternatives" in entry:
        return _choice(made, entry["alternatives"])
    if "factor" in entry:
        return replace(made, kind="factor", ends=tuple(entry["factor"]))
    low, high = entry["low"], entry["high"]
    if isinstance(declared, list):
        return replace(made, kind="first share", ends=(low, high))
    return _numbers(made, (low, high))


def _only_number(*values: Any) -> list[Any] | None:
    """The numbers of values that have one each, alone, in a list or from a date; else None."""
    numbers = []
    for value in values:
        parts = [value]
        while len(parts) == 1 and isinstance(parts[0], list | dict):
            parts = [*parts[0].values()] if isinstance(parts[0], dict) else parts[0]
        numbers += parts
    return numbers if len(numbers) == len(values) else None


def _is_none(step: Any) -> bool:
    """Whether a value stands for nothing: 0, false, an empty list, not given."""
    return step is None or (not isinstance(step, str) and not step)


def switched_off_by(scenario: Scenario, key: str) -> str | None:
    """The figure that would have to be switched on for this one to act, if it is off."""
    for prefix, needed in _file()["needs"].items():
        if (key == prefix or key.startswith(f"{prefix}.")) and key != needed:
            value = at(scenario, needed)
            steps = [step for _, step in value.steps] if isinstance(value, Dated) else [value]
            if all(_is_none(step) for step in steps):
                return str(needed)
    return None


def _numbers(made: Range, ends: tuple[float, float], stated: bool = False) -> Range:
    """A range of absolute ends; of a list or of several steps, that of a common factor."""
    low, high = ends
    given = numbers(made.declared)
    if any(not low <= number <= high for number in given):
        return _half_to_twice(
            made, f"It lies outside the range of the shipped assumption, {_ends(ends)}"
        )
    if isinstance(made.declared, dict | list):
        if not all(given):
            return replace(made, reason=OFF)
        ratios = low / min(given), high / max(given)
        return replace(made, kind="factor", ends=ratios, stated=stated)
    return replace(made, kind="number", ends=(low, high), stated=stated)


def _half_to_twice(made: Range, why: str) -> Range:
    return replace(made, kind="factor", ends=(0.5, 2), reason=f"{why}; half to twice of it.")


def _ends(ends: tuple[float, float]) -> str:
    return f"{in_words(ends[0])} to {in_words(ends[1])}"


def _choice(made: Range, alternatives: list[Any]) -> Range:
    if made.declared not in alternatives:
        others = " or ".join(in_words(one) for one in alternatives)
        return replace(made, reason=f"The scenario chooses another value than {others}.")
    return replace(made, kind="choice", ends=tuple(alternatives))


def _dates(scenario: Scenario, made: Range, value: Any, most: int) -> Range:
    """Later dates at which something begins; an end that a scenario sets, and its order, stay."""
    if isinstance(value, Dated):
        movable = [
            day
            for n, (day, step) in enumerate(value.steps)
            if day is not None
            and day > scenario.first_day
            and not _stays(n, len(value.steps), step)
        ]
        gaps = [(b - a).days - 1 for a, b in pairwise(value.changes)]
        first = [(movable[0] - scenario.first_day).days] if movable else []
        most = min([most, *gaps, *first])
        if movable and most > 0:
            return replace(made, kind="days", ends=(-most, most))
    return replace(made, reason="It has no date within the scenario that could move.")


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
        made[day if _stays(n, len(declared), step) else moved.isoformat()] = step
    return made


def _stays(place: int, steps: int, step: Any) -> bool:
    """Whether the date of a step does not move: of the first of several, and where all ends."""
    return _is_none(step) or (place == 0 and steps > 1)


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
