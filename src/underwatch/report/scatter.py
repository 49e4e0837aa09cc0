"""Points in the plane: all of them, with those that are listed joined and named."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import wrap
from typing import NamedTuple

from underwatch.report.look import (
    BLUE,
    INK,
    QUIET,
    VERMILION,
    text_width,
    ticks_for,
    value_axis,
)  # fmt: skip
from underwatch.report.rendering import Spec

_AXIS = 56  # pixels


class Point(NamedTuple):
    """One point; kind: "other", "listed" or "baseline"; label: drawn at it, empty for none."""

    x: float
    y: float
    kind: str = "other"
    label: str = ""
    x_span: tuple[float, float] | None = None
    y_span: tuple[float, float] | None = None


class Points(NamedTuple):
    """The points of one chart, with the words of a `Series`.

    table: head and rows of texts, the numbers of the chart.
    """

    name: str
    title: str
    caption: str
    unit: str  # of y, with its label
    across: str  # of x
    points: Sequence[Point]
    table: tuple[list[str], list[list[str]]]
    finding: str = ""


def scatter(made: Points, width: int, height: int = 260) -> Spec:
    """Every point in grey; the listed ones joined in blue; the baseline in vermilion."""
    xs = [value for p in made.points for value in (p.x, *(p.x_span or ()))]
    ys = [value for p in made.points for value in (p.y, *(p.y_span or ()))]
    across, up = (_ticks(values) for values in (xs, ys))
    plot = width - _AXIS
    x = _axis("x", across) | {"title": wrap(made.across, plot // 7)}
    y = _axis("y", up) | {"title": None}
    layers: list[Spec] = []
    for kind, colour, shape, size in (
        ("other", QUIET, "circle", 28), ("listed", BLUE, "circle", 70),
        ("baseline", VERMILION, "diamond", 110),
    ):  # fmt: skip
        some = [p for p in made.points if p.kind == kind]
        if not some:
            continue
        if kind != "other":
            layers += _spans(some, x, y, colour)
        if kind == "listed" and len(some) > 1:
            line = {"type": "line", "color": colour, "strokeWidth": 2, "order": None}
            rows = _rows(sorted(some, key=lambda p: p.x))
            layers.append({"data": {"values": rows}, "mark": line, "encoding": {"x": x, "y": y}})
        mark = {"type": "point", "filled": True, "color": colour, "shape": shape, "size": size,
                "opacity": 0.45 if kind == "other" else 1}  # fmt: skip
        layers.append({"data": {"values": _rows(some)}, "mark": mark, "encoding": {"x": x, "y": y}})
    scale = (across[0], across[-1] - across[0])
    for point in made.points:
        if point.label:
            layers.append(_label(point, x, y, (point.x - scale[0]) / scale[1] * plot, plot))
    return {"width": plot, "height": height, "layer": layers}


def _ticks(values: Sequence[float]) -> list[float]:
    low, high = min(values), max(values)
    return ticks_for(low if low > 0.5 * high > 0 else min(0.0, low), high, 5)


def _axis(field: str, ticks: list[float]) -> Spec:
    return {"field": field, "type": "quantitative", "axis": value_axis(False, ticks),
            "scale": {"domain": [ticks[0], ticks[-1]], "nice": False, "zero": False}}  # fmt: skip


def _rows(points: Sequence[Point]) -> list[dict]:
    return [{"x": p.x, "y": p.y} for p in points]


def _spans(points: Sequence[Point], x: Spec, y: Spec, colour: str) -> list[Spec]:
    mark = {"type": "rule", "color": colour, "strokeWidth": 1, "opacity": 0.6}
    down = [{"x": p.x, "low": p.y_span[0], "high": p.y_span[1]} for p in points if p.y_span]
    across = [{"y": p.y, "low": p.x_span[0], "high": p.x_span[1]} for p in points if p.x_span]
    made: list[Spec] = []
    if down:
        made.append(
            {
                "data": {"values": down},
                "mark": mark,
                "encoding": {"x": x, "y": y | {"field": "low"}, "y2": {"field": "high"}},
            }
        )
    if across:
        made.append(
            {
                "data": {"values": across},
                "mark": mark,
                "encoding": {"y": y, "x": x | {"field": "low"}, "x2": {"field": "high"}},
            }
        )
    return made  # fmt: skip


def _label(point: Point, x: Spec, y: Spec, at: float, width: int) -> Spec:
    """The label stands on the side of the point that has room for it."""
    left = at + 8 + text_width(point.label) > width
    mark = {"type": "text", "align": "right" if left else "left", "dx": -8 if left else 8,
            "dy": -9, "fontSize": 12, "color": INK, "text": point.label, "limit": 0}  # fmt: skip
    rows = [{"x": point.x, "y": point.y}]
    return {"data": {"values": rows}, "mark": mark, "encoding": {"x": x, "y": y}}
