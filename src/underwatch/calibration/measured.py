"""The figure of a run that corresponds to each target."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

import numpy as np

from underwatch.calibration.declaration import Declared, Target

OUTPUT = "targets"  # the name under which a run keeps its figures


def output_of(declared: Declared, first_day: date, citizens: int) -> Callable[[Any], np.ndarray]:
    """A function of a `Run` that returns the figure of every target, held out or not, in order."""
    text = json.dumps(
        [_plan(one, first_day, citizens, declared.people) for one in declared.every.values()]
    )

    def figures(run: Any) -> np.ndarray:
        return np.array([figure_of(run, *plan) for plan in json.loads(text)])

    return figures


def _plan(target: Target, first_day: date, citizens: int, people: float | None) -> list[Any]:
    """What `figure_of` takes besides the run, as JSON: days are counted from the first."""
    from underwatch.measurement.catalogue import MEASURES

    of_tallies = target.last_day is not None or target.per is not None
    tally = target.measure in MEASURES and (of_tallies or not _in_summary(target.measure))
    end = None if target.last_day is None else (target.last_day - first_day).days + 1
    begin = 0
    if target.at is not None:
        begin = (end or 1) - 1
    elif target.since is not None:
        begin = (target.since - first_day).days
    scale = people / citizens if tally and target.per is None and people else 1.0
    flow = tally and MEASURES[target.measure].type == "flow"
    return [target.measure, tally, flow, begin, end, target.per, target.times * scale,
            target.before]  # fmt: skip


def _in_summary(measure: str) -> bool:
    from underwatch.measurement.summary import NAMES

    return measure in NAMES


def figure_of(
    run: Any, measure: str, tally: bool, flow: bool, begin: int, end: int | None,
    per: str | None, times: float, before: float,
) -> float:  # fmt: skip
    """One figure of a run; NaN where it is not defined.

    tally: whether the measure is a tally, else of the summary. flow: summed over the days, else
    averaged. per: a tally whose sum or mean over the same days divides it.
    """
    if not tally:
        value = run.summary[measure].value
        return float("nan") if value is None else times * float(value) + before
    if end is not None and end > run.tallies.sizes["day"]:
        return float("nan")  # held out, and beyond a run that only reaches what is fitted
    days = slice(begin, end)
    counts = run.tallies[measure].values[days].astype(float)
    if per is None:
        found = counts.sum() if flow else counts.mean()
    else:
        whole = run.tallies[per].values[days].astype(float).sum()
        found = counts.sum() / whole if whole else float("nan")
    return float(times * found + before)


def figures_of(outcomes: Iterable[Any]) -> np.ndarray:
    """The figures of some finished runs: float64 (runs, targets)."""
    return np.array([one.outputs[OUTPUT] for one in outcomes])
