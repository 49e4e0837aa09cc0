"""The parameters that are fitted: scenario keys, or one period of a key, each with its range."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

import numpy as np

from underwatch.calibration.declaration import DEFAULT, Declared
from underwatch.scenario import Scenario
from underwatch.scenario.dated import Dated
from underwatch.scenario.keys import at, plain
from underwatch.scenario.ranges import range_of
from underwatch.study.sweep.points import is_whole


class Parameter(NamedTuple):
    """One number of a scenario, and the range in which it is sought.

    since: the first day of the period whose value it is; None for a key without dates.
    declared: the value of the scenario. whole: only whole numbers.
    """

    key: str
    since: date | None
    low: float
    high: float
    declared: float
    whole: bool = False

    @property
    def name(self) -> str:
        """The key, and the first day of the period if it has one."""
        return f"{self.key} from {self.since}" if self.since else self.key

    def value(self, unit: float) -> float | int:
        """The value at a place of the range, from 0 (its low end) to 1."""
        if self.whole:
            low, high = int(self.low), int(self.high)
            return low + min(int(unit * (high - low + 1)), high - low)
        return float(self.low + unit * (self.high - self.low))

    def unit(self, value: float) -> float:
        """The place of a value in the range."""
        if self.whole:
            return (value - self.low + 0.5) / (self.high - self.low + 1)
        return (value - self.low) / (self.high - self.low)


def parameters_of(declared: Declared, scenario: Scenario) -> list[Parameter]:
    """The parameters of a file that has no fault, in its order."""
    found = []
    for key, ends in declared.fit.items():
        written = at(scenario, key)
        whole = is_whole(key)
        if is_by_date(ends):
            for day, pair in ends.items():
                since = date.fromisoformat(str(day))
                low, high = float(pair["low"]), float(pair["high"])
                found.append(Parameter(key, since, low, high, float(written.on(since)), whole))
        else:
            low, high = ends_of(key, ends, scenario) or (np.nan, np.nan)
            value = written.steps[0][1] if isinstance(written, Dated) else written
            found.append(Parameter(key, None, low, high, float(value), whole))
    return found


def is_by_date(ends: Any) -> bool:
    """Whether a key has a range for each of several dates."""
    return isinstance(ends, Mapping) and not {*ends} & {"low", "high"}


def ends_of(key: str, ends: Any, scenario: Scenario) -> tuple[float, float] | None:
    """The range as it is written, or that of the assumption; None if it has none."""
    if ends == DEFAULT:
        known = range_of(scenario, key)
        numbers = all(isinstance(one, int | float) for one in (known.low, known.high))
        return (known.low, known.high) if known.varied and numbers else None
    return float(ends["low"]), float(ends["high"])


def settings_at(
    parameters: Sequence[Parameter], scenario: Scenario, units: Sequence[float]
) -> dict[str, Any]:
    """The settings of a scenario at a point of the unit cube, as `Scenario.with_` takes them."""
    values = {p.name: p.value(u) for p, u in zip(parameters, units, strict=True)}
    return settings_of(parameters, scenario, values)


def settings_of(
    parameters: Sequence[Parameter], scenario: Scenario, values: Mapping[str, float]
) -> dict[str, Any]:
    """The settings with these values, by the names of the parameters.

    The periods of a key that are not fitted keep their values.
    """
    made: dict[str, Any] = {}
    for one in parameters:
        value = values[one.name]
        if one.since is None:
            made[one.key] = value
            continue
        steps = made.setdefault(one.key, dict(plain(at(scenario, one.key))))
        steps[one.since.isoformat()] = value
    return made
