"""Where the building of a nation goes: wall time and processor time a citizen, by part.

Prints the best of several rounds, by processor time. The system's part is memory that is touched
for the first time: a virtual machine may have to ask its host for it.
"""

import argparse
import resource
import time
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from underwatch.engine.population import Population, build, initial_world
from underwatch.engine.resources import use_threads
from underwatch.model import parameters as params
from underwatch.model.society.pairing import empty_pairs, every_circle, threads
from underwatch.model.society.people import PERSON, populate
from underwatch.model.society.ties import none_chosen, stored, weave_pairs
from underwatch.scenario import Scenario


class _Taken(NamedTuple):
    """Seconds so far: on the wall's clock, and of the processor, in the program and the system."""

    wall: float
    program: float
    system: float


def _taken() -> _Taken:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return _Taken(time.perf_counter(), used.ru_utime, used.ru_stime)


def _parts(scenario: Scenario) -> Iterator[str]:
    """Build the nation; after each part, its name."""
    n, seed, census = scenario.society.citizens, scenario.society.seed, params.census(scenario)
    people = np.empty((PERSON.itemsize // 8, n), np.uint64)
    populate(people, seed, census, 0, n)
    yield "people"
    circles, pairs = every_circle(n), empty_pairs(n)
    ties = none_chosen(pairs, n)
    weave_pairs(pairs, ties, people, 0, n, circles, threads(), 0, seed, census)
    yield "pairs"
    weave_pairs(pairs, ties, people, 0, n, circles, 0, 1, seed, census)
    yield "choosing ties"
    ties = stored(pairs, ties, 0, n)
    del pairs
    yield "storing ties"
    held = params.params_on(scenario, scenario.first_day)[0]
    initial_world(Population(scenario.society, people, ties), held, take=True)
    yield "first morning"


def _measure(scenario: Scenario) -> dict[str, _Taken]:
    """What each part takes, and all of them."""
    begun = before = _taken()
    found = {}
    for name in _parts(scenario):
        now = _taken()
        found[name] = _Taken(*(b - a for a, b in zip(before, now, strict=True)))
        before = now
    found["all"] = _Taken(*(b - a for a, b in zip(begun, before, strict=True)))
    return found


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--citizens", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", type=int)
    given = parser.parse_args()
    scenario = Scenario.load("atlantic-2018", [f"society.citizens={given.citizens}"])
    build(Scenario.load("atlantic-2018", ["society.citizens=3000"]))  # loads the compiled code
    used = use_threads(given.threads, given.citizens)
    rounds = [_measure(scenario) for _ in range(given.rounds)]
    print(f"{given.citizens:,} citizens, {used} threads: nanoseconds a citizen")
    print(f"{'':14} {'wall':>7} {'program':>8} {'system':>7}")
    for name in rounds[0]:
        best = min((each[name] for each in rounds), key=lambda taken: taken.program + taken.system)
        wall, program, system = (1e9 * x / given.citizens for x in best)
        print(f"{name:14} {wall:7.1f} {program:8.1f} {system:7.1f}")


if __name__ == "__main__":
    main()
