"""The factors of a sensitivity study: assumptions with a range, alone or together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from underwatch.errors import Problem, UserError, did_you_mean, shortened
from underwatch.scenario import Scenario
from underwatch.scenario.figure_range import Range
from underwatch.scenario.ranges import ranges

Places = npt.NDArray[np.float64]  # (points, factors), from 0 to 1; NaN for "as declared"


class Factor(NamedTuple):
    """One assumption, or several that mean the same and move together.

    name: the key of the assumption, or what several have in common.
    """

    name: str
    ranges: tuple[Range, ...]

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys that the factor varies."""
        return tuple(one.key for one in self.ranges)

    @property
    def words(self) -> str:
        """The range for people to read; of several assumptions, each with its key."""
        if len(self.ranges) == 1:
            return self.ranges[0].words
        return "; ".join(f"{one.key} {one.words}" for one in self.ranges)


def factors_of(scenario: Scenario, keys: Iterable[str] | None = None) -> tuple[Factor, ...]:
    """All assumptions of a scenario that have a range, in the order of declaration.

    keys: only these; each must have a range.

    Raises UserError for a key that is none, or that is not varied, and if nothing is.

    Examples
    --------
    >>> made = factors_of(Scenario.load("atlantic-2018"), ["scoring.association"])
    >>> made[0].name, made[0].words
    ('scoring.association', '0.05 to 0.5')
    """
    known = ranges(scenario)
    chosen = known if keys is None else _chosen(known, [str(key) for key in keys])
    made: dict[str, list[Range]] = {}
    for key, one in known.items():
        if one.varied and key in chosen:
            made.setdefault(one.together or key, []).append(one)
    if not made:
        raise UserError("no assumption of this scenario has a range.")
    return tuple(
        Factor(name if len(some) > 1 else some[0].key, tuple(some)) for name, some in made.items()
    )


def _chosen(known: dict[str, Range], keys: Sequence[str]) -> set[str]:
    problems = []
    for key in keys:
        if key not in known:
            close = did_you_mean(key, known)
            problems.append(Problem(None, f"{shortened(key)} is not a figure of a scenario{close}"))
        elif not known[key].varied:
            problems.append(Problem(None, f"{key} is not varied. {known[key].reason}"))
    if problems:
        raise UserError(problems)
    return set(keys)


def changes(factors: Sequence[Factor], place: Places) -> dict[str, Any]:
    """The values of a point: key → value, without what stays as declared.

    place: float64 (factors), from 0 (low end) to 1 (high end), or NaN.
    """
    return {
        one.key: one.value_at(float(u))
        for factor, u in zip(factors, place, strict=True)
        if not np.isnan(u)
        for one in factor.ranges
    }
