"""A run as one page: what it aimed at beside what it did to people, and on what assumptions.

The page is a single file that asks nothing of any other machine: no script, no
font, no picture from elsewhere. It reads on a phone, by keyboard, in the dark
and on paper, and every chart has its numbers in a table below it.
"""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import jinja2
import numpy as np

from underwatch.evidence import cite
from underwatch.evidence import figures as known_figures
from underwatch.measures.summary import SummaryLine
from underwatch.report.charts import chart, spoken, svg
from underwatch.report.series import Series, all_series, figures, share

if TYPE_CHECKING:
    import xarray as xr

# Heading of each kind of measure, in the order of the page.
GOALS = {"stated goal": "What the system is for"}
HARMS = {
    "expression": "Expression",
    "error": "Error",
    "association": "Association",
    "burden": "Burden",
}
REST = {"reach": "Reach of the system", "account": "Account given"}


class Row(NamedTuple):
    """A line of the table of sources."""

    path: str
    value: str
    source: str
    assumed: bool


def render(provenance: dict, tallies: "xr.Dataset", measures: list[SummaryLine]) -> str:
    """The page as text, to be written as it is."""
    sources = list(_sources(provenance))
    kinds = {**GOALS, **HARMS, **REST}
    others = {m.kind: m.kind.capitalize() for m in measures if m.kind not in kinds}
    charts = [_drawn(series) for series in all_series(tallies)]
    return _template().render(
        title=spoken(provenance, "title") or "A run of Underwatch",
        text=spoken(provenance, "text"),
        days=_days(tallies),
        tables=[
            ("Stated goals", "goals", _grouped(measures, GOALS)),
            ("Harms", "harms", _grouped(measures, HARMS)),
            ("Reach and account", "rest", _grouped(measures, REST | others)),
        ],
        charts=charts,
        sources=sources,
        assumed=sum(row.assumed for row in sources),
        provenance=list(_flat(provenance)),
        scenario=_scenario_text(provenance),
    )


@cache
def _template() -> jinja2.Template:
    here = jinja2.FileSystemLoader(Path(__file__).parent)
    shelf = jinja2.Environment(
        loader=here,
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return shelf.get_template("page.html.j2")


def _days(tallies: "xr.Dataset") -> list[str]:
    return tallies["day"].values.astype("datetime64[D]").astype(str).tolist()


def _grouped(measures: list[SummaryLine], kinds: dict[str, str]) -> list:
    """(heading, [(label, value, unit)]) for every kind that has a measure."""
    groups = []
    for kind, heading in kinds.items():
        lines = [(m.label, _said(m.value), m.unit) for m in measures if m.kind == kind]
        if lines:
            groups.append((heading, lines))
    return groups


def _said(value: float | None) -> str:
    """A number for reading; what cannot be told is not a nought."""
    if value is None or np.isnan(value):
        return "not known"
    return f"{value:,}" if isinstance(value, int | np.integer) else figures(float(value))


def _drawn(series: Series) -> dict:
    """A chart and its numbers."""
    return {
        "name": series.name,
        "title": series.title,
        "says": series.says,
        "unit": series.unit,
        "drawn": svg(chart(series), series.title),
        "head": ["Month" if series.in_time else "Group", *series.lines],
        "rows": _numbers(series),
        "monthly": series.in_time and _is_daily(series),
    }


def _is_daily(series: Series) -> bool:
    return series.x.size > 1 and bool(series.x[1] - series.x[0] == np.timedelta64(1, "D"))


def _numbers(series: Series) -> list[list[str]]:
    """The table below a chart; of a daily series the last day of each month."""
    keep, names = np.arange(series.x.size), series.x.astype(str)
    if series.in_time:
        months = series.x.astype("datetime64[M]")
        keep = np.flatnonzero(np.append(months[1:] != months[:-1], True))
        names = months.astype(str)
    return [[names[i], *(_cell(v[i], series.percent) for v in series.lines.values())] for i in keep]


def _cell(value: float, percent: bool) -> str:
    if np.isnan(value):
        return "–"
    return share(value) if percent else figures(value)


def _sources(provenance: dict) -> Iterator[Row]:
    """Where each figure of the scenario is from; assumptions first."""
    sources = {str(k): str(v) for k, v in (provenance.get("sources") or {}).items()}
    for words in ("title", "text"):  # nothing in them is assumed
        sources.pop(words, None)
    by_trust = sorted(sources.items(), key=lambda item: (not _assumed(item[1]), item[0]))
    for path, source in by_trust:
        key = source.removeprefix("evidence.")
        if key in known_figures():
            source = f"{key}: {cite(key)}"
        yield Row(path, _value(provenance.get("scenario"), path), source, _assumed(source))


def _assumed(source: str) -> bool:
    return source.lower().startswith("assum")


def _value(scenario: object, path: str) -> str:
    """What the scenario says at a dotted path; nothing if the path leads nowhere."""
    for step in path.replace("[", ".").replace("]", "").split("."):
        if isinstance(scenario, dict) and step in scenario:
            scenario = scenario[step]
        elif isinstance(scenario, list) and step.isdigit() and int(step) < len(scenario):
            scenario = scenario[int(step)]
        else:
            return ""
    if isinstance(scenario, int | float | str):
        return str(scenario)
    flat = isinstance(scenario, dict)
    if flat and not any(isinstance(part, dict | list) for part in scenario.values()):
        return ", ".join(f"{key}: {part}" for key, part in scenario.items())
    return json.dumps(scenario, ensure_ascii=False, default=str)


def _flat(provenance: dict, before: str = "") -> Iterator[tuple[str, str]]:
    """The provenance line by line, less what has a place of its own on the page."""
    for key, value in sorted(provenance.items(), key=lambda item: str(item[0])):
        whole = key in ("scenario", "sources") and isinstance(value, dict)
        if not before and (whole or key in ("title", "text")):
            continue
        if isinstance(value, dict) and value:
            yield from _flat(value, f"{before}{key}.")
        else:
            plain = " ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
            yield f"{before}{key}", plain


def _scenario_text(provenance: dict) -> str:
    scenario = provenance.get("scenario")
    if not isinstance(scenario, dict):
        return ""
    return json.dumps(scenario, indent=2, ensure_ascii=False, default=str)
