"""Line charts: labels at the ends of the lines, bands, and markers of dated changes.

Lines that coincide, or more than five of them, are drawn one below the other on one scale.
"""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import wrap

import numpy as np

from underwatch.report.look import (
    BLUE,
    COLOURS,
    DASHES,
    GRID,
    INK,
    QUIET,
    text_width,
    ticks_for,
    value_axis,
)  # fmt: skip
from underwatch.report.rendering import Spec
from underwatch.report.series.counts import Series, last_of_each
from underwatch.scenario.events import Event

LABEL, _LEADING = 12, 14  # pixels: size of a label, and from one of its lines to the next
_AXIS = 52  # pixels for the numbers of the vertical axis
_CLOSE = 5  # pixels; lines that are nearer than this on average coincide
_MOVED = 26  # pixels by which a label may stand off its line
_NARROW = 480  # pixels; below, labels are broken into shorter lines


def lines(series: Series, width: int, height: int = 190, events: Sequence[Event] = ()) -> Spec:
    """A series over time or a number, `width` pixels with all its labels."""
    scale = _scale(series)
    wrapped = {name: wrap(name, 14 if width < _NARROW else 22) for name in series.lines}
    if len(series.lines) == 1:
        return _plot(series, list(series.lines), scale, width - _AXIS, height, events)
    room = 10 + max(text_width(line) for texts in wrapped.values() for line in texts)
    tops = _label_tops(series, wrapped, scale, height)
    if _coincide(series, scale, height, tops):
        if width < _NARROW or len(series.lines) < 4:
            return _stacked(series, scale, width - _AXIS, events)
        made = _stacked(series, scale, width // 2 - _AXIS - 10, events, columns=2)
        return {"concat": made["vconcat"], "columns": 2, "spacing": 20}
    plot = _plot(series, list(series.lines), scale, int(width - _AXIS - 1.1 * room), height, events)
    for k, (name, values) in enumerate(series.lines.items()):
        if name in tops:
            at, top = tops[name]
            plot["layer"].append(_label(series, values, wrapped[name], COLOURS[k], top - at))
    # A reader's font may be wider than the one that the chart is measured with.
    return plot | {"padding": {"right": 5 + round(0.16 * room)}}


def shown(series: Series, width: int) -> np.ndarray:
    """The points to draw: all, or the last of each week or month, where pixels are fewer."""
    found = np.arange(series.x.size)
    for unit in "WM" if series.in_time else "":
        if found.size > width:
            found = last_of_each(series.x, unit)
    return found


def _scale(series: Series) -> list[float]:
    """Ticks of the vertical axis; zero is among them unless all values are far from it."""
    values = np.concatenate([*series.lines.values()]).astype(float)
    values = values[np.isfinite(values)]
    if not values.size:
        return [0.0, 1.0]
    ends = [end for band in (series.bands or {}).values() for end in band]
    every = np.concatenate([values, *ends])
    every = every[np.isfinite(every)]
    if values.min() >= 0:  # nor is its interval negative
        every = np.maximum(every, 0)
    low, high = float(every.min()), float(every.max())
    if low > 0.5 * high > 0:
        # Small changes of a large level would be a flat line; noise is not blown up for it.
        least = 0.05 * high
        middle = (low + high) / 2
        if high - low < least:
            low, high = middle - least / 2, middle + least / 2
        return ticks_for(low, high)
    low = min(0.0, low)
    return ticks_for(low, high if high > low else low + 1)


def _pixel(value: float, scale: list[float], height: int) -> float:
    return height * (1 - (value - scale[0]) / (scale[-1] - scale[0]))


def _label_tops(
    series: Series, wrapped: dict[str, list[str]], scale: list[float], height: int
) -> dict[str, tuple[float, float]]:
    """Of each line where it ends, and where its label begins, in pixels from the top."""
    ends = {}
    for name, values in series.lines.items():
        known = np.flatnonzero(np.isfinite(values))
        if known.size:
            ends[name] = _pixel(float(values[known[-1]]), scale, height)
    order = sorted(ends, key=lambda name: ends[name])
    sizes = {name: _LEADING * len(wrapped[name]) for name in order}
    tops = {name: ends[name] - sizes[name] / 2 for name in order}
    below = -8.0
    for name in order:  # from the top down, none over the one before it
        tops[name] = max(tops[name], below)
        below = tops[name] + sizes[name]
    above = height + 10.0
    for name in reversed(order):  # and from the bottom up, none below the plot
        tops[name] = min(tops[name], above - sizes[name])
        above = tops[name]
    return {name: (ends[name], tops[name]) for name in order}


def _coincide(
    series: Series, scale: list[float], height: int, tops: dict[str, tuple[float, float]]
) -> bool:
    """Whether some lines cannot be distinguished, or a label has no place at its line."""
    if len(series.lines) > len(COLOURS):
        return True
    per_unit = height / (scale[-1] - scale[0])
    every = list(series.lines.values())
    for k, one in enumerate(every):
        for other in every[k + 1 :]:
            both = np.isfinite(one) & np.isfinite(other)
            apart = np.abs(one - other)[both] * per_unit
            if apart.size > 1 and apart.mean() < _CLOSE:
                return True
    tall = {name: top for name, (_, top) in tops.items()}
    return any(abs(tall[name] - at) > _MOVED + _LEADING for name, (at, _) in tops.items())


def _plot(
    series: Series, names: list[str], scale: list[float], width: int, height: int,
    events: Sequence[Event], labelled: bool = True, grey: Sequence[str] = (),
) -> Spec:  # fmt: skip
    """The lines of one plot; grey: other lines, drawn behind them for comparison."""
    x, y = _across(series, width, labelled), _upward(series, scale, height)
    layer = [*_markers(series, events, x, width)]
    layer += [_line(series, name, x, y, GRID, [1, 0], width) for name in grey]
    for name in names:
        k = list(series.lines).index(name) if not grey else 0
        colour = BLUE if grey else COLOURS[k]
        band = (series.bands or {}).get(name)
        if band is not None:
            layer.append(_band(series, band, x, y, colour, width))
        layer.append(_line(series, name, x, y, colour, DASHES[k], width))
    return {"width": width, "height": height, "layer": layer}


def _stacked(
    series: Series, scale: list[float], width: int, events: Sequence[Event], columns: int = 1
) -> Spec:
    """Each line in a plot of its own on the same scale, with the others in grey behind it."""
    height = 74 if len(series.lines) <= 3 or columns > 1 else 52
    few = [scale[0], scale[-1]] if len(scale) % 2 == 0 else [scale[0], scale[len(scale) // 2],
                                                             scale[-1]]  # fmt: skip
    plots = []
    for k, name in enumerate(series.lines):
        last = k >= len(series.lines) - columns
        others = [other for other in series.lines if other != name]
        # Markers are numbered once, in the first plot.
        marks = events if k < columns else [event._replace(number="") for event in events]
        plot = _plot(series, [name], few, width, height, marks, last, others)
        head = {"text": wrap(name, width // 7), "fontSize": LABEL, "color": BLUE,
                "offset": 14 if k < columns and events else 6, "frame": "group"}  # fmt: skip
        plots.append({**plot, "title": head})
    return {"vconcat": plots, "spacing": 14}


def _across(series: Series, width: int, labelled: bool) -> Spec:
    axis: Spec = {"tickCount": max(3, width // 80), "grid": False}
    if not labelled:
        axis |= {"labels": False, "ticks": False}
    if series.in_time:
        # Dates are those of the scenario; the reader's time zone must not move them.
        axis["format"] = {"quarter": "%b", "month": "%b"}
        ends = [str(series.x[0]), str(series.x[-1])] if series.x.size > 1 else None
        scale: Spec = {"type": "utc"} | ({"domain": ends} if ends else {})
        return {"field": "x", "type": "temporal", "title": None, "scale": scale, "axis": axis}
    if series.across == "year":
        axis["format"] = "d"  # a year has no thousands separator
    title = wrap(series.across or "", width // 7) if labelled else None
    return {"field": "x", "type": "quantitative", "title": title, "axis": axis,
            "scale": _around(series.x)}  # fmt: skip


def _around(x: np.ndarray) -> Spec:
    """The scale of numbers across; where all are one number, it stands in the middle."""
    if np.unique(x).size != 1 or not x[0]:
        return {"zero": False, "nice": False}
    return {"domain": sorted((0.5 * float(x[0]), 1.5 * float(x[0])))}


def _upward(series: Series, scale: list[float], height: int) -> Spec:
    ticks = scale if height / len(scale) > 15 else [scale[0], scale[-1]]
    return {"field": "value", "type": "quantitative", "title": None,
            "scale": {"domain": [scale[0], scale[-1]], "nice": False, "zero": False},
            "axis": value_axis(series.percent, ticks)}  # fmt: skip


def _rows(series: Series, width: int, **columns: np.ndarray) -> list[dict]:
    keep = shown(series, width)
    every = [series.x[keep], *(values[keep] for values in columns.values())]
    return [
        {"x": str(x) if series.in_time else float(x)}
        | {name: float(v) if np.isfinite(v) else None for name, v in
           zip(columns, values, strict=True)}
        for x, *values in zip(*every, strict=True)
    ]  # fmt: skip


def _line(
    series: Series, name: str, x: Spec, y: Spec, colour: str, dash: list[int], width: int
) -> Spec:
    few = np.isfinite(series.lines[name]).sum() < 4  # a line of one month would be invisible
    point = {"color": colour, "filled": True, "size": 30} if few else False
    mark = {"type": "line", "strokeWidth": 2, "color": colour, "strokeDash": dash, "point": point}
    return {"data": {"values": _rows(series, width, value=series.lines[name]), "name": name},
            "mark": mark, "encoding": {"x": x, "y": y}}  # fmt: skip


def _band(
    series: Series, band: tuple[np.ndarray, np.ndarray], x: Spec, y: Spec, colour: str, width: int
) -> Spec:
    low, high = np.maximum(band[0], y["scale"]["domain"][0]), band[1]
    return {
        "data": {"values": _rows(series, width, low=low, high=high)},
        "mark": {"type": "area", "color": colour, "opacity": 0.2},
        "encoding": {"x": x, "y": y | {"field": "low"}, "y2": {"field": "high"}},
    }


def _label(series: Series, values: np.ndarray, texts: list[str], colour: str, below: float) -> Spec:
    """The name of a line at its end; below: pixels from the end to the top of the label."""
    last = np.flatnonzero(np.isfinite(values))[-1]
    at = str(series.x[last]) if series.in_time else float(series.x[last])
    mark = {
        "type": "text", "align": "left", "baseline": "top", "dx": 6, "dy": round(below, 1),
        "fontSize": LABEL, "lineHeight": _LEADING, "color": colour, "text": texts, "limit": 0,
    }  # fmt: skip
    kind = "temporal" if series.in_time else "quantitative"
    encoding = {"x": {"field": "x", "type": kind}, "y": {"field": "value", "type": "quantitative"}}
    rows = [{"x": at, "value": float(values[last])}]
    return {"data": {"values": rows}, "mark": mark, "encoding": encoding}


def _markers(series: Series, events: Sequence[Event], x: Spec, width: int) -> list[Spec]:
    """A thin rule at each dated change, with its number above the plot."""
    if not series.in_time or series.x.size < 2:
        return []
    first, last = (series.x[k].astype("datetime64[D]").item() for k in (0, -1))
    inside = [event for event in events if first < event.day < last]
    if not inside:
        return []
    per_day = width / max(1, (last - first).days)
    rows, free = [], -1.0
    for event in inside:
        at = per_day * (event.day - first).days
        number = event.number if at >= free else ""  # a rule without a number, where it is tight
        free = at + 9 * len(number) if number else free
        rows.append({"x": event.day.isoformat(), "number": number})
    rule = {"type": "rule", "color": QUIET, "strokeWidth": 1, "strokeDash": [2, 3]}
    text = {"type": "text", "y": -2, "baseline": "bottom", "fontSize": 11, "color": INK}
    return [
        {"data": {"values": rows}, "mark": rule, "encoding": {"x": x}},
        {"data": {"values": rows}, "mark": text,
         "encoding": {"x": x, "text": {"field": "number", "type": "nominal"}}},
    ]  # fmt: skip
