"""Records in memory, NamedTuples in the law: one line a field, no other glue.

Everything a law touches is int64: the columns are small and unsigned, and
their differences would wrap.
"""

import numpy as np

from underwatch.engine.law import law


def columns(kind, dtype):
    """(load, store) for a NamedTuple over a structured array of the same fields."""
    loads = ", ".join(f"int64(rows[i].{f})" for f in kind._fields)
    stores = "\n    ".join(f"row.{f} = value.{f}" for f in kind._fields)
    assert dtype.names == kind._fields
    scope = {"kind": kind, "int64": np.int64}
    exec(f"def load(rows, i):\n    return kind({loads})", scope)
    exec(f"def store(rows, i, value):\n    row = rows[i]\n    {stores}", scope)
    return law(scope["load"]), law(scope["store"])
