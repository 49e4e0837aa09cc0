"""Narrow numbers: what operators make of them, and that none of the day's overflows."""

import os
import subprocess
import sys

import numpy as np
import pytest
from numba import njit, types

from underwatch.kernel.compile import kernel
from underwatch.kernel.narrow import NARROW, narrow

BIG = 1 << 40


@kernel
def computed(x, y):
    return (
        x + 3, 3 - x, x * y, x << 4, x >> 2, x & 5, x | y, x ^ y, abs(x), int(x), x * (y > x),
        (x if x > y else 0), x < y, x <= y, x > 2, x >= y, x == y, x != 0, x * BIG,
        np.int64(x) * y, np.float64(x),
    )  # fmt: skip


_SCOPE = {"computed": computed, "narrow": narrow, "int64": np.int64}
_WIDENED = ", ".join(f"int64(found[{k}])" for k in range(21))
exec(
    f"def compiled(a, b):\n    found = computed(narrow(a), narrow(b))\n    return {_WIDENED}",
    _SCOPE,
)
compiled = njit(_SCOPE["compiled"])


@pytest.mark.parametrize(("x", "y"), [(0, 0), (7, 2), (-5, 3), (40_000, -50_000), (-1, -1)])
def test_operators_give_what_those_of_python_give(x, y):
    assert compiled(x, y) == tuple(map(int, computed.py_func(x, y)))


def test_results_stay_narrow_unless_an_int64_is_among_the_operands():
    compiled(1, 2)
    kinds = list(next(iter(computed.overloads.values())).signature.return_type)
    assert kinds[:12] == [NARROW] * 12 and kinds[12:18] == [types.boolean] * 6
    assert kinds[18:] == [types.int64, types.int64, types.float64]


def test_no_narrow_number_of_a_harsh_village_or_of_drawn_scenarios_overflows():
    # No number of the smaller village is greater than that of the larger on any line.
    tests = ["tests/mutation/small_twin.py", "tests/model/test_random_scenarios.py"]
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    command += ["-p", "tests.mutation.narrow", *tests, "-k", "larger or range"]
    # Not a process that compiles the day for others, nor one that waits for it (helpers/warmup.py).
    apart = {"PYTEST_XDIST_WORKER": "narrow", "PYTEST_XDIST_TESTRUNUID": "narrow"}
    done = subprocess.run(command, capture_output=True, text=True, env=os.environ | apart)
    assert done.returncode == 0, done.stdout[-2000:]
