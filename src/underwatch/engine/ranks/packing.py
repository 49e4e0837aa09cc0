"""Values of some citizens taken out of a row, and put into one, on all threads."""

from underwatch.kernel.compile import parallel, prange

_AT_ONCE = 1 << 15


@parallel
def take(row, citizens, out):
    """Copy row[citizens] to `out`."""
    total = citizens.shape[0]
    for part in prange((total + _AT_ONCE - 1) // _AT_ONCE):
        for k in range(part * _AT_ONCE, min(total, part * _AT_ONCE + _AT_ONCE)):
            out[k] = row[citizens[k]]


@parallel
def put(row, citizens, values):
    """Copy values to row[citizens]; no citizen comes twice."""
    total = citizens.shape[0]
    for part in prange((total + _AT_ONCE - 1) // _AT_ONCE):
        for k in range(part * _AT_ONCE, min(total, part * _AT_ONCE + _AT_ONCE)):
            row[citizens[k]] = values[k]
