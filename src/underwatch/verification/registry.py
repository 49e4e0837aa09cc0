"""All cases, gathered from the modules of `verification/cases`."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from underwatch.errors import Problem, UserError
from underwatch.verification import cases as families
from underwatch.verification.case import Case


@cache
def cases() -> dict[int, Case]:
    """Every case by its number, in ascending order. Raises ValueError if a number is taken."""
    found: dict[int, Case] = {}
    for module in iter_modules(families.__path__):
        for case in import_module(f"{families.__name__}.{module.name}").CASES:
            if case.number in found:
                raise ValueError(f"two cases have the number {case.number}")
            found[case.number] = case
    return dict(sorted(found.items()))


def left_out(numbers: Iterable[int] | None, quick: bool) -> list[dict[str, Any]]:
    """The cases that a verification leaves out because it is quick, whole or in part, and why.

    numbers: those that were asked for, None for all. A case that is named is never left out whole.

    Examples
    --------
    >>> [one["number"] for one in left_out(None, True) if one["whole"]]
    [16, 43, 44, 45, 46]
    >>> left_out(None, False)
    []
    """
    wanted = None if numbers is None else set(numbers)
    return [
        {"number": case.number, "title": case.title, "whole": not case.quick, "why": case.slow}
        for case in cases().values()
        if quick and case.slow and (wanted is None or (case.quick and case.number in wanted))
    ]


def chosen(numbers: Iterable[int] | None = None, quick: bool = False) -> list[Case]:
    """The cases with these numbers, by default all; quick: only those that are quick.

    A case that is named runs, quick or not. Raises UserError for a number that no case has.

    Examples
    --------
    >>> chosen([1])[0].kind
    'exact'
    """
    known = cases()
    if numbers is None:
        return [case for case in known.values() if case.quick or not quick or case.run is None]
    wanted = list(dict.fromkeys(numbers))
    unknown = [number for number in wanted if number not in known]
    if unknown or not wanted:
        last = max(known)
        raise UserError(
            [Problem(None, f"There is no case {n}; cases are 1 to {last}.") for n in unknown]
            or "No case is named; name at least one."
        )
    return [known[number] for number in sorted(wanted)]
