"""Cases of queues: of the assessments, and of a run's courts, police and appeals."""

from __future__ import annotations

import numpy as np

from underwatch.assessments.closed_forms.queues import chance_of_waiting, mean_wait
from underwatch.assessments.worlds.watch_list_counts import waits_of
from underwatch.results.run import run
from underwatch.scenario import Scenario
from underwatch.verification.case import Case, Check
from underwatch.verification.chance import of_mean

_OFFICERS = 10
_PUBLISHED = {0.9: (0.6687, 0.669), 0.95: (0.8256, 1.651)}  # load: chance to wait, mean wait
_ARRIVALS, _SKIPPED = 40_000, 20_000  # of a replicate; those while it fills are left out


def erlang(replicates: int, seed: int) -> list[Check]:
    """Case 31: Erlang C and the mean wait of ten officers, and Little's law in a run."""
    rng = np.random.default_rng(seed)
    checks = []
    for load, (busy, wait) in _PUBLISHED.items():
        shares, means = [], []
        for _ in range(replicates):
            gaps = rng.exponential(1 / (load * _OFFICERS), _ARRIVALS)
            found = waits_of(np.cumsum(gaps), rng.exponential(1.0, _ARRIVALS), _OFFICERS)
            shares.append(float((found[_SKIPPED:] > 0).mean()))
            means.append(float(found[_SKIPPED:].mean()))
        checks += [
            of_mean(f"Chance to wait at load {load:g}, simulated", busy, shares, tolerance=5e-5),
            of_mean(f"Mean wait at load {load:g}, simulated", wait, means, tolerance=5e-4),
            Check(f"Chance to wait at load {load:g}, by the assessment's formula", busy,
                  chance_of_waiting(load * _OFFICERS, _OFFICERS), tolerance=5e-5, role="formula"),
            Check(f"Mean wait at load {load:g}, by the assessment's formula", wait,
                  mean_wait(load * _OFFICERS, 1.0, _OFFICERS), tolerance=5e-4, role="formula"),
        ]  # fmt: skip
    return checks + _little(seed)


# Queues that are busy and come to rest: few places, and no case that lapses or ends with a life.
_SETTINGS = (
    "blacklist.court_places_per_million_a_day=26", "police.places_per_million_a_day=105",
    "police.lapse_half_life_days=20000", "society.births_and_deaths=false",
)  # fmt: skip
_CITIZENS, _DAYS = 20_000, 1_500


def _little(seed: int) -> list[Check]:
    """L = λW: people waiting on an evening, beside the served a day times their nights of wait."""
    scenario = Scenario.load("atlantic-2018", _SETTINGS)
    made = run(scenario, citizens=_CITIZENS, days=_DAYS, seed=seed)
    checks = []
    for queue in ("court", "police"):
        waiting, served, waited = (
            made.tallies[f"{queue}_{kind}"].values for kind in ("waiting", "served", "wait_days")
        )
        nights = float(waited.sum() - served.sum())  # a case that is served at once waits none
        checks.append(Check(
            f"Mean number in the {queue} queue of a run", nights / _DAYS, float(waiting.mean()),
            "people on an evening", tolerance=0.02 * nights / _DAYS, replicates=int(served.sum()),
        ))  # fmt: skip
    return checks


CASES = (
    Case(
        31, "Erlang C and Little's law",
        "Queues of assessments (worlds.watch_list_counts.waits_of, closed_forms.queues); queues "
        "of a run (engine.queues.serve_queues)",
        "C(10, ρ) and C/(cμ − λ) by Erlang; L = λW by Little", "C", "exact", erlang,
        replicates=60, quick=20, seconds=20,
        notices="An officer too few, or waits that count the service: the mean wait at load .9 "
        "would be 2 or 1.7 and more instead of .67; the error is .02. A wait off by a day: the "
        "number in a run's queue would be off by half and more.",
    ),
)  # fmt: skip
