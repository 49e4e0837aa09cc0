"""From what was evaluated to what the assumptions leave of each measure."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from underwatch.measurement.catalogue import MEASURES, unit_of
from underwatch.measurement.estimates import too_few
from underwatch.measurement.summary import LINES
from underwatch.report.robustness import FEWEST_FOR_QUANTILES, Contrast, FactorEffect, Robustness
from underwatch.sensitivities.exploring import BAND, FEWEST, Explored, Measured, few_events
from underwatch.sensitivities.factors import Factor

DIGITS = 6  # of the numbers that are kept


def robustness(
    measure: str, found: Explored, baseline: Measured | None, factors: Sequence[Factor]
) -> Robustness:
    """What the assumptions leave of one measure.

    baseline: the same points of the band, the declared one first, in the baseline world.
    """
    label, unit = _words(measure)
    declared, value = found.declared, found.declared.values[measure][0]
    values, events = found.band.values[measure], found.band.events[measure]
    known = values[~np.isnan(values)]
    counts = declared.events[measure][0] == value and not np.isnan(value)
    few = few_events(events)
    note = ""
    if few is not None:
        note = f"{too_few(few)}, median over the points"
    elif known.size < FEWEST:
        note = f"undefined at {values.size - known.size:,} of {values.size:,} points"
    ends: tuple[float | None, float | None] = (None, None)
    difference = None
    if not note:
        low, high = band_of(known, values.size)
        ends = _kept(low), _kept(high)
        if baseline is not None:
            difference = _contrast(value, values, baseline, measure)
    effects = () if note else _effects(measure, found, factors)
    if not note and not effects:
        note = "undefined in too many trajectories to rank the assumptions"
    shown = None if np.isnan(value) else _kept(value)
    return Robustness(
        measure, label, unit, shown, *ends, int(known.size), bool(counts), note, difference, effects
    )


def band_of(known: np.ndarray, points: int) -> tuple[float, float]:
    """The ends of a band: quantiles, or with few points the lowest and the highest.

    points: how many the design has, whether the measure is defined there or not.

    >>> band_of(np.array([1.0, 2.0, 3.0, 9.0]), 4)
    (1.0, 9.0)
    """
    few = points < FEWEST_FOR_QUANTILES
    low, high = np.quantile(known, (0, 1) if few else BAND)
    return float(low), float(high)


def _words(measure: str) -> tuple[str, str]:
    if measure in LINES:
        return LINES[measure].label, LINES[measure].unit
    return MEASURES[measure].label, unit_of(measure)


def _contrast(
    value: float, values: np.ndarray, baseline: Measured, measure: str
) -> Contrast | None:
    """The difference from the baseline; None where too few points define both."""
    declared, *others = baseline.values[measure]
    differences = values - np.array(others)
    known = differences[~np.isnan(differences)]
    if known.size < FEWEST:
        return None
    low, high = band_of(known, values.size)
    here = None if np.isnan(value - declared) else _kept(value - declared)
    below, above = int((known < 0).sum()), int((known > 0).sum())
    return Contrast(here, _kept(low), _kept(high), below, above)


def _effects(measure: str, found: Explored, factors: Sequence[Factor]) -> tuple[FactorEffect, ...]:
    """Every assumption with its effect, largest first, and its indices if it has any."""
    indices = {one.factor: one for one in found.indices[measure]}
    made = []
    for one in found.effects[measure]:
        factor, index = factors[one.factor], indices.get(one.factor)
        shares = {} if index is None else {
            name: _kept(number) for name, number in index._asdict().items() if name != "factor"
        }  # fmt: skip
        made.append(
            FactorEffect(
                factor.name, factor.keys, factor.words,
                *(_kept(number) for number in (one.size, one.low, one.high, one.mean, one.spread)),
                **shares,
            )
        )  # fmt: skip
    return tuple(made)


def _kept(number: float) -> float:
    return float(f"{number:.{DIGITS}g}")
