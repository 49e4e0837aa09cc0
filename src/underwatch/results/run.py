"""One run of a scenario: the same bits on any threads, in any chunks, resumed or not."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from underwatch.results.contents import Simulated
from underwatch.results.provenance import made_with
from underwatch.results.run_result import Run as Run
from underwatch.scenario import Scenario
from underwatch.scenario.changes import check_days
from underwatch.scenario.limits import check_run_size

if TYPE_CHECKING:
    from underwatch.engine.simulation import Progress, Simulation

Observe = Mapping[str, Callable[..., Any]]


def run(
    scenario: Scenario,
    citizens: int | None = None,
    days: int | None = None,
    seed: int | None = None,
    *,
    threads: int | None = None,
    panel: int = 0,
    observe: Observe | None = None,
    every: int = 30,
    score: Any = None,
    chunk: int | None = None,
    checkpoint: str | Path | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> Run:
    """Simulate one scenario with one seed; `underwatch.run` describes the parameters.

    chunk: citizens that a thread takes at once; changes no bit.
    """
    given = check_run_size(citizens=citizens, days=days, seed=seed, threads=threads,
                           panel=panel, every=every, chunk=chunk)  # fmt: skip
    from underwatch.engine.resources import check_memory, chunk_for, use_threads

    scenario = resized(scenario, given.get("citizens"), given.get("seed"))
    citizens = scenario.society.citizens
    days = given.get("days", scenario.days)
    check_days(scenario, days)
    check_memory(citizens)
    threads = use_threads(given.get("threads"), citizens)
    chunk = given.get("chunk") or chunk_for(citizens, threads)
    extra = _own_measures_and_rule(observe, given["every"], score)
    started = datetime.now(UTC)
    clock = time.perf_counter()
    simulation = start_simulation(
        scenario, days, given["panel"], chunk, progress or _note_compiling, extra
    )
    folder = Path(checkpoint) if checkpoint is not None else None
    try:
        simulation.run(checkpoint=folder)
    except KeyboardInterrupt:
        if folder:
            simulation.save_checkpoint(folder)
        raise
    seconds = time.perf_counter() - clock
    provenance = {
        **made_with(),
        "kind": "run",
        "threads": threads,
        "title": scenario.title,
        "text": scenario.text,
        "scenario": scenario.model_dump(mode="json"),
        "scenario_hash": scenario.hash,
        "sources": dict(scenario.sources),
        "citizens": citizens,
        "days": days,
        "first_day": scenario.first_day.isoformat(),
        "seed": scenario.society.seed,
        "panel": given["panel"],
        "state_hash": simulation.hash(),
        "started": started.isoformat(timespec="seconds"),
        "seconds": round(seconds, 3),
        "citizen_days_per_second": round(simulation.days_here * citizens / seconds),
    }
    if scenario.census:
        provenance["census"] = scenario.census
    if observe:
        provenance["observed"] = {"measures": [*observe], "every": given["every"]}
    if score is not None:
        provenance["score_rule"] = extra["score"].digest
    return Run(scenario, provenance, Simulated(simulation))


def resized(scenario: Scenario, citizens: int | None, seed: int | None) -> Scenario:
    """The same scenario with another number of citizens or another seed."""
    given = {"society.citizens": citizens, "society.seed": seed}
    given = {key: value for key, value in given.items() if value is not None}
    return scenario._replaced(given) if given else scenario


def _own_measures_and_rule(observe: Observe | None, every: int, score: Any) -> dict[str, Any]:
    """What the simulation is given besides the scenario; nothing in the usual case."""
    extra: dict[str, Any] = {}
    if observe is not None:
        from underwatch.engine.observations import named_functions

        extra |= {"observe": named_functions(observe), "every": every}
    if score is not None:
        from underwatch.model.scoring.rule import ScoreRule

        extra["score"] = ScoreRule.compile(score)
    return extra


def start_simulation(
    scenario: Scenario,
    days: int,
    panel: int,
    chunk: int,
    progress: Callable[[Progress], None],
    extra: dict[str, Any],
) -> Simulation:
    """A simulation on its first morning, with the citizens of the panel chosen."""
    from underwatch.engine.population import build
    from underwatch.engine.simulation import Progress, Simulation
    from underwatch.engine.warmup import day_beside
    from underwatch.kernel.compile import is_compiled
    from underwatch.model.society.people import sample

    def notify(stage: str) -> None:
        progress(Progress(stage if is_compiled() else "compiling", 0, 1))

    # The day around a rule of the user's is compiled by this process, which alone has the rule.
    with nullcontext() if "score" in extra else day_beside():
        population = build(scenario, notify)
        followed = np.zeros(min(panel, population.citizens), np.int64)
        sample(followed, population.citizens, population.seed)
    followed.sort()
    return Simulation(scenario, population, days, followed, chunk, progress, **extra)


def _note_compiling(step: Progress) -> None:
    """The only progress that is shown without being asked for: a rule that is being compiled."""
    if step.stage == "compiling the rule":
        print(
            "compiling the scoring rule (about 30 s, once for each rule)",
            file=sys.stderr, flush=True,
        )  # fmt: skip
