"""A run as one page: what it aimed at beside what it did to people, and on what assumptions.

The page is a single file that asks nothing of any other machine: no script, no
font, no picture from elsewhere. It reads on a phone, by keyboard, in the dark
and on paper, and every chart has its numbers in a table below it.
"""

from typing import TYPE_CHECKING

import numpy as np

from underwatch.measurement.summary import SummaryLine
from underwatch.report.artist import drawn_here
from underwatch.report.charts import spoken
from underwatch.report.parts import Draw, page
from underwatch.report.series import all_series, figures

if TYPE_CHECKING:
    import xarray as xr

# Heading of each kind of measure, in the order of the page.
GOALS = {"stated goal": "What the system is for"}
HARMS = {
    "expression": "Expression",
    "error": "Error",
    "association": "Association",
    "burden": "Burden",
    "trap": "Being stuck below the line",
}
REST = {"reach": "Reach of the system", "account": "Account given"}
KINDS = GOALS | HARMS | REST


def render(
    provenance: dict, tallies: "xr.Dataset", measures: list[SummaryLine], draw: Draw = drawn_here
) -> str:
    """The page as text, to be written as it is."""
    others = {m.kind: m.kind.capitalize() for m in measures if m.kind not in KINDS}
    return page(
        "page.html.j2",
        provenance,
        all_series(tallies),
        draw,
        title=spoken(provenance, "title") or "A run of Underwatch",
        text=spoken(provenance, "text"),
        days=_days(tallies),
        tables=[
            ("Stated goals", "goals", _grouped(measures, GOALS)),
            ("Harms", "harms", _grouped(measures, HARMS)),
            ("Reach and account", "rest", _grouped(measures, REST | others)),
        ],
    )


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
