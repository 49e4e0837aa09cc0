"""Records packed in columns of 64 bits, which kernels read as NamedTuples.

A record of 40 bytes is stored in five columns, so that a loop over all citizens
compiles to vector code. The bytes are those of the NumPy record, so a column and
a field are two views of the same memory. In kernels every field is int64: the
stored fields are small and unsigned, and their differences would wrap.
"""

from collections.abc import Iterator

import numpy as np

from underwatch.kernel.compile import kernel


def packed(kind, dtype):
    """(load, store) for a NamedTuple over uint64[columns, n] of records of the same fields."""
    assert dtype.names == kind._fields and dtype.itemsize % 8 == 0
    loads, stores = [], [[] for _ in range(dtype.itemsize // 8)]
    for name, (field, offset) in dtype.fields.items():
        word, place = divmod(offset, 8)
        bits = 8 * field.itemsize
        assert 8 * place + bits <= 64, f"{name} lies across two columns"
        mask = f" & {(1 << bits) - 1}" if bits < 64 else ""
        loads.append(f"(c{word} >> {8 * place}){mask}")
        stores[word].append(f"value.{name} << {8 * place}")
    columns = "; ".join(f"c{w} = int64(rows[{w}, i])" for w in range(len(stores)))
    puts = "; ".join(f"rows[{w}, i] = uint64({' | '.join(x)})" for w, x in enumerate(stores))
    scope = {"kind": kind, "int64": np.int64, "uint64": np.uint64}
    exec(f"def load(rows, i):\n    {columns}\n    return kind({', '.join(loads)})", scope)
    exec(f"def store(rows, i, value):\n    {puts}", scope)
    return kernel(scope["load"]), kernel(scope["store"])


def putter(dtype, *names):
    """A kernel that writes some fields of a record and keeps the others: put(rows, i, …)."""
    parts = {}
    for name in names:
        field, offset = dtype.fields[name]
        word, place = divmod(offset, 8)
        mask = (1 << 8 * field.itemsize) - 1
        parts.setdefault(word, []).append((name, mask, 8 * place))
    lines = []
    for word, fields in parts.items():
        cleared = sum(mask << place for _, mask, place in fields)
        values = " | ".join(f"{name} << {place}" for name, _, place in fields)
        rest = f"rows[{word}, i] & uint64({~cleared & (1 << 64) - 1})"
        lines.append(f"    rows[{word}, i] = ({rest}) | uint64({values})")
    scope = {"uint64": np.uint64}
    exec(f"def put(rows, i, {', '.join(names)}):\n" + "\n".join(lines), scope)
    return kernel(scope["put"])


def picked(kind, wide=()):
    """A kernel that copies the fields of a NamedTuple out of a record of parameters.

    The copies stay in registers. What a loop writes cannot change them, so the
    compiler can vectorise the loop. All fields but the `wide` ones are below
    2^31; declared as int32, they are multiplied in one step instead of three.
    """
    takes = (f"int64({'' if n in wide else 'int32'}(record.{n}))" for n in kind._fields)
    fields = ", ".join(takes)
    scope = {"kind": kind, "int64": np.int64, "int32": np.int32}
    exec(f"def pick(record):\n    return kind({fields})", scope)
    return kernel(scope["pick"])


def field_of(columns: np.ndarray, dtype: np.dtype, name: str) -> np.ndarray:
    """One field of every record, from uint64 (columns, n): a view (n), no copy.

    Examples
    --------
    >>> records = np.zeros(3, np.dtype([("a", "u2"), ("b", "u2"), ("c", "u4")]))
    >>> records["b"] = [7, 8, 9]
    >>> field_of(as_columns(records), records.dtype, "b").tolist()
    [7, 8, 9]
    """
    field, offset = dtype.fields[name]
    word, place = divmod(offset, 8)
    return columns[word].view(field)[place // field.itemsize :: 8 // field.itemsize]


def pieces(n: int, size: int = 1 << 16, first: int = 0) -> Iterator[slice]:
    """Slices of citizens `first` … n − 1, so that nothing is computed about all of them at once."""
    for lo in range(first, n, size):
        yield slice(lo, min(n, lo + size))


def as_columns(records: np.ndarray) -> np.ndarray:
    """Records (n) as uint64 (columns, n), copied."""
    words = records.view(np.uint64).reshape(len(records), records.itemsize // 8)
    return np.ascontiguousarray(words.T)


def as_records(columns: np.ndarray, dtype: np.dtype) -> np.ndarray:
    """uint64 (columns, n) as records (n), copied."""
    return np.ascontiguousarray(columns.T).reshape(-1).view(dtype)
