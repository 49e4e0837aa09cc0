"""A run as one page: stated goals beside harms, charts, assumptions and provenance.

The page is one file that needs no network: no script, no font, no image from elsewhere. It
reads on a phone, by keyboard, in the dark and on paper, and every chart has its numbers in a
table below it.
"""

from typing import TYPE_CHECKING, NamedTuple

from underwatch.measurement.summary import SummaryLine
from underwatch.report.brief import in_brief
from underwatch.report.charts import scenario_text
from underwatch.report.numbers import format_column, is_defined
from underwatch.report.parts import page
from underwatch.report.rendering import Render, render_charts
from underwatch.report.series import all_series

if TYPE_CHECKING:
    import xarray as xr

# Heading of each kind of measure, in the order of the page.
GOALS = {"stated goal": "Stated goals"}
HARMS = {
    "expression": "Expression",
    "error": "Error",
    "association": "Association",
    "burden": "Burden",
    "queue": "Queues",
    "trap": "Persistence of low scores",
}
REST = {"reach": "Reach of the system", "account": "Account of restrictions"}
KINDS = GOALS | HARMS | REST


class Cells(NamedTuple):
    """One measure as a row: its depth below the lines that it is a part of, and its texts."""

    depth: int
    label: str
    value: str
    unit: str


def render(
    provenance: dict,
    tallies: "xr.Dataset",
    measures: list[SummaryLine],
    renderer: Render = render_charts,
) -> str:
    """The page as text, to be written to a file as it is.

    provenance: of the run, as run.json holds it. tallies: `Run.tallies`. measures: the summary's
    lines. renderer: renders charts to SVG.
    """
    others = {m.kind: m.kind.capitalize() for m in measures if m.kind not in KINDS}
    return page(
        "page.html.j2",
        provenance,
        all_series(tallies),
        renderer,
        title=scenario_text(provenance, "title") or "A run of Underwatch",
        text=scenario_text(provenance, "text"),
        days=_dates(tallies),
        brief=in_brief(measures),
        tables=[
            ("Stated goals", "goals", _grouped(measures, GOALS)),
            ("Harms", "harms", _grouped(measures, HARMS)),
            ("Reach and account", "rest", _grouped(measures, REST | others)),
        ],
        definitions=[(m.label, m.name, m.definition) for m in measures if m.definition],
    )


def _dates(tallies: "xr.Dataset") -> tuple[int, str, str] | None:
    """Number of days, first and last day."""
    days = tallies["day"].values.astype("datetime64[D]").astype(str)
    return (days.size, str(days[0]), str(days[-1])) if days.size else None


def _grouped(measures: list[SummaryLine], kinds: dict[str, str]) -> list[tuple[str, list[Cells]]]:
    """(heading, rows) for every kind that has a measure; one precision for each unit."""
    shown = [m for m in measures if m.kind in kinds]
    values = format_column(
        [m.value for m in shown],
        unit=[m.unit for m in shown],
        events=[m.events for m in shown],
    )
    depths = _depths(shown)
    groups = []
    for kind, heading in kinds.items():
        rows = [
            Cells(depths[m.name], m.label, value, _unit(m))
            for m, value in zip(shown, values, strict=True)
            if m.kind == kind
        ]
        if rows:
            groups.append((heading, rows))
    return groups


def _unit(line: SummaryLine) -> str:
    """The unit of a value, and what bounds it; why there is no value."""
    if not is_defined(line.value):
        return line.note
    return f"{line.unit}; {line.limit}" if line.limit else line.unit


def _depths(measures: list[SummaryLine]) -> dict[str, int]:
    """How many of the lines above a measure it is a part of."""
    parents = {m.name: m.parent for m in measures}
    depths: dict[str, int] = {}
    for name, parent in parents.items():
        above = 0
        while parent in parents and above < 3:
            above, parent = above + 1, parents[parent]
        depths[name] = above
    return depths
