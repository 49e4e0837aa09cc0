"""Open ties, read one segment at a time without compiled code."""

import numpy as np

from underwatch.model.society.people import DISTRICT
from underwatch.model.society.segments import NEAR, SEGMENT


def open_pairs(ties, first: int, last: int) -> tuple[np.ndarray, np.ndarray]:
    """Both ends of the open ties of segments first … last − 1: int64 (m) each.

    ties: Ties, or a World.
    """
    ends: tuple[list[np.ndarray], list[np.ndarray]] = ([], [])
    for s in range(first, last):
        lo = s * SEGMENT
        opened = ties.slots[lo : lo + SEGMENT]
        mask = np.uint16(NEAR if lo < ties.narrow[0] else 0)
        citizens = np.arange(lo, lo + len(opened))
        start = lo // DISTRICT * DISTRICT
        for row, (contacts, bits, base) in enumerate(
            ((ties.near, opened & mask, start), (ties.wide, opened & ~mask, 0))
        ):
            counts = np.bitwise_count(bits)
            begin = ties.starts[row, s]
            ends[0].append(np.repeat(citizens, counts))
            ends[1].append(contacts[begin : begin + int(counts.sum())].astype(np.int64) + base)
    return np.concatenate(ends[0]), np.concatenate(ends[1])
