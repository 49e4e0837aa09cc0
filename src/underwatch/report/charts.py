"""Series as pictures: one look for the report, the notebook and the README.

Colours are those of Okabe and Ito, which colour-blind readers can tell apart,
and every line has its own dash as well, for those who see or print no colour.
"""

import re
from html import escape
from typing import TYPE_CHECKING

import altair as alt
import numpy as np

from underwatch.report.series import Counts, Series, chilled, offences, restricted, wrongful

if TYPE_CHECKING:
    import xarray as xr

INK, GRID = "#333333", "#d0d0d0"
BLUE, VERMILION, GREEN, PURPLE = "#0072B2", "#D55E00", "#009E73", "#CC79A7"
COLOURS = (BLUE, GREEN, VERMILION, PURPLE)
DASHES = ([1, 0], [7, 3], [2, 2], [9, 3, 2, 3])
WIDTH = 440  # half a desk, and hardly more than a phone: text keeps its size on both


def chart(series: Series, width: int = WIDTH) -> alt.Chart | alt.LayerChart:
    """A series as a picture: lines over time, or bars one below the other."""
    if series.in_time:
        drawn, height = _lines(series, width), 280
    else:
        drawn, height = _bars(series), 70 + 34 * len(series.x)
    fit = alt.AutoSizeParams(type="fit", contains="padding")
    title = alt.Title(series.unit, frame="bounds", offset=8)
    return _look(drawn.properties(width=width, height=height, autosize=fit, title=title))


def picture(tallies: "xr.Dataset", provenance: dict) -> alt.HConcatChart:
    """Four small panels side by side: what was gained, and what it cost whom."""
    counts = Counts(tallies)
    heads = {
        chilled: ("Lawful acts never done", "share, by what people think of the state"),
        restricted: ("Adults under restrictions", "share of all adults"),
        wrongful: ("Restrictions without a cause", "per 100,000 adults and year"),
        offences: ("Minor offences", "per 1,000 adults and year"),
    }
    panels = []
    for make, (head, unit) in heads.items():
        series = make(counts)
        if series is not None:
            title = alt.Title(head, subtitle=unit, frame="bounds", offset=8)
            # With the key below, the four plots stand level however many lines they have.
            drawn = _lines(series, 230, key="bottom")
            panels.append(drawn.properties(width=230, height=170, title=title))
    whole = alt.hconcat(*panels, spacing=26)
    whole = whole.resolve_scale(color="independent", strokeDash="independent")
    name = spoken(provenance, "title") or "An invented nation under watch"
    title = alt.Title(name, subtitle="Everyone in it is invented.", fontSize=17, offset=14)
    return _look(whole.properties(title=title, padding=14), ground="white")


def spoken(provenance: dict, key: str) -> str:
    """The scenario's own `title` or `text`, or nothing if it has none."""
    for place in (provenance.get("scenario"), provenance):
        if isinstance(place, dict) and isinstance(place.get(key), str):
            return place[key].strip()
    return ""


def standalone(drawn: alt.TopLevelMixin) -> str:
    """A picture as an SVG file of its own."""
    import vl_convert

    return vl_convert.vegalite_to_svg(drawn.to_dict())


def svg(drawn: alt.TopLevelMixin, label: str) -> str:
    """A picture as inline SVG that says what it is and fits the room it is given."""
    import vl_convert

    text = vl_convert.vegalite_to_svg(drawn.to_dict())
    # Inside a page an SVG needs no namespace, and its size is the page's to choose.
    head, rest = text[: text.index(">")], text[text.index(">") + 1 :]
    box = re.search(r'viewBox="[^"]*"', head).group()
    width = float(box.split()[2])
    label = escape(label)
    return (
        f'<svg {box} style="max-width: {width:.0f}px" role="img" aria-label="{label}">'
        f"<title>{label}</title>{rest}"
    )


def _lines(series: Series, width: int, key: str = "top") -> alt.Chart:
    """Each line with its own colour and dash; the key stands above the chart or below."""
    labels = list(series.lines)
    rows = [
        {"when": str(when), "what": label, "value": None if np.isnan(v) else float(v)}
        for label, values in series.lines.items()
        for when, v in zip(series.x, values, strict=True)
    ]
    columns = 3 if width > 400 else 1
    legend = alt.Legend(orient=key, title=None, columns=columns) if len(labels) > 1 else None
    top = max((row["value"] or 0 for row in rows), default=0)
    # As many steps as ticks, so that the highest tick is the top of the plot.
    scale = alt.Scale(domain=[0, top or 1], nice=5)
    form = ".3~%" if series.percent else ",.3~f"
    lone = series.x.size < 4  # a line of one month would be nothing to see
    return (
        alt.Chart(alt.Data(values=rows))
        .mark_line(strokeWidth=2, point=lone)
        .encode(
            # Dates are the nation's own; the reader's time zone must not move them.
            alt.X("when:T", title=None, scale=alt.Scale(type="utc"))
            .axis(tickCount=max(3, width // 80), grid=False),
            alt.Y("value:Q", title=None, scale=scale).axis(format=form, tickCount=5),
            alt.Color("what:N", scale=alt.Scale(domain=labels, range=COLOURS), legend=legend),
            alt.StrokeDash("what:N", scale=alt.Scale(domain=labels, range=DASHES), legend=legend),
        )
    )  # fmt: skip


def _bars(series: Series) -> alt.LayerChart:
    """Bars that lie, so that their names can be read, with the number at their ends."""
    (values,) = series.lines.values()
    rows = [
        {"what": str(x), "value": float(v), "said": f"{v:,.3g}" if v < 1000 else f"{v:,.0f}"}
        for x, v in zip(series.x, values, strict=True)
        if not np.isnan(v)
    ]
    top = max((row["value"] for row in rows), default=0)
    scale = alt.Scale(domain=[0, top * 1.25 or 1])  # room for the number of the longest
    base = alt.Chart(alt.Data(values=rows)).encode(
        alt.X("value:Q", title=None, scale=scale).axis(tickCount=3, format=",.3~f"),
        alt.Y("what:N", title=None, sort=None).axis(grid=False, labelFontSize=14),
    )
    numbers = base.mark_text(align="left", dx=5, fontSize=13, color=INK).encode(text="said:N")
    return base.mark_bar(color=BLUE, height=20) + numbers


def _look(drawn: alt.TopLevelMixin, ground: str = "transparent") -> alt.TopLevelMixin:
    """Quiet axes, plain letters, and a page's own ground unless another is asked for."""
    font = "system-ui, -apple-system, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif"
    colours = {"labelColor": INK, "titleColor": INK}
    return drawn.configure(
        font=font,
        aria=False,  # the whole picture has one label; a thousand points need none
        background=ground,
        view=alt.ViewConfig(stroke=None),
        axis=alt.AxisConfig(
            **colours, labelFontSize=12, gridColor=GRID, domainColor=INK, tickColor=INK,
            domain=False, labelPadding=6,
        ),
        axisX=alt.AxisConfig(domain=True),
        legend=alt.LegendConfig(
            **colours, labelFontSize=13, labelLimit=0, symbolType="stroke", symbolSize=500,
            symbolStrokeWidth=2.5, rowPadding=3, columnPadding=18,
        ),
        title=alt.TitleConfig(
            color=INK, subtitleColor=INK, fontSize=13, subtitleFontSize=12, fontWeight="normal",
            anchor="start",
        ),
    )  # fmt: skip
