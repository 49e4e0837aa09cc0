"""Cases of association: guilt that spreads over ties, and spillover of points (M10)."""

from __future__ import annotations

from math import ceil

import numpy as np
from numpy.typing import NDArray

from underwatch.engine.population import Population
from underwatch.engine.simulation import Simulation
from underwatch.kernel.columns import field_of
from underwatch.model.dossiers.records import GOOD, LATE, SERIOUS
from underwatch.model.society.people import PERSON
from underwatch.verification.case import Case, Check
from underwatch.verification.chance import mean_and_error
from underwatch.verification.populations import (
    BASE,
    adults,
    advance,
    everyone_scored,
    nobody,
    population,
    random_graph,
    rewired,
    society,
    staged,
    table_of,
)

_ORGAN = "M10 Association: scores over observed ties (model.scoring.scores)"
_IN_FULL = 32.0  # a weight at which one guilty contact of 16 costs all points
_STEP, _LONGEST = 10, 3_000  # days between two looks at the scores; of a run to rest
_GUILTY = 30  # citizens with a record of their own


# --- Guilt that spreads in full


def guilty(contacts: np.ndarray, days: int, seed: int) -> float:
    """The share of citizens whom guilt reaches, if one guilty contact is enough."""
    random, n = np.random.default_rng(seed), len(contacts)
    among = population(adults(n), contacts, seed)
    record = everyone_scored(_IN_FULL, serious=-10, floor=BASE - 10, ceiling=BASE)
    files = np.zeros(n, np.int64)
    files[random.choice(n, _GUILTY, replace=False)] = 1 << 4 * SERIOUS
    spread = staged(among, record, days, {"file": files})
    spread.run()
    return float((spread.scores() < BASE - 5).mean())


def giant_component(degrees: NDArray[np.int64], observed: float) -> float:
    """The share in the giant component of a random graph with these degrees.

    observed: the share of ties over which guilt spreads. By generating functions.
    """
    counts = np.bincount(degrees) / len(degrees)
    k = np.arange(len(counts))
    excess = counts[1:] * k[1:] / (counts @ k)
    apart = 0.0  # the chance that a tie leads to nobody of the giant component
    for _ in range(5_000):
        apart = float(1 - observed + observed * (excess @ apart ** k[:-1]))
    return float(1 - counts @ apart**k)


def guilt(citizens: int, seed: int) -> list[Check]:
    """Case 11: how many people guilt reaches over contacts of contacts."""
    random = np.random.default_rng(seed)
    checks = []
    for degree, expected in ((0.8, 0.0), (1.5, 0.583), (2.0, 0.797)):
        got = guilty(random_graph(citizens, degree, random), 90, seed)
        checks.append(Check(
            f"People reached by guilt, {degree} observed contacts on average", 100 * expected,
            100 * got, "%", tolerance=1.0, replicates=citizens,
        ))  # fmt: skip
    ties = society(citizens, seed)
    table = ties.among.ties
    degrees = np.bitwise_count(table.slots)[ties.adults].astype(np.int64)
    for observed in (0.2, 0.4):
        pairs = rewired(degrees, random)
        pairs = pairs[random.random(len(pairs)) < observed]
        got = guilty(table_of(pairs, len(degrees)), 90, seed)
        checks.append(Check(
            f"People reached by guilt, degrees of the built society, {100 * observed:.0f} % of "
            "ties observed", 100 * giant_component(degrees, observed), 100 * got, "%",
            tolerance=1.0, replicates=len(degrees),
        ))  # fmt: skip
    return checks


# --- Spillover over the direct effect


def _cliques(size: int, n: int) -> np.ndarray:
    """Contacts of citizens in circles of `size` who all know each other: uint32 (n, 16)."""
    table, place = nobody(n), np.arange(n)
    for k in range(size - 1):
        table[:, k] = place // size * size + (place + k + 1) % size
    return table


def _rest(run: Simulation) -> NDArray[np.float64]:
    """The scores of a simulation that runs until none has changed for fifty days."""
    before, unchanged = run.scores(), 0
    while unchanged < 50 and run.day < run.days:
        advance(run, min(run.days, run.day + _STEP))
        now = run.scores()
        unchanged = unchanged + _STEP if (now == before).all() else 0
        before = now
    return before


