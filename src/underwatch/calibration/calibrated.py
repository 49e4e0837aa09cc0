"""The scenario that a calibration gives, with sources that say what is fitted, and how surely."""

from __future__ import annotations

from datetime import date

from underwatch.calibration.findings import CalibrationFindings, Fitted, interval_words
from underwatch.calibration.parameters import Parameter, settings_of
from underwatch.scenario import Scenario
from underwatch.scenario.keys import at, plain
from underwatch.scenario.stated import numbers
from underwatch.study.sweep.points import is_whole


def calibrated(found: CalibrationFindings) -> Scenario:
    """The scenario of a calibration with every informed parameter at its median."""
    declared = next(iter(found.scenarios.values()))
    informed = [one for one in found.parameters.values() if one.informed]
    parameters = [
        Parameter(
            one.key, date.fromisoformat(one.since) if one.since else None, one.low, one.high,
            one.declared,
        )
        for one in informed
    ]  # fmt: skip
    values = {one.name: _value(one, found) for one in informed}
    made = declared.with_(settings_of(parameters, declared, values))
    sources = dict(made.sources)
    for key in {one.key for one in informed}:
        sources[key] = source_of(found, key, numbers(plain(at(made, key))))
    made._sources = sources
    return made


def _value(one: Fitted, found: CalibrationFindings) -> float | int:
    """The median, with the digits that its interval allows; whole where the key is."""
    from math import floor, log10

    assert one.median is not None and one.lower is not None and one.upper is not None
    if is_whole(one.key):
        return round(one.median)
    spread = max(one.upper - one.lower, 1e-12)
    return round(one.median, max(0, 1 - floor(log10(spread))))


def source_of(found: CalibrationFindings, key: str, held: list[float]) -> str:
    """What the source of a fitted key says: what it is fitted to, and its intervals.

    The range in which it was sought stays in the words that a range is read from. held: the
    values at all dates of the key; one that was not fitted may lie outside and widens it.
    """
    parts = [one for one in found.parameters.values() if one.key == key]
    sources = dict.fromkeys(one.source for one in found.targets.values() if not one.held_out)
    fits = "; ".join(
        f"{interval_words(one)}{f' from {one.since}' if one.since else ''}" for one in parts
    )
    low = min(*(one.low for one in parts), *held)
    high = max(*(one.high for one in parts), *held)
    return (
        f"assumption: fitted to {', '.join(sources)}, not predicted; median and 90 % interval "
        f"{fits} (range {low:.15g} to {high:.15g})"
    )
