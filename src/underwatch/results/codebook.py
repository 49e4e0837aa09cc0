"""The codebook of a result folder: every column of every data file, with its unit and meaning."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import pyarrow as pa

    from underwatch.measurement.tallies import TallyTable

_KINDS = {
    "i": "whole number",
    "u": "whole number",
    "f": "number",
    "b": "true or false",
    "M": "date",
}
_OF_KIND = {"i": "number", "u": "number", "f": "number", "M": "date"}
_PANEL = {
    "day": ("date", "the day on which the record was entered"),
    "citizen": ("number", "the number of the invented citizen in whose file it is"),
    "bearer": ("people", "how many people had this number before; 0 on the first day"),
    "record": ("kind", "what the record says, such as a post or a missed instalment"),
    "entered_by": ("source", "the sensor or office that entered it"),
    "true_cause": ("cause", "what really happened, which the file does not know"),
}


class Column(NamedTuple):
    """One column of one file."""

    file: str
    column: str
    type: str
    unit: str
    meaning: str


def of_tallies(
    tallies: TallyTable, file: str, meanings: Mapping[str, str] | None = None
) -> list[Column]:
    """The tallies: their dimensions as types, units and definitions of the catalogue.

    meanings: of variables that are no tallies, or that mean something else here.
    """
    from underwatch.measurement.catalogue import MEASURES

    found = []
    for name, values in tallies.variables.items():
        about = values.attrs
        base = str(name).removesuffix("_by_month")
        meaning = str(about.get("long_name", "")) or f"names of the dimension {name}"
        if name in (meanings or {}):
            meaning = (meanings or {})[str(name)]
        elif base in MEASURES:
            meaning = f"{MEASURES[base].label}: {MEASURES[base].definition}"
        kind = _KINDS.get(values.values.dtype.kind, "text")
        if values.dims != (name,):
            kind += f" by {', '.join(map(str, values.dims))}" if values.dims else ""
        unit = str(about.get("units", "")) or _OF_KIND.get(values.values.dtype.kind, "name")
        found.append(Column(file, str(name), kind, unit, meaning))
    return sorted(found, key=lambda one: one.column)


def of_table(
    table: pa.Table, file: str, meanings: Mapping[str, tuple[str, str]] | None = None
) -> list[Column]:
    """The columns of a table, with unit and meaning from its own metadata or from `meanings`."""
    found = []
    for field in table.schema:
        held = {k.decode(): v.decode() for k, v in (field.metadata or {}).items()}
        unit, meaning = (meanings or {}).get(field.name, ("", ""))
        found.append(Column(file, field.name, str(field.type), held.get("unit", unit),
                            held.get("meaning", meaning)))  # fmt: skip
    return found


def of_summary() -> list[Column]:
    """The measures of a summary, as run.json holds them."""
    from underwatch.measurement.summary import LINES

    return [
        Column("run.json", f"summary.{name}.value", "number", LINES[name].unit, meaning)
        for name, meaning in of_lines().items()
    ]


def of_lines() -> dict[str, str]:
    """What each measure of a summary means, by its name."""
    from underwatch.measurement.summary import LINES

    return {name: f"{line.label}: {line.definition}" for name, line in LINES.items()}


def of_run(tallies: TallyTable, people: pa.Table, panel: pa.Table | None) -> str:
    """The codebook of a run folder.

    Examples
    --------
    >>> import underwatch as uw
    >>> run = uw.run("unwatched", citizens=2000, days=30)
    >>> print(run.codebook().splitlines()[0])
    file,column,type,unit,meaning
    """
    columns = [*of_summary(), *of_tallies(tallies, "tallies.nc"),
               *of_table(people, "people.parquet")]  # fmt: skip
    if panel is not None:
        columns += of_table(panel, "panel.parquet", _PANEL)
    return as_csv(columns)


def as_csv(columns: Iterable[Column]) -> str:
    """Columns as text with commas, one line each."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(Column._fields)
    writer.writerows(columns)
    return text.getvalue()
