"""The columns of the Parquet files of studies: the same types whatever the number of seeds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

Columns = Mapping[str, str]  # column -> type name, as `results.parquet.schema` reads it

DIFFERENCES: Columns = {
    "world": "str", "measure": "str", "label": "str", "kind": "str", "unit": "str",
    "definition": "str", "first": "float", "here": "float", "difference": "float",
    "low": "float", "high": "float", "unpaired_seeds": "float", "seeds": "int",
    "ratio": "float", "events_first": "int", "events_here": "int", "note": "str",
}  # fmt: skip
VALUES: Columns = {"world": "str", "seed": "int", "measure": "str", "value": "float"}
SHARES: Columns = {
    "component": "str", "name": "str", "share": "float", "low": "float", "high": "float",
    "percent_of_total": "float", "measure": "str", "unit": "str", "note": "str",
}  # fmt: skip
COALITIONS: Columns = {"present": "str[]", "seed": "int", "value": "float"}
SETS: Columns = {
    "safeguards": "str[]", "harm": "float", "harm_low": "float", "harm_high": "float",
    "benefit": "float", "benefit_low": "float", "benefit_high": "float", "defined": "bool",
    "on_frontier": "bool", "worse_goals": "str[]", "worse_by": "float[]",
    "harm_events": "int", "benefit_events": "int", "note": "str",
}  # fmt: skip
INDEX: Columns = {
    "of": "str", "states": "int", "adopters": "float", "mean": "float", "low": "float",
    "high": "float", "index": "float", "confidence": "str", "source": "str", "fitted": "bool",
}  # fmt: skip


def table(rows: Iterable[Mapping[str, Any]], columns: Columns) -> pa.Table:
    """Rows as an Arrow table with these columns and types."""
    from underwatch.results.parquet import schema, to_table

    return to_table(rows, schema(**columns))


def dataframe(rows: Iterable[Mapping[str, Any]], columns: Columns) -> pd.DataFrame:
    """Rows as a pandas DataFrame with these columns; what is not defined is NaN."""
    frame: pd.DataFrame = table(rows, columns).to_pandas()
    return frame
