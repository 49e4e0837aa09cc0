"""A sweep as a page: how many runs, the headlines by point, a chart for each, what failed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from underwatch.errors import UserError, did_you_mean, shortened
from underwatch.report.numbers import format_column, format_value
from underwatch.report.series import Series
from underwatch.report.study import Table, render_study
from underwatch.study.statistics import Estimate, of_unit, seeds_phrase
from underwatch.study.sweep.points import label_of
from underwatch.study.sweep.sensitivity import indices
from underwatch.study.tables import MISSING, Rows

if TYPE_CHECKING:
    from underwatch.study.sweep.findings import SweepFindings

MOST_ROWS = 200  # of a table on a page; the folder has all
MOST_SHOWN = 25  # rows of a table that is not folded
MOST_FAILURES = 50


def sweep_page(found: SweepFindings) -> str:
    """The page of a sweep."""
    text = found.record["plan"]["text"]
    tables = [Table(*rows) for rows in sweep_rows(found)]
    charts = [made for name in found.headlines() if (made := _series_or_none(found, name))]
    short = int(bool(tables) and len(tables[0].rows) <= MOST_SHOWN)
    return render_study(
        found.title, text or "", tables, charts, found.provenance, findings=sentences(found),
        headline=short,
    )  # fmt: skip


def sentences(found: SweepFindings) -> list[str]:
    """What was simulated, and what failed or is not finished."""
    about, counts, plan = found.provenance, found.counts, found.record["plan"]
    scenarios = "1 scenario" if len(found.scenarios) == 1 else f"{len(found.scenarios):,} scenarios"
    points = "1 point" if len(found.points) == 1 else f"{len(found.points):,} points"
    lines = [
        f"{counts['done']:,} of {counts['runs']:,} runs are done: {points} of a plan of the kind "
        f"{plan['plan']} in {scenarios}, with {seeds_phrase(len(found.seeds))}. Each run has "
        f"{about['citizens']:,} invented citizens and {about['days']:,} days; the runs of one "
        "seed share their people and their random draws."
    ]
    if counts["failed"]:
        lines.append(f"{counts['failed']:,} runs failed; their values are missing.")
    if counts["waiting"]:
        lines.append(f"{counts['waiting']:,} runs are not finished; their values are missing.")
    return lines


def sweep_rows(found: SweepFindings) -> list[Rows]:
    """The headlines of each point, mean over seeds with interval, and the failures."""
    made = [_point_rows(found, scenario) for scenario in found.scenarios]
    if found.is_sobol:
        made += [_index_rows(found, name) for name in found.headlines() if _defined(found, name)]
    if found.failures:
        rows = [
            [one.scenario, _words(one.point), str(one.seed), shortened(one.message, 300)]
            for one in found.failures[:MOST_FAILURES]
        ]
        more = len(found.failures) - len(rows)
        caption = "Runs that failed" + (f"; {more:,} more are in run.json" if more else "")
        made.append(Rows(caption, ["Scenario", "Settings", "Seed", "Message"], rows, {2}))
    return made


def _point_rows(found: SweepFindings, scenario: str) -> Rows:
    names = found.headlines()
    here = found.dataset.sel(scenario=scenario)
    columns = [[_words(point) or "as declared" for point in found.points[:MOST_ROWS]]]
    head = ["Settings"]
    for name in names:
        unit = str(here[name].attrs.get("units", ""))
        values = here[name].values.reshape(-1, len(found.seeds))[:MOST_ROWS]
        estimates = [
            of_unit([float(v) for v in row], unit) if np.isfinite(row).all() else Estimate(None)
            for row in values
        ]
        spans = [(one.low, one.high) for one in estimates]
        cells = format_column([one.value for one in estimates], spans, unit, missing=MISSING)
        columns.append(cells)
        label = str(here[name].attrs.get("long_name", name))
        head.append(f"{label} ({unit})" if unit else label)
    more = len(found.points) - MOST_ROWS
    rest = f"; {more:,} more points are in sweep.nc" if more > 0 else ""
    caption = f"{scenario}: mean over seeds at each point of the plan{rest}"
    rows = [list(row) for row in zip(*columns, strict=True)]
    return Rows(caption, head, rows, set(range(1, len(head))))


def _index_rows(found: SweepFindings, measure: str) -> Rows:
    frame = indices(found, measure)
    label = found.dataset[measure].attrs.get("long_name", measure)
    rows = [
        [str(row.scenario), str(row.factor)]
        + [_index(getattr(row, name)) for name in ("first", "first_low", "first_high")]
        + [_index(getattr(row, name)) for name in ("total", "total_low", "total_high")]
        for row in frame.itertuples()
    ]
    head = ["Scenario", "Factor", "First order", "Low", "High", "Total", "Low", "High"]
    caption = f"Sobol' indices of: {label} (95 % intervals over points)"
    return Rows(caption, head, rows, set(range(2, len(head))))


def _index(value: float) -> str:
    return f"{value:.2f}" if np.isfinite(value) else MISSING


def _defined(found: SweepFindings, name: str) -> bool:
    return bool(np.isfinite(found.dataset[name].values).all())


def series(found: SweepFindings, measure: str, x: str | None = None) -> Series:
    """A measure against a factor: the mean over seeds and all other factors, by scenario."""
    factors = _factors(found)
    if x is not None and x not in factors:
        raise UserError(f"{shortened(x)} is no factor of this sweep{did_you_mean(x, factors)}")
    x = x or (factors[0] if factors else None)
    values = found.dataset[measure]
    about = values.attrs
    unit, label = str(about.get("units", "")), str(about.get("long_name", measure))
    lines: dict[str, np.ndarray] = {}
    if x is not None and x in values.dims:
        at = found.dataset[x].values
        rest = [dim for dim in values.dims if dim not in ("scenario", x)]
        order = np.argsort(at) if at.dtype.kind in "if" else np.arange(len(at))
        means = values.mean(rest)
        for scenario in found.scenarios:
            lines[scenario] = means.sel(scenario=scenario).values[order]
        at = at[order]
    else:
        points = values.stack(point=[d for d in values.dims if d not in ("scenario", "seed")])
        means = points.mean("seed")
        at = found.dataset[x].values if x else np.arange(means.sizes["point"])
        order = np.argsort(at, kind="stable")
        for scenario in found.scenarios:
            lines[scenario] = means.sel(scenario=scenario).values[order]
        at = at[order]
    if at.dtype.kind not in "if":
        at = np.array([str(one) for one in at])
    known = np.concatenate([*lines.values()])
    known = known[np.isfinite(known)]
    if not known.size:
        raise UserError(f"{measure} has no value in any finished run of this sweep.")
    low, high = (format_value(float(end), unit=unit) for end in (known.min(), known.max()))
    caption = f"Mean over seeds, from {low} to {high} {unit} over the points of the plan."
    return Series(measure, label, caption, unit, False, at.astype(float) if at.dtype.kind in "if"
                  else at, lines, x or "point of the plan")  # fmt: skip


def _series_or_none(found: SweepFindings, measure: str) -> Series | None:
    try:
        return series(found, measure)
    except UserError:
        return None


def _factors(found: SweepFindings) -> list[str]:
    plan = found.record["plan"]
    keys = plan["factors"] or dict.fromkeys(key for run in plan["runs"] for key in run)
    return [str(key) for key in keys]


def _words(point: dict[str, Any]) -> str:
    return ", ".join(f"{key} {_short(value)}" for key, value in point.items())


def _short(value: Any) -> str:
    """A value to four digits, which is enough to distinguish drawn points."""
    return f"{value:.4g}" if isinstance(value, float) else label_of(value)
