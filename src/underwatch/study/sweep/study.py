"""`sweep`: simulate every run of a plan, none twice, and gather them in one Dataset."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from underwatch.errors import Problem, UserError
from underwatch.kernel.identity import code_digest
from underwatch.results.folder import as_path
from underwatch.results.ledger import Ledger
from underwatch.scenario import Scenario
from underwatch.scenario.changes import check_days
from underwatch.scenario.keys import plain
from underwatch.scenario.limits import Range, check_run_size, check_seeds, check_size
from underwatch.study.asked import begun
from underwatch.study.budget import sized
from underwatch.study.own_code import OwnCode, own_code
from underwatch.study.progress import Report
from underwatch.study.result import study_provenance
from underwatch.study.runs import Outcome
from underwatch.study.shared import opened, planned
from underwatch.study.sweep.declaration import GRID, KINDS, LIST, MOST_RUNS
from underwatch.study.sweep.faults import faults, read_scenarios
from underwatch.study.sweep.gathered import Gathered
from underwatch.study.sweep.plan import Plan
from underwatch.study.sweep.points import Points, points_of
from underwatch.study.sweep.resolved import Resolved
from underwatch.study.sweep.result import Sweep
from underwatch.study.tasks import run_all
from underwatch.study.worker import Failure
from underwatch.study.worlds import ScenarioLike, Worlds, read_worlds

Function = Callable[..., Any]
_SAMPLES = Range(1, MOST_RUNS)


def sweep(
    scenarios: Plan | ScenarioLike | Iterable[ScenarioLike] | Mapping[str, ScenarioLike],
    factors: Mapping[str, Any] | Iterable[Mapping[str, Any]] | None = None,
    *,
    plan: str | None = None,
    samples: int | None = None,
    citizens: int | None = None,
    days: int | None = None,
    seed: int | None = None,
    seeds: int | Iterable[int] = 3,
    measures: Iterable[str] | None = None,
    outputs: Mapping[str, Function] | None = None,
    observe: Mapping[str, Function] | None = None,
    every: int = 30,
    score: Any = None,
    budget: float | None = None,
    checkpoint: str | Path | None = None,
    scheduler: str | None = None,
    workers: int | None = None,
    progress: Report | None = None,
) -> Sweep:
    """Simulate scenarios with many settings of their keys and several seeds.

    Parameters
    ----------
    scenarios : a scenario or several, as in `compare`; or a `Plan`, which declares all that
        follows up to `measures`, and the names of the outputs.
    factors : scenario key → values, of which every combination is simulated (a grid); with
        `plan` "latin-hypercube" or "sobol", key → {"low": …, "high": …}; or a list of mappings
        from keys to values, one for each point.
    plan : "grid", "list", "latin-hypercube" or "sobol"; by default what `factors` is.
    samples : how many points are drawn, by default 64; for sobol, which takes
        samples × (factors + 2) points, a power of two. Refused where no points are drawn.
    citizens, days, seed : replace those of every scenario.
    seeds : how many seeds, from `seed` on, or the seeds themselves.
    measures : which measures to keep, of the summary or tallies; by default the summary, and
        with [] none, for a sweep of `outputs` alone.
    outputs : name → a function of the `Run`, called where it was simulated, that returns a
        number or an array of fixed shape.
    observe, every, score : as in `run`; outputs read observations from `run.observations`.
    budget : minutes that the sweep may take. Without `citizens`, the population is the largest
        that fits; None for no limit.
    checkpoint : a folder that keeps finished runs, so that the sweep resumes wherever it was
        killed; `load` reads it while it grows. The caller removes it.
    scheduler : the address of a Dask scheduler whose workers simulate; by default the cores of
        this machine.
    workers : processes of this machine; by default as many as have cores and memory. Neither
        changes a bit of the result.
    progress : is called with a `StudyProgress` several times a second.

    Returns
    -------
    Sweep
        `.dataset` has a dimension for the scenarios, one for each factor (or `sample`), and one
        for the seeds; a run that failed is missing there and has its message in `.failures`.

    Raises
    ------
    UserError
        with every fault of the plan, before any run.

    Examples
    --------
    >>> import underwatch as uw
    >>> found = uw.sweep(
    ...     "atlantic-2018", {"scoring.association": [0, 0.5]}, citizens=2000, days=60, seeds=1
    ... )
    >>> dict(found.dataset.sizes)
    {'scenario': 1, 'scoring.association': 2, 'seed': 1}
    """
    clock = time.perf_counter()
    check_run_size(workers=workers)
    if isinstance(scenarios, Plan):
        declared, worlds = _of_plan(scenarios, factors, outputs)
    else:
        declared, worlds = _of_arguments(
            scenarios, factors, plan, samples, citizens, days, seed, seeds, measures, outputs
        )
    own = own_code(observe, every, score, outputs)
    points = points_of(declared)
    base = next(iter(worlds.scenarios.values()))
    numbers = check_seeds(declared.seeds, base.society.seed)
    length = declared.days or min(one.days for one in worlds.scenarios.values())
    runs = len(worlds.scenarios) * len(points.points) * len(numbers)
    folder = None if checkpoint is None else as_path(checkpoint)
    worlds, about = sized(
        worlds, declared.citizens, runs, length, budget, folder, progress, scheduler=scheduler
    )
    by_name = worlds_at(worlds.scenarios, points, length, declared._resolved)
    by_seed = dict.fromkeys(numbers, by_name)
    record = _record(declared, points, worlds, length, numbers)
    kept = opened(folder, by_seed, length, own, about={"sweep": record} | about)
    with begun(kept) as ledger:
        found = _simulated(by_seed, length, own, ledger, progress, scheduler, workers)
    provenance = study_provenance("sweep", declared.title, worlds, length, numbers, clock) | about
    return Sweep.of(provenance, worlds.scenarios, Gathered.of(record, found))


def world_name(scenario: str, point: int) -> str:
    """The name of one scenario at one point of a plan, in the ledger and in tasks."""
    return f"{scenario} {point}"


def worlds_at(
    scenarios: Mapping[str, Scenario], points: Points, days: int, resolved: Resolved
) -> dict[str, Scenario]:
    """Each scenario with the settings of each point. Raises UserError for one that is refused."""
    found: dict[str, Scenario] = {}
    for name, scenario in scenarios.items():
        for k, point in enumerate(points.points):
            world = resolved.world(scenario, point)
            check_days(world, days)
            found[world_name(name, k)] = world
    return found


def _simulated(
    by_seed: Mapping[int, Mapping[str, Scenario]], days: int, own: OwnCode, ledger: Ledger,
    progress: Report | None, scheduler: str | None, workers: int | None,
) -> dict[tuple[int, str], Outcome | Failure]:  # fmt: skip
    """Every run by seed and world. Runs with the same people follow each other."""
    tasks = planned(by_seed, days, own)
    people: dict[str, int] = {}
    place = [
        people.setdefault(f"{one.seed} {society.model_dump_json()}", len(people))
        for one in tasks
        for society in [next(iter(one.worlds.values())).society]
    ]
    ordered = [tasks[k] for k in sorted(range(len(tasks)), key=place.__getitem__)]
    found = run_all(ordered, ledger, workers, progress, scheduler, split=True)
    return {(t.seed, world): one for t in tasks for world, one in found[t.key].items()}


def _of_plan(
    plan: Plan, factors: object, outputs: Mapping[str, Function] | None
) -> tuple[Plan, Worlds]:
    """A declared plan and its scenarios, in the size that it declares."""
    if factors is not None:
        raise UserError("factors: the plan declares them; change the plan.")
    given = {*(outputs or ())}
    if given != {*plan.outputs}:
        wanted = ", ".join(plan.outputs) or "none"
        raise UserError(
            f"outputs: the plan names {wanted}; give a function for each and for no other."
        )
    scenarios, problems = read_scenarios(plan.scenarios, plan._folder, {})
    problems += faults(plan, [*scenarios.values()], {}, plan._resolved)
    if problems:
        raise UserError(problems)
    return plan, read_worlds([scenarios], plan.citizens, plan.seed)


def _of_arguments(
    scenarios: Any, factors: Any, plan: str | None, samples: Any, citizens: int | None,
    days: int | None, seed: int | None, seeds: Any, measures: Any, outputs: Any,
) -> tuple[Plan, Worlds]:  # fmt: skip
    """The plan that the arguments of `sweep` declare, checked as a file is."""
    many = isinstance(scenarios, Iterable) and not isinstance(scenarios, str | Path | Scenario)
    worlds = read_worlds(
        scenarios if many and not isinstance(scenarios, Mapping) else [scenarios], citizens, seed
    )
    sizes = check_run_size(citizens=citizens, days=days, seed=seed)
    is_list = factors is not None and not isinstance(factors, Mapping)
    factors = [*factors] if is_list and _is_list(factors) else factors
    kind = plan or (LIST if is_list else GRID)
    if kind not in KINDS:
        raise UserError(f"plan is {plan!r}, but it is one of {', '.join(KINDS)}.")
    points: dict[str, Any] = {}
    if is_list:
        if not _is_list(factors) or not all(isinstance(one, Mapping) for one in factors):
            raise UserError(
                'factors is a mapping such as {"scoring.association": [0, 0.5]}, or a list of '
                "mappings, one for each point."
            )
        points["runs"] = [{str(k): _plain(v) for k, v in one.items()} for one in factors]
    elif factors is not None:
        points["factors"] = {
            str(key): [_plain(v) for v in values] if _is_list(values) else _plain(values)
            for key, values in factors.items()
        }
    first = next(iter(worlds.scenarios.values()))
    figures = {
        "title": _title(kind, worlds, points),
        "scenarios": [*worlds.scenarios],
        "plan": kind,
        "samples": None if samples is None else check_size("samples", samples, _SAMPLES),
        "seeds": [*check_seeds(seeds, first.society.seed)],
        "measures": None if measures is None else [*map(str, measures)],
        "outputs": [*map(str, outputs or ())],
    }
    try:
        declared = Plan.model_validate(figures | points | sizes)
    except ValidationError as error:
        wrong = [(".".join(map(str, one["loc"])), one["msg"]) for one in error.errors()]
        raise UserError(Problem(None, f"{name}: {why}.") for name, why in wrong) from None
    problems = faults(declared, [*worlds.scenarios.values()], {}, declared._resolved)
    if problems:
        raise UserError([Problem(None, one.sentence) for one in problems])
    return declared, worlds


def _is_list(values: Any) -> bool:
    return isinstance(values, Iterable) and not isinstance(values, str | Mapping)


def _plain(value: Any) -> Any:
    """A value as a file has it; numbers of NumPy become those of Python."""
    return plain(value.item() if hasattr(value, "item") and not hasattr(value, "items") else value)


def _title(kind: str, worlds: Worlds, points: Mapping[str, Any]) -> str:
    keys = [*points.get("factors", {})] or ["settings"]
    listed = keys[0] if len(keys) == 1 else f"{', '.join(keys[:-1])} and {keys[-1]}"
    first = next(iter(worlds.scenarios.values()))
    return f"{listed} ({kind}) in “{first.title}”"


def _record(
    plan: Plan, points: Points, worlds: Worlds, days: int, seeds: tuple[int, ...]
) -> dict[str, Any]:
    """What a reader of partial results needs to know of a sweep, as JSON."""
    return {
        "plan": plan.model_dump(mode="json"),
        "points": points.points,
        "scenarios": {n: json.loads(s.model_dump_json()) for n, s in worlds.scenarios.items()},
        "scenario_hashes": {n: s.hash for n, s in worlds.scenarios.items()},
        "sources": worlds.sources,
        "days": days,
        "seeds": [*seeds],
        "code": code_digest(),
    }
