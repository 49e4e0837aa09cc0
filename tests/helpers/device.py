"""A small nation in which every branch is taken, and all that a run of it counted."""

import hashlib

import numpy as np

from mutation.small_twin import harsher
from underwatch.engine.population import build
from underwatch.engine.simulation import Simulation
from underwatch.scenario import Scenario

FOLLOWED = 12


def run(citizens: int, days: int, device: str) -> Simulation:
    """Births, deaths and reviews of ties, three epochs of parameters, a panel, own measures."""
    scenario = Scenario.load("atlantic-2018", [f"society.citizens={citizens}"])
    followed = np.arange(0, citizens, citizens // FOLLOWED)
    observe = {
        "sums": lambda columns: [columns.opinion.sum(), columns.age.sum(), columns.ties.sum()]
    }
    simulation = Simulation(
        scenario, build(scenario), days, followed, citizens, observe=observe, every=10,
        device=device,
    )  # fmt: skip
    simulation.params = harsher(citizens)
    simulation.epochs = np.arange(days) * 3 // days
    simulation.run()
    return simulation


def digests(simulation: Simulation) -> dict[str, str]:
    """The hash of what tomorrow reads, and of each array that was counted, by name."""
    counted = {
        "daily": simulation.daily,
        "monthly": simulation.monthly,
        "capacity": simulation.capacity,
        "expressed opinions": simulation.expressed_opinions,
        "ledger": np.concatenate(simulation.lines),
        "restricted days": simulation.world.restricted_days,
        "history": simulation.world.history,
        "dead": simulation.dead,
        "private opinions": simulation.private_opinions,
        "observed": simulation.observations["sums"][1],
    }
    found = {"state": simulation.hash()}
    found |= {k: hashlib.sha256(v.tobytes()).hexdigest() for k, v in counted.items()}
    return found
