"""The tables of a run read back, each with the columns that this version writes.

A file may agree with its manifest and still be of another version, or a stranger's.
All functions raise UserError for a file that does not hold what it should.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from underwatch.errors import UserError, shortened
from underwatch.results.folder import read_netcdf
from underwatch.results.parquet import read_parquet

if TYPE_CHECKING:
    import pyarrow as pa
    import xarray as xr

OTHER = "does not hold what this version of the software writes; run its scenario again."


def read_tallies(path: Path, first: tuple[str, ...] = ()) -> xr.Dataset:
    """The tallies of a run: every one, by day and by month and stratum.

    first: dimensions that come before these, in a study of several runs.
    """
    from underwatch.measurement.catalogue import LAYERS, MEASURES

    found = read_netcdf(path)
    by_day, by_month = (*first, "day"), (*first, "month", *LAYERS)
    wanted = [(name, by_day) for name in MEASURES]
    wanted += [(f"{name}_by_month", by_month) for name in MEASURES]
    for name, dims in wanted:
        if name not in found or found[name].dims != dims or found[name].dtype.kind not in "iuf":
            raise UserError(f"{path} has no tally {name} by {', '.join(dims)}; it {OTHER}")
    return found


def read_people(path: Path) -> pa.Table:
    """The citizens of a run, see `people_table`."""
    found = _read_table(path)
    if not _are_people(found):
        raise UserError(f"{path} {OTHER}")
    return found


def read_panel(path: Path) -> pa.Table:
    """The records of the followed citizens."""
    from underwatch.results.tables import panel_schema

    found = _read_table(path)
    if not found.schema.equals(panel_schema()):
        raise UserError(f"{path} {OTHER}")
    return found


def _are_people(table: pa.Table) -> bool:
    """Whether a table has the columns of `people_table`, each of the right sort."""
    import pyarrow as pa

    from underwatch.results.people import COLUMNS, HISTORY_MEANING

    if table.column_names != [*COLUMNS, *HISTORY_MEANING]:
        return False
    for name in table.column_names:
        kind, unit = table.schema.field(name).type, COLUMNS.get(name, ("true or false", ""))[0]
        if unit == "true or false":
            fits = pa.types.is_boolean(kind)
        elif name in ("group", "place"):
            fits = pa.types.is_dictionary(kind)
        else:
            fits = pa.types.is_integer(kind) or pa.types.is_floating(kind)
        if not fits:
            return False
    return True


def _read_table(path: Path) -> pa.Table:
    try:
        return read_parquet(path)
    except (ValueError, OSError) as error:  # errors of Arrow are one or the other
        why = shortened(error)
        raise UserError(f"{path} cannot be read ({why}); restore it from a copy.") from None
