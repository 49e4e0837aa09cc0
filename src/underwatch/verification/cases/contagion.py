"""Cases of cascades over the contacts of a given graph (M17): Watts."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from underwatch.engine.population import Population
from underwatch.model.state import ONE
from underwatch.verification.case import Case, Check
from underwatch.verification.chance import mean_and_error, of_share
from underwatch.verification.populations import (
    CERTAIN,
    adults,
    daily,
    parameters,
    population,
    random_graph,
    staged,
    table_of,
)

_BATCHES = 16  # of trees, from whose spread the standard error comes
_CITIZENS = 10_000  # of a graph on which cascades are counted
_DAYS = 80


def _trees(roots: int, degree: float, random: np.random.Generator) -> tuple[np.ndarray, int]:
    """Random trees of three generations, roots first: pairs (m, 2), and how many citizens."""
    edges, parents, n = [], np.arange(roots), roots
    for _ in range(3):
        offspring = np.minimum(random.poisson(degree, len(parents)), 15)
        children = n + np.arange(offspring.sum())
        edges.append(np.column_stack([np.repeat(parents, offspring), children]))
        parents, n = children, n + len(children)
    return np.concatenate(edges), n


def _cascade(
    among: Population, phi: float, instigators: NDArray[np.int64], days: int
) -> NDArray[np.int64]:
    """Protesters by day where everyone has the threshold phi; instigators always protest."""
    certain = np.arange(256) == 255
    record = parameters(
        occasion=CERTAIN, join=CERTAIN, spark=CERTAIN * certain, thresholds_listed=1,
        threshold=int(phi * ONE + 1e-6),
    )  # fmt: skip
    opinion = np.zeros(among.citizens, np.uint8)
    opinion[instigators] = 255
    simulation = staged(among, record, days, {"opinion": opinion})
    simulation.run()
    return daily(simulation, "protests")


def growth(phi: float, degree: float, roots: int, seed: int) -> tuple[float, float]:
    """How many each participant of the first day brings on the second, and the error."""
    found = []
    for batch in range(_BATCHES):
        random = np.random.default_rng([seed, batch])
        edges, n = _trees(roots // _BATCHES, degree, random)
        among = population(adults(n), table_of(edges, n), seed)
        first, second = np.diff(_cascade(among, phi, np.arange(roots // _BATCHES), 3))
        found.append(second / first)
    return mean_and_error(found)


def large_cascades(phi: float, degree: float, tries: int, seed: int) -> int:
    """How many single instigators bring more than a tenth of 10,000 citizens to protest."""
    random = np.random.default_rng(seed)
    among = population(adults(_CITIZENS), random_graph(_CITIZENS, degree, random), seed)
    return sum(
        int(_cascade(among, phi, np.array([one]), _DAYS)[-1] > _CITIZENS // 10)
        for one in random.integers(0, _CITIZENS, tries)
    )


def watts(roots: int, seed: int) -> list[Check]:
    """Case 28: at which mean degrees a single participant can set off a cascade."""
    checks = []
    for k, (phi, degree, expected) in enumerate([
        (0.18, 1.021, 1.0), (0.18, 5.765, 1.0), (0.25, 1.114, 1.0), (0.25, 3.863, 1.0),
        (0.3, 1.618, 0.8400),
    ]):  # fmt: skip
        got, error = growth(phi, degree, roots, seed + k)
        checks.append(Check(
            f"Growth from day to day, threshold {phi}, mean degree {degree}", expected, got,
            error=error, tolerance=0.001, replicates=roots,
        ))  # fmt: skip
    tries = max(16, roots // 300)
    for degree, inside in ((0.8, False), (3.0, True), (7.5, False)):
        expected = 100 * chance_of_a_cascade(0.18, degree) if inside else 0.0
        checks.append(of_share(
            f"Instigators who set off a large cascade, threshold .18, mean degree {degree}",
            expected, large_cascades(0.18, degree, tries, seed + 9), tries,
        ))  # fmt: skip
    return checks


def chance_of_a_cascade(phi: float, degree: float) -> float:
    """The chance that a contact of an instigator is of the giant vulnerable cluster.

    Vulnerable is who joins for a single contact. By generating functions, on a Poisson graph.
    """
    from scipy.special import gammaln

    k = np.arange(int(1 / phi))  # contacts of a vulnerable one beside the one who led there
    chances = np.exp(k * np.log(degree) - degree - gammaln(k + 1))
    apart = 0.0
    for _ in range(1_000):
        apart = float(1 - chances.sum() + chances @ apart**k)
    return float(1 - np.exp(degree * (apart - 1)))


CASES = (
    Case(
        28, "The window of cascades on a random graph",
        "M17 Protest: participation by thresholds over contacts (model.society.speech)",
        "Watts 2002: z·P(Pois(z) ≤ ⌊1/φ⌋ − 2) = 1 at the ends of the window; the giant "
        "vulnerable cluster by generating functions", "C", "exact",
        watts, replicates=12_000, quick=3_200, seconds=24.0,
        notices="A share rounded down before it is compared, or a threshold that must be passed: "
        "with a threshold of .25 growth at a mean degree of 1.114 would fall from 1 to .77.",
        note="Growth is counted over random trees, the limit of a large Poisson graph; whole "
        "cascades over a graph of 10,000 citizens.",
    ),
)  # fmt: skip
