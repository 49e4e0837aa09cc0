"""Where a day goes, on one thread, beside what this machine reads and computes.

Prints processor time a citizen-day for each part of a day, the best of several rounds run in
turn, and what the machine does at most: reading memory in order, reading signals in a random
order with prefetching, integer operations in vectors of 64 and of 32 bits.
"""

import argparse
import time
from collections.abc import Callable
from datetime import timedelta

import numba
import numpy as np
from numba import njit

from underwatch.engine.morning import start_day
from underwatch.engine.population import build
from underwatch.engine.signals import AHEAD, collect_mistakes, sum_signals
from underwatch.engine.simulation import Simulation
from underwatch.engine.world import TILE, rotation_of, today_of, workspace_for
from underwatch.kernel.compile import fetch
from underwatch.kernel.random import fill_twelve
from underwatch.model.morning import night_params
from underwatch.model.streams import DAILY_STREAMS, FEELING
from underwatch.scenario import Scenario

_OPTIONS = {"nogil": True, "error_model": "numpy"}
_STREAM = 1 << 23  # numbers of eight bytes: 64 MiB, more than a cache


@njit(**_OPTIONS)
def _draws(workspace, n, day, seed):
    for lo in range(0, n, TILE):
        fill_twelve(workspace.draws, lo, min(n, lo + TILE) - lo, day, seed, FEELING)


@njit(**_OPTIONS)
def _mistakes(world, workspace, n, day, seed):
    flags = world.flags[day & 1]
    faces, names = rotation_of(day - 1, seed, 0, n), rotation_of(day - 1, seed, 1, n)
    for lo in range(0, n, TILE):
        hi = min(n, lo + TILE)
        collect_mistakes(world.people, flags, faces, names, lo, hi, workspace.misattributed)


@njit(**_OPTIONS)
def _signals(world, workspace, n, day):
    for lo in range(0, n, TILE):
        sum_signals(world, world.signals[day & 1], lo, min(n, lo + TILE), workspace)


@njit(**_OPTIONS)
def _morning(world, workspace, n, day, seed, table, epoch):
    shown, flags = world.signals[1 - (day & 1)], world.flags[day & 1]
    params, active = table[epoch], 0
    night, today = night_params(params), today_of(day, seed, world.listed[0], n, params)
    for lo in range(0, n, TILE):
        hi = min(n, lo + TILE)
        start_day(
            world.people, world.states, shown, flags, world.flags[1 - (day & 1)], world.queues,
            workspace, lo, hi, 0, False, 0, today, night,
        )  # fmt: skip
        for k in range(hi - lo):
            active += workspace.active[k]
    return active


@njit(**_OPTIONS)
def _in_order(numbers):
    total = np.uint64(0)
    for k in range(np.uint64(numbers.shape[0])):
        total += numbers[k]
    return total


@njit(**_OPTIONS)
def _at_random(signals, places):
    total = np.uint64(0)
    for k in range(np.uint64(places.shape[0] - AHEAD)):
        fetch(signals, places[k + np.uint64(AHEAD)])
        total += np.uint64(signals[places[k]])
    return total


@njit(**_OPTIONS)
def _operations(numbers, times):
    """Eight operations for each number and time, in its own width: shifts and exclusive ors."""
    for _ in range(times):
        for k in range(np.uint64(numbers.shape[0])):
            x = numbers[k]
            for shift in (13, 7, 17, 5):
                x ^= x >> numbers.dtype.type(shift)
            numbers[k] = x


@njit
def _room():
    return workspace_for(TILE)


def _parts(citizens: int) -> dict[str, tuple[Callable[[], object], float]]:
    """What is timed, and how many of its units one call does."""
    late = Scenario.load("atlantic-2018").last_day - timedelta(90)  # every organ is on
    settings = [f"society.citizens={citizens}", f"first_day={late}"]
    scenario = Scenario.load("atlantic-2018", settings)
    simulation = Simulation(scenario, build(scenario), 90, [], citizens)
    simulation.run(40)
    world, day, seed = simulation.world, simulation.day, scenario.society.seed
    room, table = _room(), simulation.params
    epoch = simulation.epochs[day]
    draws = np.random.default_rng(1)
    places = draws.integers(0, citizens, 4_000_000).astype(np.uint32)
    numbers = np.ones(_STREAM, np.uint64)
    words, narrow = np.arange(1024, dtype=np.uint64), np.arange(1024, dtype=np.uint32)

    def day_after():
        simulation.run(simulation.day + 1)

    return {
        "whole day": (day_after, citizens),
        f"draws: {DAILY_STREAMS} streams": (lambda: _draws(room, citizens, day, seed), citizens),
        "misidentifications": (lambda: _mistakes(world, room, citizens, day, seed), citizens),
        "contacts' signals": (lambda: _signals(world, room, citizens, day), citizens),
        "morning": (
            lambda: _morning(world, room, citizens, day, seed, table, epoch), citizens,
        ),
        "eight bytes in order": (lambda: _in_order(numbers), _STREAM),
        "a signal at random": (lambda: _at_random(world.signals[0], places), len(places) - AHEAD),
        "an operation, 64 bits": (lambda: _operations(words, 4000), 8 * 4000 * len(words)),
        "an operation, 32 bits": (lambda: _operations(narrow, 4000), 8 * 4000 * len(narrow)),
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--citizens", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=9)
    given = parser.parse_args()
    numba.set_num_threads(1)
    parts = _parts(given.citizens)
    best = dict.fromkeys(parts, np.inf)
    for _ in range(given.rounds + 1):  # the first compiles
        for name, (work, units) in parts.items():
            begun = time.process_time()
            work()
            best[name] = min(best[name], (time.process_time() - begun) / units)
    print(f"{given.citizens:,} citizens, one thread, nanoseconds of processor time")
    for name, seconds in best.items():
        print(f"{name:24s} {seconds * 1e9:9.3f}")


if __name__ == "__main__":
    main()
