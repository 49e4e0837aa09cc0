"""Simulate a small nation in Numba's simulator of a CUDA device, and print what was counted.

    python -m tests.harness.cuda_simulator [citizens] [days]

In the simulator the functions of a device are plain Python, one thread of Python for each thread
of a block, so the kernels are plain Python too (tests/mutation/plain.py). What it shows: that the
grids call the kernels in the right order with the right arguments, that every citizen is taken
once, and that no count is lost. What it cannot show are faults of compiled code.
"""

import json
import os
import sys

if __name__ == "__main__":
    os.environ["NUMBA_ENABLE_CUDASIM"] = "1"  # before Numba is imported
    sys.setswitchinterval(1e-5)  # the simulator waits for its threads by asking them in a loop
    sys.path[:0] = ["tests"]
    from mutation import plain

    plain.install()

import numpy as np
from numba.cuda.simulator.kernelapi import FakeCUDAShared
from numba.np import numpy_support

from helpers import device
from underwatch.engine.cuda import running


def _to_device(array):
    """A copy; records of parameters are read once, as numbers of Python."""
    if array.dtype.names:
        return [plain._Parameters(record) for record in array]
    return array.copy().view(plain._Wide)


def _copy(array, out):
    out[...] = array.view(np.ndarray)


def _shared_array(block, shape, dtype):
    """The array of a line of code, one for all threads of a block; the simulator's own way to make
    it gives two threads that come at once an array each.
    """
    line = sys._getframe(1)
    made = np.empty(shape, numpy_support.as_dtype(dtype))
    return block._allocations.setdefault((line.f_code.co_filename, line.f_lineno), made)


def prepare():
    """Have the loop over days run in the simulator."""
    running.to_device, running.room_for, running.copy = _to_device, _to_device, _copy
    FakeCUDAShared.array = _shared_array


def main(citizens: int = 300, days: int = 34) -> None:
    """Print the digests of helpers/device.py as JSON."""
    prepare()
    print(json.dumps(device.digests(device.run(citizens, days, "cuda"))))


if __name__ == "__main__":
    main(*(int(x) for x in sys.argv[1:]))
