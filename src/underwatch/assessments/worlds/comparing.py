"""Closed form beside runs: one estimate of each measure, and whether both agree."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np

from underwatch.assessments.result import AGREES, Estimate, Key, Measured
from underwatch.measurement.estimates import too_few
from underwatch.study.statistics import MIN_SEEDS, of_unit
from underwatch.study.statistics import estimate as over_seeds

_NORMAL = 3.29  # standard errors of the latter
QUEUED = frozenset({"appeal_days", "review_wait"})  # means of a queue: none if it grows for good


def estimate(
    key: Key,
    world: str,
    label: tuple[str, str],
    closed: float | None,
    inputs: tuple[float | None, float | None, float] | None,
    runs: Sequence[Measured],
    compared: float | None = None,
    left_out: float = 0.0,
) -> Estimate | None:
    """One number of the answer; None if neither the closed form nor a run defines it.

    closed: by closed form. inputs: the ends that the ranges of the inputs leave, and the share of
    draws in which the measure is defined. runs: (value, events) of each seed that defines it.
    compared: the closed form at the size of the runs, where that is another one. left_out: the part
    of it by which it may be off.

    The two agree if the closed form lies within the 99.9 % interval of the mean over seeds; an
    assessment makes some hundred such tests, of which a 95 % interval would fail five. The spread
    of a few seeds may be small by chance: the interval is at least that of the number of events
    that the closed form expects.
    The interval that is printed is the 95 % one, cut where the unit ends.
    """
    measure, group, threshold = key
    values = np.array([value for value, _ in runs], float)
    counts = [count for _, count in runs if count is not None]  # a level rests on no events
    events = sum(counts) if counts else None
    mean = float(values.mean()) if len(values) else None
    if closed is None and mean is None:
        return None
    few = too_few(events)
    low, high, defined = inputs or (None, None, 1.0)
    chance = agrees = reach = None
    if len(values) >= MIN_SEEDS and not few:
        chance = of_unit(values.tolist(), label[1])
        wanted = closed if compared is None else compared
        if wanted is not None:
            _, low_end, high_end = over_seeds(values.tolist(), level=AGREES)
            least = _tiny(wanted) + left_out * abs(wanted)
            least += _of_events(wanted, float(values.mean()), events, label[1]) if events else 0.0
            low_end = min(low_end or 0.0, values.mean() - least)
            high_end = max(high_end or 0.0, values.mean() + least)
            agrees = bool(low_end <= wanted <= high_end)
            reach = float(high_end - low_end) / 2
    notes = [few] if few else []
    if defined < 1:
        draws = f"in {100 * (1 - defined):.0f} % of the draws of the inputs"
        queued = measure in QUEUED
        notes.append(f"{draws} the queue never comes to rest" if queued else f"not defined {draws}")
    return Estimate(
        measure=measure, label=label[0], unit=label[1],
        value=closed if closed is not None else mean if mean is not None else math.nan,
        world=world, group=group, threshold=threshold,
        input_low=low, input_high=high,
        chance_low=chance.low if chance else None, chance_high=chance.high if chance else None,
        simulated=mean, events=events, agrees=agrees,
        kind="both" if closed is not None and mean is not None else
             "closed form" if closed is not None else "run",
        note="; ".join(notes), reach=reach,
    )  # fmt: skip


def _tiny(value: float) -> float:
    """Below this, a difference is one of rounding: a chance is a whole number of 2^-32."""
    return 1e-4 * abs(value)


def _of_events(wanted: float, mean: float, events: int, unit: str) -> float:
    """How far a mean may lie from what is wanted by the number of events alone.

    events: that were counted. With another mean there would have been as many more or fewer.
    """
    ends = (wanted, mean) if not unit.startswith("%") or mean < 50 else (100 - wanted, 100 - mean)
    return _NORMAL * math.sqrt(abs(ends[0] * ends[1]) / events)


def by_key(runs: Sequence[Mapping[Key, Measured]]) -> dict[Key, list[Measured]]:
    """The values of all seeds by measure."""
    found: dict[Key, list[Measured]] = {}
    for one in runs:
        for key, value in one.items():
            found.setdefault(key, []).append(value)
    return found
