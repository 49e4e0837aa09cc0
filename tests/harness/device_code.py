"""Compile every grid for a device that is not there, and print the names of those that did.

    .venv/device/bin/python -m tests.harness.device_code FOLDER

FOLDER holds the other packages, of .venv. Those of .venv/device come first: numba-cuda takes the
place of Numba's own support of devices, so it stays apart from what other tests import.
"""

import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]

if __name__ == "__main__":
    sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests")]
    sys.path.append(sys.argv[1])

    from helpers import ptx
    from underwatch.engine.cuda.running import GRIDS

    for name in GRIDS:
        if ".visible .entry" in ptx.compiled(name):
            print(name, flush=True)
