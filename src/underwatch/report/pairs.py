"""Every pair of some parameters as small panels: a distribution each, and dots for two."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from underwatch.report.look import BLUE, INK, VERMILION
from underwatch.report.rendering import Spec

BINS = 20
_LEFT, _GAP = 60, 14  # pixels: of the first axis, and between panels


class Axis(NamedTuple):
    """One parameter: its name, the ends of its range, and a value to be marked."""

    name: str
    low: float
    high: float
    marked: float


class Pairs(NamedTuple):
    """Points of several parameters, with the words of a `Series`.

    table: head and rows of texts, the numbers of the chart.
    """

    name: str
    title: str
    caption: str
    unit: str
    axes: Sequence[Axis]
    points: Sequence[Sequence[float]]  # (points, axes)
    table: tuple[list[str], list[list[str]]]
    finding: str = ""
    across: str = "intervals"


def pairs(made: Pairs, width: int) -> Spec:
    """Distributions on the diagonal, dots below it."""
    count = len(made.axes)
    side = max(40, min(150, (width - _LEFT) // count - _GAP))
    rows = []
    for down in range(count):
        panels = [_panel(made, down, across, side) for across in range(down + 1)]
        rows.append({"hconcat": panels, "spacing": _GAP})
    return {"vconcat": rows, "spacing": _GAP}


def _panel(made: Pairs, down: int, across: int, side: int) -> Spec:
    """One panel; the outer ones have the names of their axes."""
    name = made.axes[across].name if down == len(made.axes) - 1 else None
    x = _channel("x", made.axes[across], name, side)
    size = {"width": side, "height": side}
    if down == across:
        title = made.axes[down].name if len(made.axes) > 1 and down == 0 else None
        layers = _distribution(made, down, x)
        return size | {"layer": layers} | ({"title": _title(title)} if title else {})
    y = _channel("y", made.axes[down], made.axes[down].name if across == 0 else None, side)
    values = [{"x": point[across], "y": point[down]} for point in made.points]
    dot = {"type": "circle", "color": BLUE, "size": 9, "opacity": 0.5, "clip": True}
    here = {"x": made.axes[across].marked, "y": made.axes[down].marked}
    mark = {"type": "point", "filled": True, "shape": "diamond", "size": 70, "color": VERMILION,
            "clip": True}  # fmt: skip
    return size | {
        "layer": [
            {"data": {"values": values}, "mark": dot, "encoding": {"x": x, "y": y}},
            {"data": {"values": [here]}, "mark": mark, "encoding": {"x": x, "y": y}},
        ]
    }


def _distribution(made: Pairs, axis: int, x: Spec) -> list[Spec]:
    """The share of the points in each part of the range, and the marked value as a line."""
    low, high = made.axes[axis].low, made.axes[axis].high
    step = (high - low) / BINS
    counts = [0] * BINS
    for point in made.points:
        counts[min(BINS - 1, max(0, int((point[axis] - low) / step)))] += 1
    values = [
        {"x": low + k * step, "end": low + (k + 1) * step, "count": n} for k, n in enumerate(counts)
    ]
    y = {"field": "count", "type": "quantitative", "axis": None}
    return [
        {
            "data": {"values": values},
            "mark": {"type": "bar", "color": BLUE, "opacity": 0.6},
            "encoding": {"x": x | {"bin": {"binned": True}}, "x2": {"field": "end"}, "y": y},
        },
        {
            "data": {"values": [{"x": made.axes[axis].marked}]},
            "mark": {"type": "rule", "color": VERMILION, "strokeWidth": 2, "clip": True},
            "encoding": {"x": x},
        },
    ]


def _channel(field: str, axis: Axis, name: str | None, side: int) -> Spec:
    """One axis over the whole range; without a name it has neither numbers nor a title."""
    scale = {"domain": [axis.low, axis.high], "nice": False, "zero": False}
    shown: Spec | None = None
    if name is not None:
        shown = {"values": [axis.low, axis.high], "format": ".3~g", "labelFlush": True,
                 "grid": False, "titleFontSize": 10, "labelFontSize": 10,
                 "titleLimit": side + 40}  # fmt: skip
    return {"field": field, "type": "quantitative", "scale": scale, "axis": shown, "title": name}


def _title(text: str) -> Spec:
    return {"text": text, "fontSize": 10, "color": INK, "anchor": "start", "offset": 4}
