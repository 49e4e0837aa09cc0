"""Parquet files with a fixed schema: tables of one kind can be read together.

A schema inferred from rows types a column of nulls as null, so the table of a
study with one seed (no interval) could not be read with one of five seeds.
Every Parquet file of this package is written here, with its schema declared.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pyarrow as pa

_TYPES = {"str": "string", "int": "int64", "float": "float64", "bool": "bool_", "date": "date32"}


def schema(**columns: str) -> pa.Schema:
    """A schema from column names and type names.

    A type name is str, int, float, bool or date, or the name of a factory of
    pyarrow such as int32. A name that ends in [] is a list of that type.

    Examples
    --------
    >>> schema(measure="str", low="float", seeds="int[]").names
    ['measure', 'low', 'seeds']
    """
    import pyarrow as pa

    def arrow_type(name: str) -> pa.DataType:
        if name.endswith("[]"):
            return pa.list_(arrow_type(name.removesuffix("[]")))
        made: pa.DataType = getattr(pa, _TYPES.get(name, name))()
        return made

    return pa.schema([(name, arrow_type(kind)) for name, kind in columns.items()])


def column(values: np.ndarray, missing: np.ndarray | None = None) -> pa.Array:
    """An array as a column of an Arrow table; missing: where it holds nothing.

    `pyarrow.array` gives the same, and imports pandas for it, in a third of a second.

    Examples
    --------
    >>> column(np.array([1.5, 0.0]), missing=np.array([False, True])).to_pylist()
    [1.5, None]
    >>> column(np.array(["a", "bc"])).to_pylist(), column(np.array([True, False])).to_pylist()
    (['a', 'bc'], [True, False])
    """
    import pyarrow as pa

    known = None if missing is None else pa.py_buffer(np.packbits(~missing, bitorder="little"))
    if values.dtype.kind in "UO":
        texts = [str(text).encode() for text in values]
        ends = np.cumsum([0, *map(len, texts)], dtype=np.int32)
        buffers = [known, pa.py_buffer(ends), pa.py_buffer(b"".join(texts))]
        return pa.Array.from_buffers(pa.string(), len(texts), buffers)
    kind, held = pa.from_numpy_dtype(values.dtype), np.ascontiguousarray(values)
    if values.dtype.kind == "M":
        kind, held = pa.date32(), values.astype("datetime64[D]").astype(np.int32)
    elif values.dtype.kind == "b":
        held = np.packbits(values, bitorder="little")
    return pa.Array.from_buffers(kind, len(values), [known, pa.py_buffer(held)])


def to_table(rows: pa.Table | Iterable[Mapping[str, Any]], schema: pa.Schema) -> pa.Table:
    """Rows as an Arrow table with exactly these columns and types.

    rows: a table, or mappings from column to value. A table is cast; a column
    that the schema does not name raises ValueError.
    """
    import pyarrow as pa

    if not isinstance(rows, pa.Table):
        listed = [dict(row) for row in rows]
        unknown = {key for row in listed for key in row} - set(schema.names)
        if unknown:
            raise ValueError(f"columns {sorted(unknown)} are not in the schema")
        return pa.Table.from_pylist(listed, schema)
    return rows.select(schema.names).cast(schema)


def write_parquet(
    path: str | Path,
    rows: pa.Table | Iterable[Mapping[str, Any]],
    schema: pa.Schema | None = None,
    ascending: Sequence[str] = (),
) -> None:
    """Write a table, compressed and with checksums on its pages.

    schema: the declared columns and types. None only for a table that already has
    declared types, such as one read from another file.
    ascending: columns of whole numbers that never fall; they are stored as differences.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    if schema is not None:
        rows = to_table(rows, schema)
    elif not isinstance(rows, pa.Table):
        raise TypeError("rows that are not an Arrow table need a schema")
    encodings: dict[str, Any] = {}
    if ascending:
        encodings["column_encoding"] = dict.fromkeys(ascending, "DELTA_BINARY_PACKED")
        encodings["use_dictionary"] = [name for name in rows.column_names if name not in ascending]
    pq.write_table(rows, path, compression="zstd", write_page_checksum=True, **encodings)


def read_parquet(path: str | Path) -> pa.Table:
    """Read a table back and verify the checksums of its pages."""
    import pyarrow.parquet as pq

    return pq.read_table(path, page_checksum_verification=True)
