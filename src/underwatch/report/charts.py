"""Series as charts, in Vega-Lite: one look for pages, documents and notebooks.

Colours are those of Okabe and Ito, which colour-blind readers can tell apart. Every line has
its own dash as well, for readers who see or print no colour.
"""

import re
from html import escape
from textwrap import wrap
from typing import TYPE_CHECKING

import numpy as np

from underwatch.report.numbers import format_column
from underwatch.report.rendering import Spec
from underwatch.report.series import (
    Counts,
    Series,
    chilled,
    last_of_each,
    offences,
    restricted,
    wrongful,
)

if TYPE_CHECKING:
    import altair as alt
    import xarray as xr

INK, GRID = "#333333", "#d0d0d0"
BLUE, VERMILION, GREEN, PURPLE = "#0072B2", "#D55E00", "#009E73", "#CC79A7"
ORANGE, SKY = "#E69F00", "#56B4E9"
COLOURS = (BLUE, GREEN, VERMILION, PURPLE, INK, ORANGE, SKY)
DASHES = ([1, 0], [7, 3], [2, 2], [9, 3, 2, 3], [4, 4], [12, 3], [5, 2, 1, 2])
WIDTH = 440  # half a desktop page, and hardly more than a phone: text keeps its size on both
_PERCENT = " + '\N{NO-BREAK SPACE}%'"
_FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif"
_COLOURED = {"labelColor": INK, "titleColor": INK}
_LOOK = {
    "font": _FONT,
    "aria": False,  # the whole chart has one label; a thousand points need none
    "view": {"stroke": None},
    "axis": {
        **_COLOURED, "labelFontSize": 12, "gridColor": GRID, "domainColor": INK, "tickColor": INK,
        "domain": False, "labelPadding": 6, "titleFontSize": 12, "titleFontWeight": "normal",
    },
    "axisX": {"domain": True, "labelFlush": False},
    "legend": {
        **_COLOURED, "labelFontSize": 13, "labelLimit": 0, "symbolType": "stroke",
        "symbolSize": 500, "symbolStrokeWidth": 2.5, "rowPadding": 3, "columnPadding": 28,
    },
    "title": {
        "color": INK, "subtitleColor": INK, "fontSize": 13, "subtitleFontSize": 12,
        "fontWeight": "normal", "anchor": "start",
    },
}  # fmt: skip


def chart(series: Series, width: int = WIDTH) -> Spec:
    """A series as a Vega-Lite chart: lines over time or a number, or horizontal bars.

    width: of the whole chart with its labels, in pixels.
    """
    if series.in_time:
        drawn, height, room = _lines(series, width), 210, 45
    elif np.issubdtype(series.x.dtype, np.number):
        drawn, height, room = _lines(series, width), 190, 45
    else:
        drawn, height, room = _bars(series), 34 * len(series.x), _label_room(series) + 15
    title = {"text": series.unit, "frame": "bounds", "offset": 8}
    # The plot takes the width that its labels leave. Vega could fit both, but needs a sixth more.
    size = {"width": width - room, "height": height}
    return styled({**drawn, **size, "title": title})


def headed(series: Series, of: str = "") -> Spec:
    """A chart that is shown alone: its title, what it is of, and its unit stand above it.

    of: such as the title of the scenario.
    """
    spec = chart(series)
    below = [*wrap(of, 64), series.unit]
    return spec | {
        "title": {"frame": "bounds", "offset": 8, "text": wrap(series.title, 56), "subtitle": below}
    }


def picture(tallies: "xr.Dataset", provenance: dict) -> Spec:
    """Four small charts side by side: one stated goal and three harms."""
    counts = Counts(tallies)
    heads = {
        chilled: ("Critical posts withheld", "share of intended posts, by opinion of the state"),
        restricted: ("Adults under restrictions", "share of adults"),
        wrongful: ("Wrongful restrictions", "per 100,000 adults a year"),
        offences: ("Minor offences", "per 1,000 adults a year"),
    }
    made = ((make(counts), *words) for make, words in heads.items())
    name = scenario_text(provenance, "title") or "An invented nation under surveillance"
    return panels([found for found in made if found[0] is not None], name)


