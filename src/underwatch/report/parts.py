"""What every page is made of: tables, and charts with their numbers."""

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from underwatch.report import origins
from underwatch.report.charts import WIDE, chart, inline
from underwatch.report.findings import Finding
from underwatch.report.methods import command_line, paragraph, python_snippet
from underwatch.report.numbers import format_column
from underwatch.report.pairs import Pairs
from underwatch.report.rendering import Begin, Render, render_charts
from underwatch.report.scatter import Points
from underwatch.report.series import Series, last_of_each
from underwatch.report.stamp import stamp
from underwatch.report.templates import template
from underwatch.report.words import upper_first
from underwatch.scenario.events import Event, dated_changes

MOST_CHARTS = 12  # of a page, besides the first
# Where a chart will stand on a page that is filled while its charts are drawn. In a text, < is
# escaped, so that none can look like it.
_PLACE, _PLACED = "<!--chart {}-->", re.compile(r"<!--chart (\d+)-->")


class Table(NamedTuple):
    """Rows of texts; the first cell names its row, and a row of one cell is a heading.

    numeric: the columns of numbers. depths: how many rows above it a row is a part of, by name.
    """

    caption: str
    head: list[str]
    rows: list[list[str]]
    numeric: Collection[int] = frozenset()
    depths: Mapping[str, int] = {}


class Fold(NamedTuple):
    """Tables that a reader opens, and definitions of their rows as (label, name, text).

    notes: sentences above the tables.
    """

    summary: str
    tables: Sequence[Table]
    definitions: Sequence[tuple[str, str, str]] = ()
    notes: Sequence[str] = ()


class Drawing(NamedTuple):
    """The charts of a page, which another process may still be rendering."""

    shown: list[Series | Points | Pairs]
    has_hero: bool  # the first is drawn once more, wide
    events: list[Event]
    images: Callable[[], list[str]]  # waits for the SVG files


def draw(
    provenance: Mapping[str, Any],
    hero: Series | Points | Pairs | None,
    charts: Iterable[Series | Points | Pairs],
    begin: Begin,
) -> Drawing:
    """Begin to render the charts of a page; see `report` for the arguments."""
    events = dated_changes(dict(provenance))
    drawn = [each for each in charts if not (isinstance(each, Series) and each.blank)]
    shown = [*([hero] if hero is not None else []), *drawn][: MOST_CHARTS + 1]
    specs = [chart(each, events=events) for each in shown]
    if hero is not None:
        specs.append(chart(hero, WIDE, events))
    return Drawing(shown, hero is not None, events, begin(specs))


def report(
    provenance: Mapping[str, Any],
    *,
    title: str,
    kicker: str = "",
    text: str = "",
    findings: Sequence[Finding] = (),
    note: str = "",
    hero: Series | Points | Pairs | None = None,
    headline: Sequence[Table] = (),
    charts: Iterable[Series | Points | Pairs] = (),
    folds: Sequence[Fold] = (),
    renderer: Render = render_charts,
    drawing: Drawing | None = None,
    name: str = "report.html.j2",
    **words: Any,
) -> str:
    """A result as one page: findings and a chart first, the headline, more charts, the rest folded.

    Rendering the charts takes most of its time.

    Parameters
    ----------
    provenance: of the result, as run.json holds it.
    title: the main finding. kicker: what the result is of, above the title.
    text: paragraphs below the title, with a blank line between them.
    findings: see `Finding`. note: what a reader must know before quoting them.
    hero: the one strong chart. headline: the tables that are not folded.
    charts: at most a dozen more; what is beyond is left out, and what is zero throughout.
    folds: what a reader may open.
    renderer: renders charts to SVG. drawing: of hero and charts, where it has begun.
    name: the template. words: more of what it shows.
    """
    provenance = dict(provenance)
    if drawing is None:
        drawing = draw(provenance, hero, charts, lambda specs: partial(renderer, specs))
    figures = [
        figure(each, _PLACE.format(k), f"{k}-{each.name}".replace(" ", "-"))
        for k, each in enumerate(drawing.shown)
    ]
    lead = None
    headline = list(headline)
    # Few findings leave room for a small table below them, beside the chart.
    small = drawing.has_hero and len(findings) <= 3 and headline
    small = small and len(headline[0].head) <= 4 and len(headline[0].rows) <= 10
    beside = [headline.pop(0)] if small else []
    if drawing.has_hero:
        lead, *figures = figures
        lead["wide"] = _PLACE.format(len(figures) + 1)
    timed = any(isinstance(each, Series) and each.in_time for each in drawing.shown)
    words.setdefault("days", dates(provenance))
    words.setdefault("size", sizes(provenance, text))
    words.setdefault("methods", paragraph(provenance))
    words.setdefault("command", command_line(provenance))
    words.setdefault("python", python_snippet(provenance))
    words.setdefault("stamp", stamp(provenance))
    page = template(name).render(
        **words, **origins.origin(provenance), title=title, kicker=kicker, text=text,
        findings=list(findings), note=note, hero=lead, headline=headline, beside=beside,
        charts=figures,
        folds=[fold for fold in folds if fold.tables], events=drawing.events if timed else [],
    )  # fmt: skip
    titles = [each["title"] for each in ([lead] if lead else []) + figures]
    images = [
        inline(image, title)
        for image, title in zip(drawing.images(), titles + titles[: bool(lead)], strict=True)
    ]
    return _PLACED.sub(lambda found: images[int(found[1])], page)


