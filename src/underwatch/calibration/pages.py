"""A calibration as a page: the fit, every pair of parameters, the targets, the waves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from underwatch.calibration.findings import LEVEL, UNINFORMED, share_words
from underwatch.report.numbers import format_column
from underwatch.report.pairs import Axis, Pairs
from underwatch.report.parts import Fold
from underwatch.report.scatter import Points
from underwatch.report.series import Series
from underwatch.report.study import Table, render_study
from underwatch.study.tables import MISSING, Rows

if TYPE_CHECKING:
    from underwatch.calibration.findings import CalibrationFindings

MOST_SHOWN = 300  # points of the posterior in a chart
SHORTEST = 22  # letters of a key that a small chart has room for
METHOD = (
    "History matching rules out points of the parameters whose predicted figures are too far "
    "from the published ones, in waves of runs; an emulator predicts the figures between runs. "
    "The posterior is sampled in what is left. It holds if the errors and the discrepancy that "
    "the file states are right, and if they do not depend on each other."
)


def page(found: CalibrationFindings) -> str:
    """The page of a calibration."""
    first, *findings = found.sentences()
    text = "\n\n".join(one for one in (found.provenance.get("text", ""), METHOD) if one)
    charts: list[Series | Points | Pairs] = []
    if found.fitted:
        charts = [pairs_of(found), *error_series(found)]
    tables = [Table(*rows) for rows in (parameter_rows(found), target_rows(found))]
    folds = [
        Fold(rows.caption, [Table(*rows)]) for rows in (wave_rows(found), emulator_rows(found))
    ]
    return render_study(
        first, text, tables, charts, found.provenance, kicker=found.title, findings=findings,
        headline=2, folds=folds,
    )  # fmt: skip


def all_rows(found: CalibrationFindings) -> list[Rows]:
    """Every table."""
    return [parameter_rows(found), target_rows(found), wave_rows(found), emulator_rows(found)]


def parameter_rows(found: CalibrationFindings) -> Rows:
    """Range, declared value, median and interval of each parameter."""
    rows = []
    for one in found.parameters.values():
        numbers = [one.low, one.high, one.declared, one.median, one.lower, one.upper]
        span = (one.lower, one.upper) if one.lower is not None else (one.low, one.high)
        low, high, declared, median, lower, upper = format_column(
            numbers, [span] * 6, missing=MISSING
        )
        interval = MISSING if one.lower is None else f"{lower} to {upper}"
        width = MISSING if one.width is None else f"{100 * one.width:.0f} %"
        sentence = "yes" if one.informed else "nothing" if found.fitted else MISSING
        rows.append([one.name, f"{low} to {high}", declared, median, interval, width, sentence])
    head = ["Parameter", "Range", "Declared", "Median", f"{100 * LEVEL:.0f} % interval",
            "Width after / before", "Informed by the targets"]  # fmt: skip
    caption = (
        f"Parameters; the targets say nothing of one that keeps {100 * UNINFORMED:.0f} % of its "
        "width"
    )
    return Rows(caption, head, rows, {1, 2, 3, 4, 5})


def target_rows(found: CalibrationFindings) -> Rows:
    """Each target beside runs at points of the posterior."""
    rows = []
    for one in found.targets.values():
        error = (one.error**2 + one.discrepancy**2) ** 0.5
        span = (one.value - 2 * error, one.value + 2 * error)
        value, shown, simulated, low, high = format_column(
            [one.value, error, one.simulated, one.low, one.high], [span] * 5, missing=MISSING
        )
        off = one.relative_error
        rows.append([
            one.name, "held out" if one.held_out else "fitted", f"{value} ± {shown}", simulated,
            MISSING if one.low is None else f"{low} to {high}",
            MISSING if off is None else f"{100 * off:+.1f} %", one.source,
        ])  # fmt: skip
    head = ["Target", "Use", "Published ± standard error and discrepancy", "Simulated",
            f"{100 * LEVEL:.0f} % of runs", "Error", "Source"]  # fmt: skip
    caption = "Targets beside runs at points of the posterior"
    return Rows(caption, head, rows, {2, 3, 4, 5})


def wave_rows(found: CalibrationFindings) -> Rows:
    """What each wave left of the space."""
    rows = [
        [str(k), f"{wave.points:,}", f"{wave.runs:,}", share_words(wave.share),
         f"{wave.least:.2f}"]
        for k, wave in enumerate(found.waves, 1)
    ]  # fmt: skip
    head = ["Wave", "Points", "Runs", "Share of the space left", "Least implausibility"]
    return Rows("Waves; a point with an implausibility above 3 is ruled out", head, rows,
                {1, 2, 3, 4})  # fmt: skip


def emulator_rows(found: CalibrationFindings) -> Rows:
    """How well the emulators of each wave predict points that they are not given."""
    rows = [
        [f"{name}, wave {k}", f"{one.points:,}", f"{100 * one.coverage:.0f} %",
         f"{100 * one.explained:.0f} %", f"{one.inflation:.2f}"]
        for k, wave in enumerate(found.waves, 1) for name, one in wave.targets.items()
    ]  # fmt: skip
    head = ["Emulator", "Points", "In the 95 % interval", "Variance predicted",
            "Variance multiplied by"]  # fmt: skip
    return Rows("Emulators: each point predicted from all others", head, rows, {1, 2, 3, 4})


def pairs_of(found: CalibrationFindings) -> Pairs:
    """The posterior of every pair of parameters."""
    axes = [
        Axis(_short(one.name), one.low, one.high, one.declared) for one in found.parameters.values()
    ]
    rows = parameter_rows(found)
    columns = (0, 1, 2, 3, 4)
    table = [rows.head[k] for k in columns], [[row[k] for k in columns] for row in rows.rows]
    return Pairs(
        "posterior", "Posterior of every pair of parameters",
        "Each panel spans the ranges in which the parameters were sought. Bars: the posterior of "
        "one parameter. Dots: points of the posterior. Diamond: the declared values.",
        "parameters of the scenario", axes, found.posterior[:MOST_SHOWN].tolist(), table,
    )  # fmt: skip


def _short(name: str) -> str:
    """The end of a key, with its date."""
    key, _, since = name.partition(" from ")
    last = key.rpartition(".")[2]
    last = last if len(last) <= SHORTEST else f"{last[: SHORTEST - 1]}…"
    return f"{last} {since}" if since else last


def error_series(found: CalibrationFindings) -> list[Series]:
    """The error of every target with the interval of the runs, those held out last."""
    some = [one for one in found.targets.values() if one.relative_error is not None and one.value]
    if not some:
        return []
    names = np.array([f"{one.name}{' (held out)' if one.held_out else ''}" for one in some])
    values = np.array([one.relative_error for one in some], float)
    ends = tuple(np.array([getattr(one, end) / one.value - 1 for one in some], float)
                 for end in ("low", "high"))  # fmt: skip
    return [
        Series(
            "errors", "Error of each target",
            f"Simulated figure relative to the published one; the line spans {100 * LEVEL:.0f} % "
            "of the runs at points of the posterior.",
            "relative error", True, names, {"error": values}, spans=(ends[0], ends[1]),
        )
    ]  # fmt: skip
