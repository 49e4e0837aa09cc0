"""The day is compiled by a second process, while this one runs tests that do not need it."""

import os
import subprocess
import sys

from underwatch.kernel.compile import CACHE, is_compiled

_process: list[subprocess.Popen] = []


def start() -> None:
    """Start to compile the day, unless it is in the cache or there is but one core."""
    if CACHE and not is_compiled() and (os.cpu_count() or 1) > 1:
        _process.append(subprocess.Popen([sys.executable, "-m", "underwatch.engine.warmup"]))


def finish() -> None:
    """Compile the population here, and wait for the day."""
    from helpers.nation import build

    if _process:
        build(1_000)
        _process.pop().wait()


def stop() -> None:
    """End the second process, if it is still at work."""
    if _process:
        _process.pop().kill()
