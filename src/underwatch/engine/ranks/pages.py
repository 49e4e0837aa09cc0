"""Memory of other ranks' citizens that is needed no more, given back to the system."""

import ctypes
import mmap
import sys

import numpy as np

_DONT_NEED = getattr(mmap, "MADV_DONTNEED", 4)
_LEAST = 64  # pages; giving back fewer is not worth the call


def clear(row: np.ndarray, first: int, last: int) -> None:
    """Set elements first … last − 1 of an array to 0; whole pages of them take no memory then.

    row: of one dimension, without gaps, in private memory without a file, as `np.zeros` makes it.
    """
    page, size = mmap.PAGESIZE, row.itemsize
    start = row.ctypes.data + first * size
    end = row.ctypes.data + last * size
    inner, after = -(-start // page) * page, end // page * page
    if not sys.platform.startswith("linux") or after - inner < _LEAST * page:
        row[first:last] = 0
        return
    ctypes.CDLL(None).madvise(ctypes.c_void_p(inner), ctypes.c_size_t(after - inner), _DONT_NEED)
    row[first : first + -(-(inner - start) // size)] = 0
    row[last - -(-(end - after) // size) : last] = 0
