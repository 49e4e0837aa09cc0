"""One look for every chart: colours, dashes, type, and the numbers of an axis.

Colours are those of Okabe and Ito, which colour-blind readers can tell apart. Every line has
its own dash as well, for readers who see or print no colour.
"""

from __future__ import annotations

from math import ceil, floor, log10

from underwatch.report.rendering import Spec

INK, GRID, QUIET = "#333333", "#d0d0d0", "#767676"
BLUE, VERMILION, GREEN, PURPLE = "#0072B2", "#D55E00", "#009E73", "#CC79A7"
# At most five colours on a page; what has more lines is drawn as small multiples.
COLOURS = (BLUE, VERMILION, GREEN, PURPLE, INK)
DASHES = ([1, 0], [7, 3], [2, 2], [9, 3, 2, 3], [4, 4])
PERCENT_SIGN = "\N{NO-BREAK SPACE}%"
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


def styled(spec: Spec, background: str = "transparent") -> Spec:
    """A chart with the common look: quiet axes, plain type, the page's own background."""
    return {"config": {**_LOOK, "background": background}, **spec}


def value_axis(percent: bool, ticks: list[float] | None = None, count: int = 4) -> Spec:
    """An axis of numbers at these ticks; a percentage has a space before its sign."""
    axis: Spec = {"format": ",.3~f"}
    axis |= {"values": ticks} if ticks is not None else {"tickCount": count}
    if percent:
        axis |= {"labelExpr": f"format(100 * datum.value, ',.3~f') + '{PERCENT_SIGN}'"}
    return axis


def ticks_for(low: float, high: float, steps: int = 4) -> list[float]:
    """Round numbers from `low` or below to `high` or above; the first and the last are the ends.

    Examples
    --------
    >>> ticks_for(0, 0.093), ticks_for(44.1, 50.2)
    ([0.0, 0.025, 0.05, 0.075, 0.1], [44.0, 46.0, 48.0, 50.0, 52.0])
    """
    if not high > low:
        high = low + (abs(low) or 1.0)
    raw = (high - low) / steps
    power = 10.0 ** floor(log10(raw))
    step = next((f * power for f in (1, 2, 2.5, 5, 10) if f * power >= raw * 0.999), 10 * power)
    first, last = floor(low / step + 1e-9), ceil(high / step - 1e-9)
    return [round(k * step, 12) for k in range(first, last + 1)]


def text_width(text: str, size: int = 12) -> float:
    """How wide a text may be drawn, in pixels: generous, as the reader's font is not known."""
    return 0.56 * size * len(text)
