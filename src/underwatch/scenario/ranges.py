"""The range of every figure: between which values it is plausible, and why.

A range that a scenario states in the source of a figure, such as "(range 0.05 to 0.5)", comes
first (the figure lies within it, or the file is refused); otherwise the one of
data/assumptions.toml holds. A published figure, and one that is
switched off or acts through another that is, is not varied.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from underwatch.errors import UserError, did_you_mean
from underwatch.scenario.data import DATA
from underwatch.scenario.dated import Dated
from underwatch.scenario.evidence import is_assumption, stated_range
from underwatch.scenario.figure_range import Range, is_none, stays
from underwatch.scenario.keys import at, in_words, leaves, plain
from underwatch.scenario.stated import numbers, range_left

if TYPE_CHECKING:
    from underwatch.scenario.scenario import Scenario

TABLE = DATA / "assumptions.toml"
_ENDS = ("low", "high", "factor", "alternatives", "days", "fixed", "reason", "together", "zero")
OFF = "It is switched off in this scenario."


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
    if all(map(is_none, steps)) and not {"alternatives", "zero"} & {*entry}:
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


def switched_off_by(scenario: Scenario, key: str) -> str | None:
    """The figure that would have to be switched on for this one to act, if it is off."""
    for prefix, needed in _file()["needs"].items():
        if (key == prefix or key.startswith(f"{prefix}.")) and key != needed:
            value = at(scenario, needed)
            steps = [step for _, step in value.steps] if isinstance(value, Dated) else [value]
            if all(is_none(step) for step in steps):
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
            if day is not None and day > scenario.first_day and not stays(n, len(value.steps), step)
        ]
        gaps = [(b - a).days - 1 for a, b in pairwise(value.changes)]
        first = [(movable[0] - scenario.first_day).days] if movable else []
        most = min([most, *gaps, *first])
        if movable and most > 0:
            return replace(made, kind="days", ends=(-most, most))
    return replace(made, reason="It has no date within the scenario that could move.")
