"""The first run compiles the day in a process beside ours, while ours compiles what comes before.

Numba compiles one function at a time in a process, and people, their ties and
their day take 35 s one after the other.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def day_beside() -> Iterator[None]:
    """Have the day compiled by the end of this, if it was not; should that fail, we do it later."""
    from underwatch.kernel.compile import CACHE, is_compiled

    if is_compiled() or not CACHE or (os.cpu_count() or 1) < 2:
        yield
        return
    child = subprocess.Popen([sys.executable, "-m", "underwatch.engine.warmup"])
    try:
        yield
        child.wait()
    finally:
        child.kill()


def compile_the_day() -> None:
    """Live a day of nobody: children without ties, who need not be invented."""
    import numpy as np

    from underwatch.engine.population import Population
    from underwatch.engine.simulation import Simulation
    from underwatch.model.society.people import PERSON
    from underwatch.model.society.ties import SLOTS, in_line
    from underwatch.scenario import Scenario

    n = 64
    scenario = Scenario.load("atlantic-2018", [f"society.citizens={n}"])
    nobody = in_line(np.full((n, SLOTS), n, np.uint32))
    population = Population(scenario.society, np.zeros(n, PERSON), nobody)
    Simulation(scenario, population, 1, [], n).run()


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C ends it without a word
    compile_the_day()
