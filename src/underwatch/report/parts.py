"""What every page is made of: templates, tables, and charts with their numbers."""

from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import jinja2
import numpy as np

from underwatch.report import origins
from underwatch.report.artist import Spec, drawn_here
from underwatch.report.charts import chart, inline
from underwatch.report.series import Series, figures, last_of_each, share


class Table(NamedTuple):
    """Rows of words and numbers, each row named by its first cell."""

    caption: str
    head: list[str]
    rows: list[list[str]]
    numeric: set[int] = frozenset()  # the columns of numbers


Draw = Callable[[list[Spec]], list[str]]  # pictures into SVG files


def page(
    name: str, provenance: dict, told: Iterable[Series], draw: Draw = drawn_here, **words: Any
) -> str:
    """A page from its template; nearly all that it costs is its pictures."""
    told = [*told]
    drawn = draw([chart(series) for series in told])
    charts = [figure(series, text) for series, text in zip(told, drawn, strict=True)]
    return template(name).render(**words, **origins.told(provenance), charts=charts)


@cache
def template(name: str) -> jinja2.Template:
    shelf = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return shelf.get_template(name)


def figure(series: Series, drawn: str) -> dict:
    """A chart, drawn as an SVG file, and its numbers."""
    unit = series.unit[:1].upper() + series.unit[1:]
    thinned = series.in_time and _inside_months(series.x)
    first = "Month" if series.in_time else series.across or "Item"
    spans = ["Low", "High"] if series.spans else []
    head = [first[:1].upper() + first[1:], *series.lines, *spans]
    caption = f"{unit}, at the end of each month" if thinned else unit
    return {
        "name": series.name,
        "title": series.title,
        "says": series.says,
        "drawn": inline(drawn, series.title),
        "table": Table(caption, head, _numbers(series), set(range(1, len(head)))),
    }


def _inside_months(days: np.ndarray) -> bool:
    """Whether these are days, and not months or years by their first day."""
    return bool((days != days.astype("datetime64[M]")).any())


def _numbers(series: Series) -> list[list[str]]:
    """The table below a chart; of a course in time the last of each month."""
    keep = np.arange(series.x.size)
    if series.in_time:
        keep = last_of_each(series.x, "M")
        names = series.x.astype("datetime64[M]").astype(str)
    elif np.issubdtype(series.x.dtype, np.number):
        names = [figures(float(x)) for x in series.x]
    else:
        names = series.x.astype(str)
    columns = [*series.lines.values(), *(series.spans or ())]
    return [[names[i], *(_cell(values[i], series.percent) for values in columns)] for i in keep]


def _cell(value: float, percent: bool) -> str:
    if np.isnan(value):
        return "–"
    return share(value) if percent else figures(value)
