"""What every page is made of: templates, tables, and charts with their numbers."""

from collections.abc import Iterable
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import jinja2
import numpy as np

from underwatch.report import origins
from underwatch.report.charts import chart, inline
from underwatch.report.numbers import format_column
from underwatch.report.rendering import Render, render_charts
from underwatch.report.series import Series, last_of_each


class Table(NamedTuple):
    """Rows of texts; the first cell names its row."""

    caption: str
    head: list[str]
    rows: list[list[str]]
    numeric: set[int] = frozenset()  # the columns of numbers


def page(
    name: str,
    provenance: dict,
    series: Iterable[Series],
    renderer: Render = render_charts,
    **words: Any,
) -> str:
    """A page from its template; rendering the charts takes most of its time.

    words: what the template shows, `title` and `text` among them.
    """
    series = [*series]
    images = renderer([chart(each) for each in series])
    charts = [figure(each, image) for each, image in zip(series, images, strict=True)]
    words.setdefault("days", dates(provenance))
    size = sizes(provenance, words.get("text", ""))
    return template(name).render(**words, **origins.origin(provenance), charts=charts, size=size)


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


@cache
def template(name: str) -> jinja2.Template:
    """A template of this folder."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(name)


def figure(series: Series, image: str) -> dict:
    """A chart as an SVG file, its caption, and its numbers as a table."""
    unit = series.unit[:1].upper() + series.unit[1:]
    thinned = series.in_time and _inside_months(series.x)
    first = "Month" if series.in_time else series.across or "Item"
    spans = ["Low", "High"] if series.spans else []
    head = [first[:1].upper() + first[1:], *series.lines, *spans]
    caption = f"{unit}, at the end of each month" if thinned else unit
    return {
        "name": series.name,
        "title": series.title,
        "caption": series.caption,
        "image": inline(image, series.title),
        "table": Table(caption, head, _numbers(series), set(range(1, len(head)))),
    }


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
