"""Everyone is held once, in the bytes that are predicted."""

import json
import os
import subprocess
import sys

import numpy as np
import pytest

from helpers import worlds
from underwatch.engine.population import build
from underwatch.engine.resources import BYTES_A_CITIZEN, PROGRAM, WORLD, bytes_for
from underwatch.engine.simulation import Simulation
from underwatch.results.benchmark import benchmark
from underwatch.scenario import Scenario

QUEUES = "entries"  # they grow with those who wait


def test_every_array_of_a_world_takes_the_bytes_that_are_predicted(nation):
    world = worlds.world_of(*nation, worlds.harsh(), 2018)
    each = {name: getattr(world, name).nbytes / len(nation[0]) for name in world._fields}
    for name in WORLD.keys() - {QUEUES}:
        assert each[name] == pytest.approx(WORLD[name], rel=0.05), name
    others = each.keys() - WORLD.keys()
    assert sum(each[name] for name in others) < 0.1, others


def test_a_run_that_takes_its_population_over_ends_in_the_same_bits():
    scenario = Scenario.load("atlantic-2018", ["society.citizens=3000", "first_day=2019-06-01"])
    kept, taken = build(scenario), build(scenario)
    before = kept.people
    one = Simulation(scenario, kept, 35, [], 1_000)
    other = Simulation(scenario, taken, 35, [], 1_000, take=True)
    for simulation in (one, other):
        simulation.run()
    assert one.hash() == other.hash()
    assert (kept.people == before).all()  # other simulations of it are as the first
    assert (kept.ties.slots != one.world.slots).any()
    with pytest.raises(RuntimeError, match="taken over"):
        _ = taken.people


def test_a_benchmark_measures_memory_and_speed():
    scenario = Scenario.load("atlantic-2018", ["society.citizens=3000"])
    parts = []
    found = benchmark(scenario, 31, 1, parts.append).as_json()
    assert len(parts) == 5 and found["lengths"] == (30, 1)
    assert found["citizen_days_per_second"] > 0 and found["days_of_building"] > 0
    assert found["predicted"] == bytes_for(3_000) - PROGRAM > 3_000 * BYTES_A_CITIZEN
    assert found["arrays"]["states"] == 40 * 3_000
    assert found["peak"] >= found["floor"] > 0
    assert np.isfinite(found["bytes_a_citizen"])


@pytest.mark.skipif(not os.access("/proc/self/clear_refs", os.W_OK), reason="needs Linux")
def test_a_run_takes_the_bytes_of_its_arrays_and_less_than_four_million_more():
    command = [sys.executable, "-m", "underwatch", "bench", "--citizens", "300000", "--days", "31"]
    done = subprocess.run(
        [*command, "--threads", "1", "--json", "--quiet"], capture_output=True, check=True
    )
    found = json.loads(done.stdout)
    beside = found["peak"] - found["floor"] - sum(found["arrays"].values())
    assert -1_000_000 < beside < 4_000_000  # the system counts pages late, a few per thread
    assert found["peak"] - found["floor"] < found["predicted"]
