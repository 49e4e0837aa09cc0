"""Jobs for the tests of workers, in a module that workers import."""

import os
import signal
import time
from pathlib import Path

from underwatch.engine.foreign import running


def square(number, report):
    report(1)
    return number * number


def dies(folder, name, times, report):
    """End the own process the first `times` times; then return the name."""
    before = len(list(Path(folder).glob(f"{name}-*")))
    if before < times:
        (Path(folder) / f"{name}-{before}").touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return name


def ends_in_a_function(code, report):
    with running("output b"):
        os._exit(code)


def fails(_, report):
    raise ZeroDivisionError("nothing to divide by")


def sleeps(folder, seconds, report):
    """Note the own process, and report for so long that it works."""
    (Path(folder) / f"pid-{os.getpid()}").touch()
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        report(0)
        time.sleep(0.05)
    return os.getpid()
