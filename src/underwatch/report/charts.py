"""Series as pictures, in Vega-Lite: one look for reports, documents and the README.

Colours are those of Okabe and Ito, which colour-blind readers can tell apart,
and every line has its own dash as well, for those who see or print no colour.
"""

import re
from html import escape
from typing import TYPE_CHECKING

import numpy as np

from underwatch.report.artist import Spec
from underwatch.report.series import (
    Counts,
    Series,
    chilled,
    figures,
    last_of_each,
    offences,
    restricted,
    share,
    wrongful,
)

if TYPE_CHECKING:
    import xarray as xr

INK, GRID = "#333333", "#d0d0d0"
BLUE, VERMILION, GREEN, PURPLE = "#0072B2", "#D55E00", "#009E73", "#CC79A7"
COLOURS = (BLUE, GREEN, VERMILION, PURPLE, INK)
DASHES = ([1, 0], [7, 3], [2, 2], [9, 3, 2, 3], [4, 4])
WIDTH = 440  # half a desk, and hardly more than a phone: text keeps its size on both
_FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif"
_COLOURED = {"labelColor": INK, "titleColor": INK}
_LOOK = {
    "font": _FONT,
    "aria": False,  # the whole picture has one label; a thousand points need none
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
    """A series as a picture: lines over time, or bars one below the other."""
    if series.in_time:
        drawn, height, room = _lines(series, width), 210, 45
    elif np.issubdtype(series.x.dtype, np.number):
        drawn, height, room = _lines(series, width), 190, 45
    else:
        drawn, height, room = _bars(series), 34 * len(series.x), _names(series) + 15
    title = {"text": series.unit, "frame": "bounds", "offset": 8}
    # Of the width the plot has what its labels leave; to let Vega fit both takes it a sixth longer.
    size = {"width": width - room, "height": height}
    return looking({**drawn, **size, "title": title})


def picture(tallies: "xr.Dataset", provenance: dict) -> Spec:
    """Four small panels side by side: what was gained, and what it cost whom."""
    counts = Counts(tallies)
    heads = {
        chilled: ("Lawful posts never written", "share, by what people think of the state"),
        restricted: ("Adults under restrictions", "share of all adults"),
        wrongful: ("Restrictions without a cause", "per 100,000 adults and year"),
        offences: ("Minor offences", "per 1,000 adults and year"),
    }
    made = ((make(counts), *says) for make, says in heads.items())
    name = spoken(provenance, "title") or "An invented nation under watch"
    return panels([found for found in made if found[0] is not None], name)


def panels(found: list[tuple[Series, str, str]], name: str, columns: int = 4) -> Spec:
    """Small pictures side by side under one name, each with its head and what it counts."""
    small = []
    for series, head, unit in found:
        title = {"text": head, "subtitle": unit, "frame": "bounds", "offset": 8}
        # With the key below, the plots stand level however many lines they have.
        small.append(_lines(series, 230, key="bottom") | {
            "width": 230, "height": 170, "title": title})  # fmt: skip
    apart = {"scale": {"color": "independent", "strokeDash": "independent"}}
    title = {"text": name, "subtitle": "Everyone in it is invented.", "fontSize": 17, "offset": 14}
    whole = {"concat": small, "columns": columns, "spacing": 26, "resolve": apart}
    return looking({**whole, "title": title, "padding": 14}, ground="white")


def spoken(provenance: dict, key: str) -> str:
    """The scenario's own `title` or `text`, or nothing if it has none."""
    for place in (provenance.get("scenario"), provenance):
        if isinstance(place, dict) and isinstance(place.get(key), str):
            return place[key].strip()
    return ""


def inline(text: str, label: str) -> str:
    """An SVG file as part of a page: it says what it is and fits the room it is given."""
    # Inside a page an SVG needs no namespace, and its size is the page's to choose.
    head, rest = text[: text.index(">")], text[text.index(">") + 1 :]
    box = re.search(r'viewBox="[^"]*"', head).group()
    width = float(box.split()[2])
    label = escape(label)
    # Vega gives roles without a name to the lines inside, which a screen reader would tell.
    return (
        f'<svg {box} style="max-width: {width:.0f}px" role="img" aria-label="{label}">'
        f'<title>{label}</title><g aria-hidden="true">{rest.removesuffix("</svg>")}</g></svg>'
    )


def _lines(series: Series, width: int, key: str = "top") -> Spec:
    """Each line with its own colour and dash; the key stands above the chart or below."""
    labels, shown = list(series.lines), _shown(series, width)
    rows = [
        {"x": str(x) if series.in_time else float(x), "what": label,
         "value": None if np.isnan(v) else float(v)}
        for label, values in series.lines.items()
        for x, v in zip(series.x[shown], values[shown], strict=True)
    ]  # fmt: skip
    columns = 3 if width > 400 else 1
    legend = {"orient": key, "title": None, "columns": columns} if len(labels) > 1 else None
    values = [row["value"] or 0 for row in rows] or [0]
    # As many steps as ticks, so that the highest tick is the top of the plot.
    bottom, top = min(0, *values), max(0, *values)
    scale = {"domain": [bottom, top if top > bottom else 1], "nice": 5}
    form = ".3~%" if series.percent else ",.3~f"
    ticks = {"tickCount": max(3, width // 80), "grid": False}
    # Dates are the nation's own; the reader's time zone must not move them.
    dates = {**ticks, "format": {"quarter": "%b", "month": "%b"}}
    across = (
        {"field": "x", "type": "temporal", "title": None, "scale": {"type": "utc"}, "axis": dates}
        if series.in_time
        else {"field": "x", "type": "quantitative", "title": series.across, "axis": ticks}
    )
    what = {"field": "what", "type": "nominal", "legend": legend}
    return {
        "data": {"values": rows},
        # A line of one month would be nothing to see.
        "mark": {"type": "line", "strokeWidth": 2, "point": series.x.size < 4},
        "encoding": {
            "x": across,
            "y": {
                "field": "value", "type": "quantitative", "title": None, "scale": scale,
                "axis": {"format": form, "tickCount": 5},
            },
            "color": {**what, "scale": {"domain": labels, "range": COLOURS[: len(labels)]}},
            "strokeDash": {**what, "scale": {"domain": labels, "range": DASHES[: len(labels)]}},
        },
    }  # fmt: skip


def _shown(series: Series, width: int) -> np.ndarray:
    """The points to draw: all, or the last of each week or month, where pixels are fewer."""
    shown = np.arange(series.x.size)
    for unit in "WM" if series.in_time else "":
        if shown.size > width:
            shown = last_of_each(series.x, unit)
    return shown


def _bars(series: Series) -> Spec:
    """Bars that lie, so that their names can be read, with the number at their ends.

    Where a series has `low` and `high`, a rule across each bar spans them.
    """
    (values,) = series.lines.values()
    # A bar whose span is not known ends at its value.
    low, high = (np.where(np.isnan(end), values, end) for end in series.spans or (values, values))
    rows = [
        {"what": str(x), "value": float(v), "low": float(a), "high": float(b),
         "said": share(v) if series.percent else figures(v)}
        for x, v, a, b in zip(series.x, values, low, high, strict=True)
        if not np.isnan(v)
    ]  # fmt: skip
    top = max((max(0, row["value"], row["high"]) for row in rows), default=0)
    bottom = min((min(0, row["value"], row["low"]) for row in rows), default=0)
    room = 0.3 * (top - bottom)  # for the number of the longest
    domain = [bottom - room if bottom < 0 else 0, top + room if top > 0 else 0 if bottom < 0 else 1]
    across = {
        "field": "value", "type": "quantitative", "title": None, "scale": {"domain": domain},
        "axis": {"tickCount": 3, "format": ".3~%" if series.percent else ",.3~f"},
    }  # fmt: skip
    down = {
        "field": "what", "type": "nominal", "title": None, "sort": None,
        "axis": {
            "grid": False, "ticks": False, "labelFontSize": 14, "labelLimit": 260,
            "minExtent": _names(series),
        },
    }  # fmt: skip
    layers = [{"mark": {"type": "bar", "color": BLUE, "height": 20}, "encoding": {"x": across}}]
    if series.spans:
        span = {"x": {**across, "field": "low"}, "x2": {"field": "high"}}
        layers.append({"mark": {"type": "rule", "color": INK, "strokeWidth": 2}, "encoding": span})
    # The number stands beyond the end, to the left of what is less than nothing.
    for which, end, align, dx in ((">= 0", "high", "left", 5), ("< 0", "low", "right", -5)):
        text = {"type": "text", "align": align, "dx": dx, "fontSize": 13, "color": INK}
        said = {"x": {**across, "field": end}, "text": {"field": "said"}}
        if bottom < 0 or end == "high":
            only = [{"filter": f"datum.value {which}"}]
            layers.append({"transform": only, "mark": text, "encoding": said})
    return {"data": {"values": rows}, "encoding": {"y": down}, "layer": layers}


def _names(series: Series) -> int:
    """Room for the names of bars; the reader's letters may be wider than those measured here."""
    return min(260, 9 * max((len(str(x)) for x in series.x), default=0))


def looking(drawn: Spec, ground: str = "transparent") -> Spec:
    """Quiet axes, plain letters, and a page's own ground unless another is asked for."""
    return {"config": {**_LOOK, "background": ground}, **drawn}
