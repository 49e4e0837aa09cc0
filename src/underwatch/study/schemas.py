"""The columns of the Parquet files of studies: the same types whatever the number of seeds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa
    import xarray as xr

Columns = Mapping[str, str]  # column -> type name, as `results.parquet.schema` reads it

DIFFERENCES: Columns = {
    "world": "str", "measure": "str", "label": "str", "kind": "str", "unit": "str",
    "definition": "str", "first": "float", "here": "float", "difference": "float",
    "low": "float", "high": "float", "unpaired_seeds": "float", "seeds": "int",
    "ratio": "float", "events_first": "int", "events_here": "int", "note": "str",
    "distinguished": "bool", "ratio_low": "float", "ratio_high": "float",
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
EFFECTS: Columns = {
    "measure": "str", "unit": "str", "rank": "int", "assumption": "str", "keys": "str[]",
    "range": "str", "effect": "float", "effect_low": "float", "effect_high": "float",
    "signed": "float", "spread": "float", "first_order": "float", "first_order_low": "float",
    "first_order_high": "float", "total_order": "float", "total_order_low": "float",
    "total_order_high": "float",
}  # fmt: skip
# Columns of the tables above: (unit, what it means).
MEANINGS: Mapping[str, tuple[str, str]] = {
    "world": ("name", "a scenario of the study, by its name"),
    "measure": ("name", "the measure, as `underwatch measures` lists it"),
    "label": ("text", "what the measure is called in reports"),
    "kind": ("text", "the heading under which reports show it"),
    "unit": ("text", "the unit of the numbers of this row"),
    "definition": ("text", "what is counted"),
    "first": ("unit of the row", "mean over seeds in the first world"),
    "here": ("unit of the row", "mean over seeds in this world"),
    "difference": ("unit of the row", "here minus first, paired by seed"),
    "low": ("unit of the row", "lower end of the 95 % interval; null with fewer than three seeds"),
    "high": ("unit of the row", "upper end of the 95 % interval; null with fewer than three seeds"),
    "unpaired_seeds": ("seeds", "how many unpaired seeds give an interval of the same width"),
    "seeds": ("seeds", "in how many seeds the measure is defined in both worlds"),
    "ratio": ("times", "here divided by first; null where events are too few"),
    "ratio_low": ("times", "lower end of its 95 % interval (Fieller); null where it has none"),
    "ratio_high": ("times", "upper end of its 95 % interval (Fieller); null where it has none"),
    "events_first": ("events", "events in the first world over all seeds"),
    "events_here": ("events", "events in this world over all seeds"),
    "note": ("text", "why there is no value or no ratio"),
    "distinguished": (
        "yes or no",
        "whether the difference is beyond chance, all judged together; null without interval",
    ),
    "seed": ("number", "the seed of all random draws"),
    "value": ("unit of the measure", "the measure under this seed; null where not defined"),
    "component": ("key", "an organ or a safeguard"),
    "name": ("text", "the component in words"),
    "share": ("unit of the row", "its Shapley value"),
    "percent_of_total": ("%", "its share of the difference that all components make"),
    "present": ("keys", "the components that are present in the world"),
    "safeguards": ("keys", "the safeguards of the set"),
    "harm": ("unit of the harm", "mean over seeds of the harm that the set leaves"),
    "harm_low": ("unit of the harm", "lower end of its 95 % interval"),
    "harm_high": ("unit of the harm", "upper end of its 95 % interval"),
    "benefit": ("unit of the benefit", "mean over seeds of the stated goal that the set keeps"),
    "benefit_low": ("unit of the benefit", "lower end of its 95 % interval"),
    "benefit_high": ("unit of the benefit", "upper end of its 95 % interval"),
    "defined": ("true or false", "whether harm and benefit have a value"),
    "on_frontier": ("true or false", "whether no evaluated set betters it in both"),
    "worse_goals": ("names", "stated goals that are worse than without safeguards"),
    "worse_by": ("unit of each goal", "by how much"),
    "harm_events": ("events", "events behind the harm over all seeds"),
    "benefit_events": ("events", "events behind the benefit over all seeds"),
    "of": ("text", "which states the row is about"),
    "states": ("states", "how many they are"),
    "adopters": ("%", "of them, those that adopt in this replicate"),
    "mean": ("%", "mean share of adopters over all replicates"),
    "index": ("%", "the published share"),
    "confidence": ("letter", "how the published share was verified"),
    "source": ("text", "where it was published"),
    "fitted": ("true or false", "whether a figure of the study was fitted to it"),
    "rank": ("number", "1 for the assumption that moves the measure most"),
    "assumption": ("name", "its key, or what several keys that move together have in common"),
    "keys": ("keys", "the figures of the scenario that are varied"),
    "range": ("text", "between which values they are varied"),
    "effect": ("unit of the row", "mean absolute change of the measure over the range"),
    "effect_low": ("unit of the row", "lower end of its 95 % interval over trajectories"),
    "effect_high": ("unit of the row", "upper end of its 95 % interval over trajectories"),
    "signed": ("unit of the row", "mean change of the measure over the range, with its sign"),
    "spread": ("unit of the row", "standard deviation of the changes over trajectories"),
    "first_order": ("share", "Sobol' index, alone: of the variance that those with one cause"),
    "first_order_low": ("share", "lower end of its 95 % interval (bootstrap)"),
    "first_order_high": ("share", "upper end of its 95 % interval (bootstrap)"),
    "total_order": ("share", "Sobol' index, with interactions: of the same variance"),
    "total_order_low": ("share", "lower end of its 95 % interval (bootstrap)"),
    "total_order_high": ("share", "upper end of its 95 % interval (bootstrap)"),
}


def table(rows: Iterable[Mapping[str, Any]], columns: Columns) -> pa.Table:
    """Rows as an Arrow table with these columns and types."""
    from underwatch.results.parquet import schema, to_table

    return to_table(rows, schema(**columns))


def dataframe(rows: Iterable[Mapping[str, Any]], columns: Columns) -> pd.DataFrame:
    """Rows as a pandas DataFrame with these columns; what is not defined is NaN."""
    frame: pd.DataFrame = table(rows, columns).to_pandas()
    return frame


def codebook(tables: Mapping[str, pa.Table], tallies: xr.Dataset | None = None) -> str:
    """The codebook of a study's folder: every column of its tables, and its tallies if any."""
    from underwatch.results.codebook import as_csv, of_table, of_tallies

    columns = [
        column
        for name, rows in tables.items()
        for column in of_table(rows, f"{name}.parquet", MEANINGS)
    ]
    if tallies is not None:
        columns += of_tallies(tallies, "tallies.nc")
    return as_csv(columns)
