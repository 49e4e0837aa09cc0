"""Series as charts, in Vega-Lite: one look for pages, documents and notebooks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape
from textwrap import wrap
from typing import TYPE_CHECKING

import numpy as np

from underwatch.report.bars import bars
from underwatch.report.bars import value_texts as value_texts
from underwatch.report.lines import lines
from underwatch.report.look import BLUE as BLUE
from underwatch.report.look import COLOURS as COLOURS
from underwatch.report.look import DASHES as DASHES
from underwatch.report.look import GREEN as GREEN
from underwatch.report.look import INK as INK
from underwatch.report.look import VERMILION as VERMILION
from underwatch.report.look import styled as styled
from underwatch.report.pairs import Pairs, pairs
from underwatch.report.rendering import Spec, drawable
from underwatch.report.scatter import Points, scatter
from underwatch.report.series import (
    Counts,
    Series,
    chilled,
    offences,
    restricted,
    wrongful,
)
from underwatch.report.stamp import stamp
from underwatch.scenario.events import Event

if TYPE_CHECKING:
    import altair as alt

    from underwatch.measurement.tallies import TallyTable

WIDTH = 380  # a third of a desktop page, and hardly more than a phone: text keeps its size
WIDE = 700  # the one strong chart of a page, on a desktop


def chart(made: Series | Points | Pairs, width: int = WIDTH, events: Sequence[Event] = ()) -> Spec:
    """A series as a Vega-Lite chart: lines over time or a number, or horizontal bars; or points.

    width: of the whole chart with its labels, in pixels. events: dated changes to be marked.
    """
    wide = width > 1.5 * WIDTH
    title = {"text": wrap(made.unit, width // 7), "frame": "bounds", "offset": 12}
    if isinstance(made, Points):
        drawn = scatter(made, width, 340 if wide else 260)
    elif isinstance(made, Pairs):
        drawn = pairs(made, width)
    elif made.in_time or np.issubdtype(made.x.dtype, np.number):
        drawn = lines(made, width, 300 if wide else 190, events)
    else:
        drawn = bars(made, width)
    sides = {"left": 10, "right": 5, "top": 5, "bottom": 5}
    return styled({**drawn, "title": title, "padding": {**sides, **drawn.get("padding", {})}})


def headed(
    series: Series | Points | Pairs, of: str = "", stamped: str = "", width: int = 520
) -> Spec:
    """A chart that is shown alone: its title, what it is of, and its unit stand above it.

    of: such as the title of the scenario. stamped: see `stamp.stamp`; it stands there too.
    """
    spec = chart(series, width)
    below = [line for text in (of, stamped, series.unit) for line in wrap(text, width // 7)]
    text = wrap(series.title, width // 8)
    return spec | {"title": {"frame": "bounds", "offset": 12, "text": text, "subtitle": below}}


def picture(tallies: TallyTable, provenance: dict) -> Spec:
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
    return panels([found for found in made if found[0] is not None], name, stamp(provenance))


def panels(found: list[tuple[Series, str, str]], name: str, stamped: str, columns: int = 4) -> Spec:
    """Small charts side by side under one name, each with a title and what it counts.

    stamped: see `stamp.stamp`.
    """
    small = []
    for series, head, unit in found:
        title = {
            "text": wrap(head, 36),
            "subtitle": wrap(unit, 40),
            "frame": "bounds",
            "offset": 10,
        }
        drawn = lines(series, 300, 170)
        drawn.pop("padding", None)  # only a whole picture has one
        small.append(drawn | {"title": title})
    title = {"text": name, "subtitle": stamped, "fontSize": 17, "offset": 14}
    whole = {"concat": small, "columns": columns, "spacing": 26}
    return styled({**whole, "title": title, "padding": 14}, background="white")


def to_altair(spec: Spec) -> alt.TopLevelMixin:
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

    return alt.Chart.from_dict(drawable(spec))


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
