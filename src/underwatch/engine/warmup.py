"""The first run compiles the day in a second process, while this one builds the population.

Numba compiles one function at a time in a process. People and ties take a quarter of the time
of the day.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread


@contextmanager
def day_beside() -> Iterator[None]:
    """Compile the day in a second process, if needed; if that fails, this process does it later."""
    from underwatch.kernel.compile import CACHE, is_compiled

    if is_compiled() or not CACHE or (os.cpu_count() or 1) < 2:
        yield
        return
    pipe = subprocess.PIPE
    # Colours for messages that nobody sees would take a twentieth of the time.
    plain = os.environ | {"NUMBA_DISABLE_ERROR_MESSAGE_HIGHLIGHTING": "1"}
    child = subprocess.Popen(
        [sys.executable, "-m", "underwatch.engine.warmup"],
        stdin=pipe, env=plain,
        start_new_session=True,  # Ctrl-C is for this process, which ends the other
    )  # fmt: skip
    try:
        yield
        child.wait()
    finally:
        child.kill()
        child.stdin.close()
        child.wait()


def compile_the_day() -> None:
    """Simulate a month of 64 children without ties, so that no population need be built."""
    import numpy as np

    from underwatch.engine.population import Population
    from underwatch.engine.simulation import Simulation
    from underwatch.model.society.segments import SLOTS, in_line
    from underwatch.model.streams import MONTH
    from underwatch.scenario import Scenario

    n = 64
    scenario = Scenario.load("atlantic-2018", [f"society.citizens={n}"])
    no_ties = in_line(np.full((n, SLOTS), n, np.uint32))
    population = Population(scenario.society, np.zeros((2, n), np.uint64), no_ties)
    Simulation(scenario, population, MONTH + 1, [], n).run()


def _end_with_the_parent() -> None:
    """End this process when the one that started it ends: then its pipe closes."""
    while os.read(0, 1):
        pass
    os._exit(1)


if __name__ == "__main__":
    Thread(target=_end_with_the_parent, daemon=True).start()
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C ends it without a traceback
    compile_the_day()
