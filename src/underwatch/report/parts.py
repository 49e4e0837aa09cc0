"""What every page is made of: templates, tables, and charts with their numbers."""

from collections.abc import Iterable
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
    """A page from its template; rendering the charts takes most of its time."""
    series = [*series]
    images = renderer([chart(each) for each in series])
    charts = [figure(each, image) for each, image in zip(series, images, strict=True)]
    return template(name).render(**words, **origins.origin(provenance), charts=charts)


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
    columns = [values[keep] for values in (*series.lines.values(), *(series.spans or ()))]
    return [[*row] for row in zip(names, *_cells(columns, series), strict=True)]


def _cells(columns: list[np.ndarray], series: Series) -> list[list[str]]:
    """Texts of columns; a value and its interval share one precision."""
    times, sign = (100, "\N{NO-BREAK SPACE}%") if series.percent else (1, "")
    together = [columns] if series.spans else [[column] for column in columns]
    cells: list[list[str]] = []
    for some in together:
        values = times * np.concatenate(some)
        spans = [(times * a, times * b) for a, b in zip(*columns[-2:], strict=True)] * len(some)
        texts = format_column(values, spans if series.spans else None, series.unit, missing="–")
        texts = [
            text if np.isnan(v) else text + sign for text, v in zip(texts, values, strict=True)
        ]
        length = len(some[0])
        cells += [texts[i : i + length] for i in range(0, len(texts), length)] or [[]]
    return cells
