"""Arrays of which little is written."""

import sys

import numpy as np
import pytest

from underwatch.kernel.sparse import sparse


def test_a_sparse_array_is_zero_and_can_be_written_and_copied():
    found = sparse((2, 3, 1_000), np.uint32)
    assert found.shape == (2, 3, 1_000) and found.dtype == np.uint32 and not found.any()
    found[1, 2, 999] = 7
    assert found.copy()[1, 2, 999] == 7 and found.flags.c_contiguous and found.flags.writeable
    assert sparse((0, 5), np.uint64).shape == (0, 5)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems promise any room")
def test_a_sparse_array_for_which_there_is_no_room_is_a_lack_of_memory():
    with pytest.raises(MemoryError, match="bytes"):
        sparse((1 << 60,), np.uint8)