def panels(found: list[tuple[Series, str, str]], name: str, columns: int = 4) -> Spec:
    """Small charts side by side under one name, each with a title and what it counts."""
    small = []
    for series, head, unit in found:
        title = {"text": head, "subtitle": unit, "frame": "bounds", "offset": 8}
        # With the legend below, the plots stand level however many lines they have.
        small.append(_lines(series, 230, legend_at="bottom") | {
            "width": 230, "height": 170, "title": title})  # fmt: skip
    apart = {"scale": {"color": "independent", "strokeDash": "independent"}}
    title = {"text": name, "subtitle": "All citizens are invented.", "fontSize": 17, "offset": 14}
    whole = {"concat": small, "columns": columns, "spacing": 26, "resolve": apart}
    return styled({**whole, "title": title, "padding": 14}, background="white")


def to_altair(spec: Spec) -> "alt.TopLevelMixin":
    """A Vega-Lite specification of this module as an Altair chart, for notebooks.

    Examples
    --------
    >>> from underwatch.report.series import Series
    >>> import numpy as np
    >>> shares = {"share": np.array([0.2, 0.1])}
    >>> made = Series("x", "Shares", "", "share", True, np.array(["a", "b"]), shares)
    >>> type(to_altair(chart(made))).__name__
    'LayerChart'
    """
    import altair as alt

    return alt.Chart.from_dict(spec)


def scenario_text(provenance: dict, key: str) -> str:
    """The scenario's own `title` or `text`; empty if it has none."""
    for place in (provenance.get("scenario"), provenance):
        if isinstance(place, dict) and isinstance(place.get(key), str):
            return place[key].strip()
    return ""


def inline(text: str, label: str) -> str:
    """An SVG file as part of a page: it has a label and fits the width of its container."""
    # Inside a page an SVG needs no namespace, and its size is the page's to choose.
    head, rest = text[: text.index(">")], text[text.index(">") + 1 :]
    box = re.search(r'viewBox="[^"]*"', head).group()
    width = float(box.split()[2])
    label = escape(label)
    # Vega gives nameless roles to the lines inside, which a screen reader would announce.
    return (
        f'<svg {box} style="max-width: {width:.0f}px" role="img" aria-label="{label}">'
        f'<title>{label}</title><g aria-hidden="true">{rest.removesuffix("</svg>")}</g></svg>'
    )


def _value_axis(percent: bool, ticks: int) -> dict:
    """An axis of numbers; a percentage has a space before its sign."""
    axis = {"tickCount": ticks, "format": ",.3~f"}
    if percent:
        axis |= {"labelExpr": f"format(100 * datum.value, ',.3~f'){_PERCENT}"}
    return axis


