"""Horizontal bars: the name above each bar, its number at the end, its interval across it."""

from __future__ import annotations

from textwrap import shorten

import numpy as np

from underwatch.report.look import BLUE, INK, PERCENT_SIGN, text_width, value_axis
from underwatch.report.numbers import format_column
from underwatch.report.rendering import Spec
from underwatch.report.series.counts import Series

_ROW, _TOP, _BAR = 42, 20, 14  # pixels: of a row, from its top to its bar, and of the bar


def bars(series: Series, width: int) -> Spec:
    """The only line of a series, whose `x` holds names; NaN is left out."""
    (values,) = series.lines.values()
    # A bar whose interval is not known ends at its value.
    low, high = (np.where(np.isnan(end), values, end) for end in series.spans or (values, values))
    texts = value_texts(series)
    known = np.flatnonzero(~np.isnan(values))
    rows = [
        {
            "name": shorten(str(series.x[k]), width // 7, placeholder="…"),
            "value": float(values[k]), "low": float(low[k]), "high": float(high[k]),
            "text": texts[k], "top": row * _ROW + _TOP, "end": row * _ROW + _TOP + _BAR,
            "middle": row * _ROW + _TOP + _BAR / 2, "above": row * _ROW + _TOP - 4,
        }
        for row, k in enumerate(known)
    ]  # fmt: skip
    top = max((max(0, row["value"], row["high"]) for row in rows), default=0)
    bottom = min((min(0, row["value"], row["low"]) for row in rows), default=0)
    longest = max((text_width(text, 13) for text in texts), default=0) + 8
    room = (top - bottom or 1) * longest / max(1, width - 2 * longest)  # for the numbers
    domain = [bottom - room if bottom < 0 else 0, top + room if top > 0 else 0 if bottom < 0 else 1]
    height = max(1, len(rows)) * _ROW
    across = {
        "field": "value", "type": "quantitative", "title": None,
        "scale": {"domain": domain, "nice": False}, "axis": value_axis(series.percent, count=4),
    }  # fmt: skip
    down = {"type": "quantitative", "axis": None, "title": None,
            "scale": {"domain": [0, height], "range": [0, height], "nice": False}}  # fmt: skip
    layers: list[Spec] = [
        {
            "mark": {"type": "text", "align": "left", "baseline": "bottom", "fontSize": 13,
                     "color": INK, "x": 0, "limit": 0},
            "encoding": {"y": {**down, "field": "above"}, "text": {"field": "name"}},
        },
        {
            "mark": {"type": "bar", "color": BLUE},
            "encoding": {"x": across, "x2": {"datum": 0}, "y": {**down, "field": "top"},
                         "y2": {"field": "end"}},
        },
    ]  # fmt: skip
    middle = {"y": {**down, "field": "middle"}}
    if series.spans:
        span = {"x": {**across, "field": "low"}, "x2": {"field": "high"}, **middle}
        layers.append({"mark": {"type": "rule", "color": INK, "strokeWidth": 2}, "encoding": span})
    # The number stands beyond the end of its bar; for a negative value that is on the left.
    for which, end, align, dx in ((">= 0", "high", "left", 5), ("< 0", "low", "right", -5)):
        mark = {"type": "text", "align": align, "dx": dx, "fontSize": 13, "color": INK}
        encoding = {"x": {**across, "field": end}, "text": {"field": "text"}, **middle}
        if bottom < 0 or end == "high":
            only = [{"filter": f"datum.value {which}"}]
            layers.append({"transform": only, "mark": mark, "encoding": encoding})
    return {"data": {"values": rows}, "width": width - 16, "height": height, "layer": layers}


def value_texts(series: Series) -> list[str]:
    """The numbers of a series with one line, in one precision."""
    (values,) = series.lines.values()
    times = 100 if series.percent else 1
    spans = [(times * a, times * b) for a, b in zip(*series.spans, strict=True)] if (
        series.spans) else None  # fmt: skip
    texts = format_column(times * values, spans, series.unit)
    sign = PERCENT_SIGN if series.percent else ""
    return [text if np.isnan(v) else text + sign for text, v in zip(texts, values, strict=True)]
