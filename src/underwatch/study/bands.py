"""Intervals over seeds as bands around the lines of a chart."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from underwatch.report.series import Series
from underwatch.study.statistics import MIN_SEEDS, student

Band = tuple[np.ndarray, np.ndarray]  # (low, high), each with a value for every x


def band(line: np.ndarray, by_seed: np.ndarray) -> Band | None:
    """The 95 % interval of each point of a line; None with fewer than three seeds.

    line: one value for each x. by_seed: float64[seeds, x], the same under each seed; a point
    that is undefined under some seed has no interval.
    """
    seeds = len(by_seed)
    if seeds < MIN_SEEDS:
        return None
    reach = student(seeds - 1) * by_seed.std(axis=0, ddof=1) / np.sqrt(seeds)
    return line - reach, line + reach


def with_bands(spec: dict[str, Any], series: Series, bands: Mapping[str, Band]) -> dict[str, Any]:
    """A chart of lines over time with a band around each line that has one.

    spec: as `report.charts` makes it of the series. bands: by the label of the line.
    """
    if not bands:
        return spec
    ends = {
        (label, str(x)): (a, b)
        for label, (low, high) in bands.items()
        for x, a, b in zip(series.x, low, high, strict=True)
        if np.isfinite(a) and np.isfinite(b)
    }
    if not ends:
        return spec
    rows = [{**row, "low": None, "high": None} for row in spec["data"]["values"]]
    for row in rows:
        if found := ends.get((row["line"], row["x"])):
            # A share or a rate is never negative.
            row["low"], row["high"] = max(0.0, float(found[0])), float(found[1])
    lines = spec["encoding"]
    bottom, top = lines["y"]["scale"]["domain"]
    top = max(top, *(row["high"] or 0 for row in rows))
    y = lines["y"] | {"scale": {"domain": [bottom, top], "nice": 5}}
    around = {"x": lines["x"], "y": y | {"field": "low"}, "y2": {"field": "high"}}
    around["color"] = lines["color"]
    area = {"mark": {"type": "area", "opacity": 0.2}, "encoding": around}
    drawn = {"mark": spec["mark"], "encoding": lines | {"y": y}}
    rest = {key: value for key, value in spec.items() if key not in ("mark", "encoding", "data")}
    return {**rest, "data": {"values": rows}, "layer": [area, drawn]}
