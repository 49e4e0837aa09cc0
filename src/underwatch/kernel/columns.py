"""Records packed in columns of 64 bits, which kernels read as NamedTuples.

A record of 40 bytes is stored in five columns, so that a loop over all citizens
compiles to vector code. The bytes are those of the NumPy record, so a column and
a field are two views of the same memory. In kernels every field is int64: the
stored fields are small and unsigned, and their differences would wrap.
"""

from collections.abc import Iterator

import numpy as np

from underwatch.kernel.compile import kernel
from underwatch.kernel.fixed import upper_half
from underwatch.kernel.narrow import narrow


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


def loader(kind, dtype):
    """A kernel that loads records of `packed`; fields of less than 64 bits are narrow."""
    lines = [
        f"    c{w} = int64(rows[{w}, i]); c{w}_0, c{w}_32 = narrow(c{w}), narrow(c{w} >> 32)"
        for w in range(dtype.itemsize // 8)
    ]
    fields = []
    for field, offset in dtype.fields.values():
        word, half, shift = _place(offset)
        mask = (1 << 8 * field.itemsize) - 1
        whole = field.itemsize == 8
        fields.append(f"c{word}" if whole else f"c{word}_{half} >> {shift} & {mask}")
    lines.append(f"    return kind({', '.join(fields)})")
    scope = {"kind": kind, "int64": np.int64, "narrow": narrow}
    exec("def load(rows, i):\n" + "\n".join(lines), scope)
    return kernel(scope["load"])


def _place(offset):
    """The word of a byte of a record, the first bit of its half of the word, the bit in that."""
    word, byte = divmod(offset, 8)
    return word, byte // 4 * 32, byte % 4 * 8


def putter(dtype, *names):
    """A kernel that writes some fields of a record and keeps the others: put(rows, i, …)."""
    lines, kept, halves = [], {}, {}
    for name in names:
        field, offset = dtype.fields[name]
        word, half, shift = _place(offset)
        if field.itemsize == 8:
            lines.append(f"    rows[{word}, i] = uint64({name})")
            continue
        mask = (1 << 8 * field.itemsize) - 1 << half + shift
        kept[word] = kept.get(word, (1 << 64) - 1) & ~mask
        halves.setdefault((word, half), []).append(f"int64({name}) << {shift}")
    for word, mask in kept.items():
        values = [
            f"uint64(uint32({' | '.join(halves[word, half])})) << uint64({half})"
            for half in (0, 32)
            if (word, half) in halves
        ]
        values.append(f"rows[{word}, i] & uint64({mask})")
        lines.append(f"    rows[{word}, i] = {' | '.join(values)}")
    scope = {"uint64": np.uint64, "uint32": np.uint32, "int64": np.int64}
    exec(f"def put(rows, i, {', '.join(names)}):\n" + "\n".join(lines), scope)
    return kernel(scope["put"])


def picked(kind, wide=(), shares=(), upper=()):
    """A kernel that copies the fields of a NamedTuple out of a record of parameters.

    The copies stay in registers. What a loop writes cannot change them, so the
    compiler can vectorise the loop. They are narrow numbers but for three sets of
    names. `wide` may be of any size. `shares` are below 2^31, and multiplied by
    others of that size; declared as int32, that takes one step instead of three.
    Of the probabilities `upper`, only the upper half is copied, rounded up.
    """
    takes = dict.fromkeys(kind._fields, "narrow")
    takes |= dict.fromkeys(wide, "int64") | dict.fromkeys(upper, "upper_half")
    takes |= dict.fromkeys(shares, "share")
    assert len(takes) == len(kind._fields), "a name is no field"
    fields = ", ".join(f"{take}(record.{name})" for name, take in takes.items())
    scope = {"kind": kind, "int64": np.int64, "narrow": narrow, "upper_half": upper_half}
    scope |= {"share": _share}
    exec(f"def pick(record):\n    return kind({fields})", scope)
    return kernel(scope["pick"])


@kernel
def _share(number):
    return np.int64(np.int32(number))


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


def pieces(n: int, first: int = 0) -> Iterator[slice]:
    """Slices of citizens `first` … n − 1, so that nothing is computed about all of them at once."""
    for lo in range(first, n, _PIECE):
        yield slice(lo, min(n, lo + _PIECE))


_PIECE = 16_384  # citizens: what is computed of so many fits the second cache


def as_columns(records: np.ndarray) -> np.ndarray:
    """Records (n) as uint64 (columns, n), copied."""
    words = records.view(np.uint64).reshape(len(records), records.itemsize // 8)
    return np.ascontiguousarray(words.T)


def as_records(columns: np.ndarray, dtype: np.dtype) -> np.ndarray:
    """uint64 (columns, n) as records (n), copied."""
    return np.ascontiguousarray(columns.T).reshape(-1).view(dtype)
