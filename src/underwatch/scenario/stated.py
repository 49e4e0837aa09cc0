"""The range that the source of a figure states, and whether the figure lies within it.

A figure that a file gives lies within the range that its own source states; a file in which it
does not contradicts itself. A value that a user sets may lie anywhere: within the range it keeps
it, and beyond it the range no longer speaks of the value.
"""

import re
import sys
from collections.abc import Iterator
from typing import Any

from underwatch.scenario.evidence import NUMBER, stated_range
from underwatch.scenario.keys import in_words

_LARGEST = sys.float_info.max
_FORM = "(range 0.05 to 0.5)"
_MEANT = re.compile(r"\(range\s+[-+.\d]")  # a range of numbers, whatever its form
_LEFT = re.compile(rf", outside the range ({NUMBER}) to ({NUMBER}) stated before$")


def numbers(value: Any) -> list[float]:
    """The numbers of a value as a file has it: alone, in a list or by dates.

    Zeros among several stand for what is switched off and are left out. Empty for anything that
    is no number, and for integers that no figure can have.

    Examples
    --------
    >>> numbers(0), numbers([0.5, 0]), numbers({"2016-01-01": 0.1, "2018-01-01": 0}), numbers("a")
    ([0.0], [0.5], [0.1], [])
    """
    every = [*_parts(value)]
    if any(isinstance(one, bool) or not isinstance(one, int | float) for one in every):
        return []
    if any(isinstance(one, int) and abs(one) > _LARGEST for one in every):
        return []
    return [float(one) for one in every if one or len(every) == 1]


def _parts(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        value = [*value.values()]
    if isinstance(value, list | tuple):
        for one in value:
            yield from _parts(one)
    else:
        yield value


def range_fault(value: Any, source: str) -> str:
    """What is wrong with a figure beside the range in its source, to stand after its name.

    Empty if nothing is. value: as a file has it.

    Examples
    --------
    >>> range_fault(0.9, "assumption: a guess (range 0.05 to 0.5)")
    ' is 0.9, outside the range that its source states, 0.05 to 0.5; change one of them.'
    >>> range_fault(0.2, "assumption: a guess (range 0.05 to 0.5)")
    ''
    """
    given, found = numbers(value), stated_range(source)
    if not given:
        return ""
    if found is None:
        unread = f": the range in its source is not read; write it as {_FORM}."
        return unread if _MEANT.search(source) else ""
    low, high = found
    words = f"{in_words(low)} to {in_words(high)}"
    if low >= high:
        return f": the range in its source is {words}; write the lower end first, as in {_FORM}."
    beyond = [one for one in given if not low <= one <= high]
    if not beyond:
        return ""
    what = "is" if given == beyond[:1] else "holds"
    return (
        f" {what} {in_words(beyond[0])}, outside the range that its source states, {words}; "
        "change one of them."
    )


def kept(how: str, value: Any, before: str) -> str:
    """The source of a value that a user sets in place of a figure with the source `before`.

    how: such as "set on the command line". A range that was stated stays beside a value within
    it.

    Examples
    --------
    >>> kept("set in Python", 0.3, "assumption: a guess (range 0.05 to 0.5)")
    'set in Python (range 0.05 to 0.5)'
    >>> kept("set in Python", 0.9, "assumption: a guess (range 0.05 to 0.5)")
    'set in Python, outside the range 0.05 to 0.5 stated before'
    """
    found = stated_range(before) or range_left(before)
    given = numbers(value)
    if found is None or not given:
        return how
    low, high = found
    words = f"range {low:.15g} to {high:.15g}"
    within = all(low <= one <= high for one in given)
    return f"{how} ({words})" if within else f"{how}, outside the {words} stated before"


def range_left(source: str) -> tuple[float, float] | None:
    """The range that a value set by a user lies outside of, as `kept` writes it; else None."""
    found = _LEFT.search(source)
    return (float(found[1]), float(found[2])) if found else None
