"""Cases of protest by thresholds: Granovetter, normal thresholds, Kuran, Watts (M17)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from underwatch.engine.simulation import Simulation
from underwatch.model.parameters import PARAMS
from underwatch.model.society.people import Person
from underwatch.model.society.speech import protest
from underwatch.model.state import ONE, State
from underwatch.scenario import Scenario
from underwatch.verification.case import Case, Check
from underwatch.verification.compiled import driver
from underwatch.verification.populations import (
    CERTAIN,
    adults,
    daily,
    nobody,
    population,
)

_ORGAN = "M17 Protest: participation by thresholds (model.society.speech)"
_EVERYONE_SEEN = [
    "protest.heeds=district", "protest.joining=1", "protest.occasions_per_year=52",
    "protest.sparks=0", "protest.fatigue=0", "protest.threshold_of_loyal=0",
    "society.births_and_deaths=false",
]  # fmt: skip


def marchers(thresholds: list[float], days: int, seed: int) -> NDArray[np.int64]:
    """Protesters by day among as many adults as there are thresholds, who see everyone.

    thresholds: shares of all, in the order of the citizens, as a scenario lists them.
    """
    n = len(thresholds)
    listed = [*_EVERYONE_SEEN, f"protest.thresholds={thresholds}", f"society.citizens={n}"]
    scenario = Scenario.load("unwatched", [*listed, f"society.seed={seed}"])
    among = population(adults(n), nobody(n), seed)
    simulation = Simulation(scenario, among, days, np.zeros(0, np.int64), n)
    simulation.run()
    return daily(simulation, "protests")


def granovetter(_: int, seed: int) -> list[Check]:
    """Case 4: one changed threshold of a hundred."""
    even = [k / 100 for k in range(100)]
    changed = [0, 0.02, *even[2:]]
    return [
        Check("Participants, thresholds 0 to 99 of 100", 100, int(marchers(even, 120, seed)[-1])),
        Check(
            "Participants, the threshold 1 changed to 2", 1, int(marchers(changed, 120, seed)[-1])
        ),
    ]


def kuran(_: int, seed: int) -> list[Check]:
    """Case 6: one changed threshold of ten."""
    rest = [20, 30, 40, 50, 60, 70, 80, 100]
    shares = {
        second: 10 * int(marchers([x / 100 for x in (0, second, *rest)], 20, seed)[-1])
        for second in (20, 10)
    }
    return [
        Check("Participants, second threshold 20", 10, shares[20], "%"),
        Check("Participants, second threshold 10", 90, shares[10], "%"),
    ]


# --- Normal thresholds


@driver
def _protesters(tables, crowd):  # type: ignore[no-untyped-def]
    """How many protest, of 256 adults with the thresholds of each record of parameters."""
    count = 0
    state = State(0, 0, 0, 0, 255, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
    traits = Person(30, 0, 0, 0, 0, 255, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0)
    for k in range(tables.shape[0]):
        for i in range(256):
            _, does = protest(traits, state, crowd, 65_536, 65_536, 0, i, tables[k])
            count += does
    return count


def settled(spread: float, mean: float = 0.25) -> float:
    """The share at which participation comes to rest, with 65,536 normal thresholds."""
    from scipy.special import ndtri

    n = 1 << 16
    quantiles = mean + spread * ndtri((np.arange(n) + 0.5) / n)
    tables = np.zeros(n // 256, PARAMS)
    tables["join"], tables["thresholds_listed"] = CERTAIN, 256
    tables["threshold"] = np.clip(np.ceil(quantiles * ONE), 0, None).reshape(-1, 256)
    before, count = -1, 0
    while count != before:
        before, count = count, int(_protesters(tables, count * ONE // n))
    return count / n


def normal_thresholds(steps: int, _: int) -> list[Check]:
    """Case 5: the spread of thresholds at which a small crowd becomes everyone."""
    low, high = 0.1172, 0.1272
    for _step in range(steps):
        middle = (low + high) / 2
        if settled(middle) < 0.5:
            low = middle
        else:
            high = middle
    return [
        Check("Critical spread of the thresholds", 0.12222, (low + high) / 2, tolerance=0.0005),
        Check("Share that protests at a spread of .12212", 0.0571, settled(0.12212),
              tolerance=0.0005, replicates=1 << 16),
        Check("Share that protests at a spread of .1224", 1.0, settled(0.1224), tolerance=0.0005,
              replicates=1 << 16),
    ]  # fmt: skip


CASES = (
    Case(
        4, "A cascade over a hundred thresholds", _ORGAN,
        "Granovetter 1978, thresholds 0 to 99 and one of them changed", "S", "exact", granovetter,
        seconds=0.5,
        notices="A share rounded down, or a threshold that must be passed instead of reached: "
        "the cascade would stop at 1 participant instead of 100. There is no error.",
    ),
    Case(
        5, "Normal thresholds and the critical spread",
        f"{_ORGAN}; 65,536 adults, each of whom joins or not by the kernel of a day",
        "Fixed points of the normal distribution function, mean .25; Granovetter 1978", "C",
        "exact", normal_thresholds, replicates=14, quick=8, seconds=1.0,
        notices="No threshold of 0: nobody would protest at any spread. A crowd counted in "
        "256ths: the small crowd would be off by up to .004, where .0005 is accepted.",
    ),
    Case(
        6, "One threshold of ten", _ORGAN, "Kuran 1991, two sequences that differ in one threshold",
        "M", "exact", kuran, seconds=0.3,
        notices="A citizen counted among the others whom they see as 1 of 9 instead of 1 of 10: "
        "the second sequence would not reach 90 %. There is no error.",
        note="The sequences are from memory; what follows from them is computed.",
    ),
)  # fmt: skip