def _lines(series: Series, width: int, legend_at: str = "top") -> Spec:
    """Each line with its own colour and dash; the legend stands above the chart or below."""
    labels, shown = list(series.lines), _shown(series, width)
    rows = [
        {"x": str(x) if series.in_time else float(x), "line": label,
         "value": None if np.isnan(v) else float(v)}
        for label, values in series.lines.items()
        for x, v in zip(series.x[shown], values[shown], strict=True)
    ]  # fmt: skip
    columns = 3 if width > 400 else 1
    legend = {"orient": legend_at, "title": None, "columns": columns} if len(labels) > 1 else None
    values = [row["value"] or 0 for row in rows] or [0]
    # As many steps as ticks, so that the highest tick is the top of the plot.
    bottom, top = min(0, *values), max(0, *values)
    scale = {"domain": [bottom, top if top > bottom else 1], "nice": 5}
    ticks = {"tickCount": max(3, width // 80), "grid": False}
    if series.across == "year":
        ticks |= {"format": "d"}  # a year has no thousands separator
    # Dates are those of the scenario; the reader's time zone must not move them.
    dates = {**ticks, "format": {"quarter": "%b", "month": "%b"}}
    x_axis = (
        {"field": "x", "type": "temporal", "title": None, "scale": {"type": "utc"}, "axis": dates}
        if series.in_time
        else {
            "field": "x",
            "type": "quantitative",
            "title": wrap(series.across or "", width // 8),
            "scale": _around(series.x),
            "axis": ticks,
        }
    )
    line = {"field": "line", "type": "nominal", "legend": legend}
    return {
        "data": {"values": rows},
        # A line of one month would be invisible.
        "mark": {"type": "line", "strokeWidth": 2, "point": series.x.size < 4},
        "encoding": {
            "x": x_axis,
            "y": {
                "field": "value", "type": "quantitative", "title": None, "scale": scale,
                "axis": _value_axis(series.percent, 5),
            },
            "color": {**line, "scale": {"domain": labels, "range": [*COLOURS[: len(labels)]]}},
            "strokeDash": {**line, "scale": {"domain": labels, "range": [*DASHES[: len(labels)]]}},
        },
    }  # fmt: skip


def _around(x: np.ndarray) -> dict:
    """The scale of numbers across; where all are one number, it stands in the middle."""
    if np.unique(x).size != 1 or not x[0]:
        return {}
    return {"domain": sorted((0.5 * float(x[0]), 1.5 * float(x[0])))}


def _shown(series: Series, width: int) -> np.ndarray:
    """The points to draw: all, or the last of each week or month, where pixels are fewer."""
    shown = np.arange(series.x.size)
    for unit in "WM" if series.in_time else "":
        if shown.size > width:
            shown = last_of_each(series.x, unit)
    return shown


def _bars(series: Series) -> Spec:
    """Horizontal bars, so that their names can be read, with the number at their ends.

    Where a series has `low` and `high`, a rule across each bar spans them.
    """
    (values,) = series.lines.values()
    # A bar whose interval is not known ends at its value.
    low, high = (np.where(np.isnan(end), values, end) for end in series.spans or (values, values))
    texts = value_texts(series)
    rows = [
        {"name": str(x), "value": float(v), "low": float(a), "high": float(b), "text": text}
        for x, v, a, b, text in zip(series.x, values, low, high, texts, strict=True)
        if not np.isnan(v)
    ]
    top = max((max(0, row["value"], row["high"]) for row in rows), default=0)
    bottom = min((min(0, row["value"], row["low"]) for row in rows), default=0)
    room = 0.3 * (top - bottom)  # for the number of the longest
    domain = [bottom - room if bottom < 0 else 0, top + room if top > 0 else 0 if bottom < 0 else 1]
    across = {
        "field": "value", "type": "quantitative", "title": None, "scale": {"domain": domain},
        "axis": _value_axis(series.percent, 3),
    }  # fmt: skip
    down = {
        "field": "name", "type": "nominal", "title": None, "sort": None,
        "axis": {
            "grid": False, "ticks": False, "labelFontSize": 14, "labelLimit": 260,
            "minExtent": _label_room(series),
        },
    }  # fmt: skip
    layers = [{"mark": {"type": "bar", "color": BLUE, "height": 20}, "encoding": {"x": across}}]
    if series.spans:
        span = {"x": {**across, "field": "low"}, "x2": {"field": "high"}}
        layers.append({"mark": {"type": "rule", "color": INK, "strokeWidth": 2}, "encoding": span})
    # The number stands beyond the end of its bar; for a negative value that is on the left.
    for which, end, align, dx in ((">= 0", "high", "left", 5), ("< 0", "low", "right", -5)):
        mark = {"type": "text", "align": align, "dx": dx, "fontSize": 13, "color": INK}
        encoding = {"x": {**across, "field": end}, "text": {"field": "text"}}
        if bottom < 0 or end == "high":
            only = [{"filter": f"datum.value {which}"}]
            layers.append({"transform": only, "mark": mark, "encoding": encoding})
    return {"data": {"values": rows}, "encoding": {"y": down}, "layer": layers}


def value_texts(series: Series) -> list[str]:
    """The numbers of a series with one line, in one precision."""
    (values,) = series.lines.values()
    times = 100 if series.percent else 1
    spans = [(times * a, times * b) for a, b in zip(*series.spans, strict=True)] if (
        series.spans) else None  # fmt: skip
    texts = format_column(times * values, spans, series.unit)
    sign = "\N{NO-BREAK SPACE}%" if series.percent else ""
    return [text if np.isnan(v) else text + sign for text, v in zip(texts, values, strict=True)]


def _label_room(series: Series) -> int:
    """Room for the names of bars; the reader's font may be wider than the one measured here."""
    return min(260, 9 * max((len(str(x)) for x in series.x), default=0))


def styled(spec: Spec, background: str = "transparent") -> Spec:
    """A chart with the common look: quiet axes, plain type, the page's own background."""
    return {"config": {**_LOOK, "background": background}, **spec}
