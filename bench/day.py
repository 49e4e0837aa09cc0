"""The speed of the engine: whole days beside a bare read of the same contacts, in one process.

Prints citizen-days a second of both on all threads, and the ratio of their times.
Both are the best of several rounds, run alternately, so that other work on the
machine affects both.
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
from underwatch.model.society.segments import by_slot
from underwatch.model.state import all_in_lanes
from underwatch.scenario import Scenario


@njit(parallel=True)
def read_contacts(ties, signals, sums):
    """The least that a model on this graph does: read sixteen contacts of every citizen."""
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
    parser.add_argument("--days", type=int, default=30, help="of a round, with one review of ties")
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()

    scenario = Scenario.load("atlantic-2018", [f"society.citizens={given.citizens}"])
    days = given.days * (given.rounds + 1)
    late = ["first_day=" + str(scenario.last_day - timedelta(days - 1))]  # every organ is on
    scenario = Scenario.load("atlantic-2018", [f"society.citizens={given.citizens}", *late])
    begun = time.perf_counter()
    chunk = chunk_for(given.citizens, numba.get_num_threads())
    simulation = Simulation(scenario, build(scenario), days, [], chunk)
    print(f"population built in {time.perf_counter() - begun:.1f} s")
    world = simulation.world
    ties = by_slot(simulation.population.ties, np.arange(given.citizens))
    # Eight bytes a contact, so that the bare read compares with that of earlier versions.
    signals, sums = all_in_lanes(world.signals[0]), np.zeros(given.citizens, np.uint64)
    first = timed(lambda: simulation.run(given.days))
    print(f"first {given.days} days, with compilation if any: {first:.1f} s")
    read_contacts(ties, signals, sums)

    def read():
        for _ in range(given.days):
            read_contacts(ties, signals, sums)

    def simulate():
        simulation.run(simulation.day + given.days)

    best = {"bare": np.inf, "whole": np.inf}
    for _ in range(given.rounds):
        best["bare"] = min(best["bare"], timed(read))
        best["whole"] = min(best["whole"], timed(simulate))
    simulated = given.citizens * given.days
    print(f"{given.citizens:,} citizens, {numba.get_num_threads()} threads, state "
          f"{world.states.nbytes // given.citizens} bytes a citizen")  # fmt: skip
    print(f"bare 16-contact read  {simulated / best['bare'] / 1e6:8.1f} M citizen-days/s")
    print(f"whole day             {simulated / best['whole'] / 1e6:8.1f} M citizen-days/s")
    print(f"ratio                 {best['whole'] / best['bare']:8.1f}")


if __name__ == "__main__":
    main()
