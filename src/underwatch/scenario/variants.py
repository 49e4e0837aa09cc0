"""Scenarios made from others: without an organ, or over the people of another scenario."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from underwatch.errors import Problem, UserError, did_you_mean
from underwatch.scenario.keys import at, leaves, plain
from underwatch.scenario.organs import Organ, organs

if TYPE_CHECKING:
    from underwatch.scenario.declaration import Declaration


def changes_without(
    wanted: tuple[str, ...], declared_by: Callable[[str], dict[str, Any]]
) -> dict[str, Any]:
    """Key → value of what switches these organs off, as the shipped `without-…` scenarios do.

    declared_by: what a shipped scenario changes in the one that it extends, by its name.

    Raises UserError for what is no organ, and for one that no scenario switches off alone.
    """
    by_number = {organ.number: organ for organ in organs()}
    found: dict[str, Any] = {}
    problems = []
    for number in wanted:
        organ = by_number.get(number)
        if organ is None:
            known = did_you_mean(number, by_number)
            problems.append(Problem(None, f"{number} is no organ{known}"))
        elif organ.without is None:
            problems.append(Problem(None, f"{_words(organ)} cannot be switched off alone."))
        else:
            found |= declared_by(organ.without)
    if problems:
        raise UserError(problems)
    return found


def nation_of(scenario: Declaration) -> dict[str, Any]:
    """Key → value of what makes a scenario's people and its dates."""
    return {
        key: plain(at(scenario, key))
        for key, _ in leaves(scenario)
        if key.startswith("society.") or key in ("first_day", "last_day")
    }


def _words(organ: Organ) -> str:
    return f"{organ.name} ({organ.number})"
