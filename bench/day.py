"""How fast a nation lives: whole days beside a bare read of the same contacts, in one process.

Prints citizen-days a second for both on all threads, and their ratio. Both are
the best of several turns taken alternately, so that a busy moment of the
machine hits both.
"""

import argparse
import time
from datetime import timedelta

import numba
import numpy as np
from numba import njit, prange

from underwatch.engine.population import build
from underwatch.engine.resources import chunk_for
from underwatch.engine.simulation import Simulation
from underwatch.model.society.ties import by_slot
from underwatch.scenario import Scenario


@njit(parallel=True)
def read_contacts(ties, signals, sums):
    """What any model on this graph must do: visit sixteen contacts of everyone."""
    for i in prange(ties.shape[0]):
        total = np.uint64(0)
        for slot in range(ties.shape[1]):
            total += signals[ties[i, slot]]
        sums[i] = total


def timed(work) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--citizens", type=int, default=1_000_000)
    parser.add_argument("--days", type=int, default=30, help="a turn; each has one look at ties")
    parser.add_argument("--turns", type=int, default=5)
    given = parser.parse_args()

    scenario = Scenario.load("atlantic-2018", [f"society.citizens={given.citizens}"])
    days = given.days * (given.turns + 1)
    late = ["first_day=" + str(scenario.last_day - timedelta(days - 1))]  # every organ is on
    scenario = Scenario.load("atlantic-2018", [f"society.citizens={given.citizens}", *late])
    begun = time.perf_counter()
    chunk = chunk_for(given.citizens, numba.get_num_threads())
    simulation = Simulation(scenario, build(scenario), days, [], chunk)
    print(f"nation built in {time.perf_counter() - begun:.1f} s")
    world = simulation.world
    ties = by_slot(simulation.population.ties, np.arange(given.citizens))
    sums = np.zeros(given.citizens, np.uint64)
    first = timed(lambda: simulation.run(given.days))
    print(f"first days, with any compiling: {first:.1f} s")
    read_contacts(ties, world.signals[0], sums)

    def read():
        for _ in range(given.days):
            read_contacts(ties, world.signals[0], sums)

    best = {"bare": np.inf, "whole": np.inf}
    for _ in range(given.turns):
        best["bare"] = min(best["bare"], timed(read))
        until = simulation.day + given.days
        best["whole"] = min(best["whole"], timed(lambda: simulation.run(until)))
    lived = given.citizens * given.days
    print(f"{given.citizens:,} citizens, {numba.get_num_threads()} threads, state "
          f"{world.states.nbytes // given.citizens} bytes a citizen")  # fmt: skip
    print(f"bare 16-contact read  {lived / best['bare'] / 1e6:8.1f} M citizen-days/s")
    print(f"whole day             {lived / best['whole'] / 1e6:8.1f} M citizen-days/s")
    print(f"ratio                 {best['whole'] / best['bare']:8.1f}")


if __name__ == "__main__":
    main()
