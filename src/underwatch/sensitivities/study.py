"""`sensitivity`: run the design of a study over all assumptions of a scenario."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np

from underwatch.report.robustness import lasting_hash
from underwatch.results.folder import as_path
from underwatch.scenario import Scenario
from underwatch.sensitivities.asked import asked
from underwatch.sensitivities.evaluating import Evaluator, ledger_of
from underwatch.sensitivities.exploring import (
    Measured,
    check_installed,
    explore,
    latin,
    screening,
)
from underwatch.sensitivities.factors import factors_of
from underwatch.sensitivities.result import Sensitivity
from underwatch.sensitivities.summing import robustness
from underwatch.study.asked import begun
from underwatch.study.budget import sized
from underwatch.study.progress import Report
from underwatch.study.result import study_provenance
from underwatch.study.worlds import ScenarioLike, Worlds, lay_over

BASELINE = "unwatched"
BUDGET = 60.0  # minutes


def sensitivity(
    scenario: ScenarioLike | Mapping[str, ScenarioLike],
    measures: Iterable[str] | None = None,
    *,
    assumptions: Iterable[str] | None = None,
    baseline: str | None = BASELINE,
    citizens: int | None = None,
    days: int | None = None,
    seed: int | None = None,
    seeds: int | Iterable[int] = 1,
    trajectories: int = 8,
    band: int = 64,
    samples: int = 64,
    matter: int = 8,
    budget: float | None = BUDGET,
    checkpoint: str | Path | None = None,
    scheduler: str | None = None,
    workers: int | None = None,
    progress: Report | None = None,
) -> Sensitivity:
    """What the ranges of a scenario's assumptions leave of its measures, and which matter most.

    Three designs over all assumptions that have a range (`underwatch.scenario.ranges`): a Latin
    hypercube for the band of each measure, trajectories that screen all assumptions (Morris), and
    Sobol' indices of those that move a measure most, with all others as declared. All runs of a
    seed share their random draws.

    Parameters
    ----------
    scenario : a Scenario, the name of a shipped one or a path.
    measures : names, by default those that a report shows first.
    assumptions : the keys to vary; by default all that have a range.
    baseline : a shipped scenario whose own figures are laid over the scenario at each point of the
        band, for the difference between the two; None for no difference.
    citizens, days, seed : replace those of the scenario.
    seeds : how many seeds, from `seed` on, or the seeds themselves; a value is the mean over them.
    trajectories : of the screening, each with one run for each assumption and one more; at least 4.
    band : points of the Latin hypercube, at least 4.
    samples : base points of the Sobol' indices, a power of two from 4 on; 0 for none.
    matter : how many assumptions get Sobol' indices.
    budget : minutes that the study may take. Without `citizens`, the population is the largest
        that fits; None for no limit.
    checkpoint, scheduler, workers, progress : as in `sweep`.

    Returns
    -------
    Sensitivity
        `.measures` by name: the band, whether the difference from the baseline is open, and the
        effects, largest first. A measure that rests on too few events says so and has no effects.

    Raises
    ------
    UserError
        with all that is wrong, before any run: a measure or an assumption is unknown, a size is
        out of range, the ends of the ranges do not fit together, or SALib is not installed.

    Examples
    --------
    >>> import underwatch as uw
    >>> found = uw.sensitivity(
    ...     "atlantic-2018", ["trust"], assumptions=["response.trust_after_wrong"],
    ...     citizens=1000, days=30, trajectories=4, band=4, samples=0,
    ... )
    >>> found.measures["trust"].label
    'Generalised trust at the end (50 = resting level)'
    """
    clock = time.perf_counter()
    check_installed()
    declared = asked(
        scenario, measures, assumptions, baseline,
        dict(citizens=citizens, days=days, seed=seed, seeds=seeds),
        dict(trajectories=trajectories, band=band, samples=samples, matter=matter), budget,
    )  # fmt: skip
    assert declared is not None
    worlds, names, design, length, numbers, compared, count = declared
    name, base = worlds.baseline
    runs = (design.most_points(count) + (1 + design.band) * compared) * len(numbers)
    folder = None if checkpoint is None else as_path(checkpoint)
    worlds, size = sized(
        Worlds({name: base}, worlds.sources), citizens, runs, length, budget, folder, progress,
        at_most=True, scheduler=scheduler,
    )  # fmt: skip
    _, base = worlds.baseline
    factors = factors_of(base, assumptions)
    ledger = ledger_of(folder, base, length)
    evaluate = Evaluator(
        base, factors, names, length, numbers, ledger, runs, progress, scheduler, workers
    )
    hypercube = latin(count, design)
    evaluate.check(np.concatenate([hypercube, screening(count, design)]))
    difference: Measured | None = None
    with begun(ledger):
        if compared and baseline is not None:  # first, for it says most after few runs
            over = baseline
            points = np.concatenate([np.full((1, count), np.nan), hypercube])
            difference = evaluate(points, lambda world: lay_over(world, [over]))
        found = explore(evaluate, count, design)
    provenance = study_provenance(
        "sensitivity", f"What the assumptions leave of “{base.title}”", worlds, length, numbers,
        clock,
    ) | size  # fmt: skip
    provenance |= {
        "design": design._asdict(),
        "lasting_hash": lasting_hash(base.model_dump(mode="json")),
        "baseline": baseline if compared else None,
        "baseline_hash": _baseline_hash(base, baseline) if compared else None,
        "varied": len([key for one in factors for key in one.keys]),
        "assumptions": len([key for one in factors_of(base) for key in one.keys]),
    }
    about = {each: robustness(each, found, difference, factors) for each in names}
    return Sensitivity(provenance, dict(worlds.scenarios), about)


def _baseline_hash(base: Scenario, baseline: str | None) -> str:
    assert baseline is not None
    return lasting_hash(lay_over(base, [baseline]).model_dump(mode="json"))