def exact_spillover(circles: int, seed: int) -> list[Check]:
    """Case 12: one record in each circle of people who all know each other, run to rest."""
    checks = []
    for size, association, points in (
        (2, 0.5, -24),
        (5, 0.5, -144),
        (5, 0.25, -51),
        (5, 0.75, -19),
    ):
        n = size * circles
        files = np.where(np.arange(n) % size == 0, 1 << 4 * LATE, 0)
        among = population(adults(n), _cliques(size, n), seed)
        record = everyone_scored(association, late=points)
        scores = _rest(staged(among, record, _LONGEST, {"file": files}))
        direct = points * circles
        got = ((scores - BASE).sum() - direct) / direct
        checks.append(Check(
            f"Spillover over the direct effect, weight {association}, circles of {size}",
            association / (1 - association), float(got), tolerance=1e-8, replicates=circles,
        ))  # fmt: skip
    return checks


def _spillover(association: float, kind: int, among: Population, adult, isolated, seed: int):  # type: ignore[no-untyped-def]
    """Spillover over the direct effect of records of half the adults, drawn at random."""
    random = np.random.default_rng(seed)
    points = -5 if kind == LATE else 30
    able = np.setdiff1d(adult, isolated)
    bearers = random.choice(able, len(able) // 2, replace=False)
    files = np.zeros(among.citizens, np.int64)
    files[bearers] = 1 << 4 * kind
    settles = ceil(9 / (1 - association))
    evenings = 10
    record = everyone_scored(association, late=-5, good=30)
    run = staged(among, record, settles + evenings, {"file": files})
    advance(run, settles)
    found = []
    for day in range(settles, settles + evenings):
        advance(run, day + 1)
        found.append((run.scores()[able] - BASE).sum())
    direct = points * len(bearers)
    return (np.mean(found) - direct) / direct


def spillover(replicates: int, seed: int) -> list[Check]:
    """Case 39: spillover on the built society, bad and good records alike."""
    nation = society(20_000, seed)
    isolated = nation.adults[nation.degree[nation.adults] == 0]
    piloted = field_of(nation.among.columns, PERSON, "piloted")
    piloted[:] = 0
    piloted[isolated] = 255  # not scored: nobody to be judged by
    checks = []
    for association in (0.2, 0.5, 0.9):
        for kind, label in ((LATE, "bad"), (GOOD, "good")):
            found = [
                _spillover(association, kind, nation.among, nation.adults, isolated, seed + k)
                for k in range(replicates)
            ]
            got, error = mean_and_error(found)
            checks.append(Check(
                f"Spillover over the direct effect of {label} records, weight {association}",
                association / (1 - association), got, error=error, replicates=replicates,
            ))  # fmt: skip
    return checks


CASES = (
    Case(
        11, "Guilt that spreads over contacts of contacts", _ORGAN,
        "Newman, Strogatz & Watts 2001: giant component by generating functions", "C", "exact",
        guilt, replicates=150_000, quick=100_000, seconds=4.0,
        notices="A tenth of ties not read: with 1.5 contacts the share reached would fall from "
        "58 to 47 %; 1 point is accepted.",
        note="A guilty contact costs all points (a weight of 32, where a scenario has less than "
        "1), so that guilt reaches whoever is tied to it. Contacts are drawn at random, as the "
        "formula has it: on the built ties, which cluster, fewer are reached.",
    ),
    Case(
        12, "Linear association", _ORGAN, "s = b + αWs, W doubly stochastic: α/(1 − α)", "C",
        "exact", exact_spillover, replicates=100, quick=50, seconds=1.0,
        notices="A mean rounded down instead of at random: the spillover of -24 points would "
        "not come to rest at 24. It is exact to the last bit of a score.",
        note="Circles in which everyone knows everyone, with records whose scores at rest are "
        "whole sixteenths; rounding ends when they are reached.",
    ),
    Case(
        39, "Spillover on the built society", _ORGAN,
        "Mean over bearers of (I − αW)⁻¹: α/(1 − α)", "C", "exact", spillover, replicates=10,
        quick=6, seconds=4.0,
        notices="Scores rounded down to a sixteenth: the spillover of bad records at a weight of "
        ".9 would be 9.12 instead of 9, that of good ones 8.98; the error is .008.",
    ),
)  # fmt: skip