def sizes(provenance: dict, text: str = "") -> list[str]:
    """How many citizens and seeds a page rests on, for its first lines.

    Empty if the text of the page gives the number of citizens.
    """
    found = []
    citizens, seed, seeds = (provenance.get(key) for key in ("citizens", "seed", "seeds"))
    if isinstance(citizens, int):
        if f"{citizens:,}" in text:
            return []
        found.append(f"{citizens:,} invented citizens")
    if isinstance(seeds, list | tuple) and seeds:
        found.append(f"{len(seeds):,} seeds" if len(seeds) > 1 else f"one run with seed {seeds[0]}")
    elif isinstance(seed, int):
        found.append(f"one run with seed {seed}")
    return found


def dates(provenance: dict) -> tuple[int, str, str] | None:
    """Number of days, first and last day; None if the provenance does not have them."""
    first, days = provenance.get("first_day"), provenance.get("days")
    if not isinstance(first, str) or not isinstance(days, int):
        return None
    try:
        begin = date.fromisoformat(first)
        return days, first, (begin + timedelta(days - 1)).isoformat()
    except (ValueError, OverflowError):
        return None


def figure(series: Series | Points | Pairs, image: str, mark: str = "") -> dict:
    """A chart with its title and caption, and its numbers as a table.

    image: what stands for it on the page. mark: names the chart there.
    """
    if isinstance(series, Points | Pairs):
        head, rows = series.table
        table = Table(f"{series.unit} and {series.across}", head, rows, set(range(1, len(head))))
        return _shown(series, image, mark, table)
    unit = upper_first(series.unit)
    thinned = series.in_time and _inside_months(series.x)
    first = "Month" if series.in_time else series.across or "Item"
    spans = ["Low", "High"] if series.spans else []
    head = [upper_first(first), *series.lines, *spans]
    caption = f"{unit}, at the end of each month" if thinned else unit
    table = Table(caption, head, _numbers(series), set(range(1, len(head))))
    return _shown(series, image, mark, table)


def _shown(series: Series | Points | Pairs, image: str, mark: str, table: Table) -> dict:
    title = series.finding or series.title
    caption = series.caption if not series.finding else f"{series.title}. {series.caption}"
    return {
        "id": mark or series.name.replace(" ", "-"), "name": series.name, "title": title,
        "caption": caption, "image": image, "wide": "", "table": table,
    }  # fmt: skip


def _inside_months(days: np.ndarray) -> bool:
    """Whether these are days, and not months or years by their first day."""
    return bool((days != days.astype("datetime64[M]")).any())


def _numbers(series: Series) -> list[list[str]]:
    """The table below a chart; of a daily series the last day of each month."""
    keep = np.arange(series.x.size)
    if series.in_time:
        keep = last_of_each(series.x, "M")
        names = series.x[keep].astype("datetime64[M]").astype(str)
    elif np.issubdtype(series.x.dtype, np.number):
        names = format_column(series.x)
    else:
        names = series.x.astype(str)
    columns = _value_and_interval(series, keep) if series.spans else [
        format_column(_scaled(values[keep], series), unit=series.unit, missing="–")
        for values in series.lines.values()
    ]  # fmt: skip
    sign = "\N{NO-BREAK SPACE}%" if series.percent else ""
    signed = ([cell if cell == "–" else cell + sign for cell in column] for column in columns)
    return [[*row] for row in zip(names, *signed, strict=True)]


def _scaled(values: np.ndarray, series: Series) -> np.ndarray:
    return 100 * values if series.percent else values


def _value_and_interval(series: Series, keep: np.ndarray) -> list[list[str]]:
    """Columns of the value, low and high, all three in one precision."""
    (values,) = series.lines.values()
    columns = [_scaled(column[keep], series) for column in (values, *series.spans)]
    spans = [*zip(*columns[1:], strict=True)] * 3
    cells = format_column(np.concatenate(columns), spans, series.unit, missing="–")
    return [cells[k * keep.size : (k + 1) * keep.size] for k in range(3)]
