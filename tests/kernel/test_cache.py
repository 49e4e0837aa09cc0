"""Compiled code is kept on disk for the next process."""

import numpy as np
import pytest

from underwatch.kernel.compile import serial


def double(values):
    total = 0
    for value in values:
        total += 2 * value
    return total


@pytest.mark.parametrize("pattern", ["*.nbc", "*.nbi"])
def test_a_damaged_file_of_compiled_code_is_replaced(tmp_path, pattern):
    assert serial(double, str(tmp_path))(np.arange(4)) == 12
    (damaged,) = tmp_path.rglob(pattern)
    whole = damaged.stat().st_size
    damaged.write_bytes(b"not compiled code")
    assert serial(double, str(tmp_path))(np.arange(4)) == 12
    again = serial(double, str(tmp_path))
    assert again(np.arange(4)) == 12
    assert sum(again.stats.cache_hits.values()) == 1
    assert next(tmp_path.rglob(pattern)).stat().st_size > whole // 2
