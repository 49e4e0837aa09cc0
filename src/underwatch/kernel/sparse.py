"""Arrays of which little is ever written: a page takes memory once something is written to it."""

import math
import mmap
from contextlib import suppress
from typing import Any

import numpy as np


def sparse(shape: tuple[int, ...], kind: Any) -> np.ndarray:
    """Zeros, of which only what is written takes memory, in pages of 4 KiB or what the system has.

    Of a large array that NumPy makes, the system may take 2 MiB around each place.

    Raises MemoryError if the system has no room for the whole.
    """
    dtype = np.dtype(kind)
    size = dtype.itemsize * math.prod(shape)
    if not size:
        return np.zeros(shape, dtype)
    try:
        room = mmap.mmap(-1, size, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    except OSError as error:
        raise MemoryError(f"{size:,} bytes: {error.strerror}") from None
    if hasattr(mmap, "MADV_NOHUGEPAGE"):
        with suppress(OSError):  # a system without such large pages
            room.madvise(mmap.MADV_NOHUGEPAGE)
    return np.frombuffer(room, dtype).reshape(shape)
