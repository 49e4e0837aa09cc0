"""A scenario to a Run: the same bits on any threads, in any chunks, resumed or not."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from underwatch.engine.resources import check_memory, chunk_for, use_threads
from underwatch.engine.simulation import Progress, Simulation
from underwatch.errors import UserError
from underwatch.results.provenance import made_with
from underwatch.scenario import Scenario


@dataclass(frozen=True)
class Run:
    """What a scenario came to: counts, the followed citizens' records, and where it came from."""

    scenario: Scenario
    provenance: dict
    tallies: "xarray.Dataset"  # noqa: F821
    panel: "pyarrow.Table"  # noqa: F821
    people: np.ndarray = field(repr=False)  # PERSON (citizens): who they are
    states: np.ndarray = field(repr=False)  # STATE (citizens), on the last evening
    scores: np.ndarray = field(repr=False)  # int (citizens): as others see it; -1 = not scored

    @property
    def state_hash(self) -> str:
        """SHA-256 of every citizen's last state and word."""
        return self.provenance["state_hash"]

    @property
    def summary(self):
        """The run in some twenty figures: benefits as plainly as harms."""
        from underwatch.measurement.summary import summarise

        return summarise(self.tallies)


def run(
    scenario: Scenario,
    citizens: int | None = None,
    days: int | None = None,
    seed: int | None = None,
    *,
    threads: int | None = None,
    panel: int = 0,
    sources: dict[str, str] | None = None,
    chunk: int | None = None,
    checkpoint: Path | None = None,
    progress: Callable[[Progress], None] = lambda _: None,
) -> Run:
    """Live a scenario.

    citizens, days, seed: in place of the scenario's own. threads: of this
    machine; changes no bit. panel: how many citizens to follow record by
    record; changes no bit either. checkpoint: a folder from which an interrupted
    run of the same scenario goes on, and into which this one is put if it is
    interrupted. chunk: citizens whom a thread takes at once; changes no bit.
    """
    from underwatch.results.tables import records, tallies

    scenario = _with(scenario, citizens=citizens, seed=seed)
    citizens, seed = scenario.society.citizens, scenario.society.seed
    days = scenario.days if days is None else days
    if days < 1:
        raise UserError(f"{days} days cannot be lived; write 1 or more.")
    check_memory(citizens)
    threads = use_threads(threads)
    chunk = chunk_for(citizens, threads) if chunk is None else chunk
    started = datetime.now(UTC)
    clock = time.perf_counter()
    simulation = _start(scenario, days, panel, chunk, progress)
    try:
        simulation.run(checkpoint=checkpoint)
    except KeyboardInterrupt:
        if checkpoint:
            simulation.save_checkpoint(checkpoint)
        raise
    seconds = time.perf_counter() - clock
    provenance = {
        **made_with(),
        "threads": threads,
        "title": scenario.title,
        "text": scenario.text,
        "scenario": scenario.model_dump(mode="json"),
        "scenario_hash": scenario.hash,
        "sources": sources or {},
        "citizens": citizens,
        "days": days,
        "first_day": scenario.first_day.isoformat(),
        "seed": seed,
        "panel": panel,
        "state_hash": simulation.hash(),
        "started": started.isoformat(timespec="seconds"),
        "seconds": round(seconds, 3),
        "citizen_days_per_second": round(simulation.days_here * citizens / seconds),
    }
    return Run(
        scenario,
        provenance,
        tallies(simulation),
        records(simulation),
        simulation.population.people,
        simulation.states(),
        simulation.scores(),
    )


def _start(scenario, days, panel, chunk, progress) -> Simulation:
    """A journey on its first morning, with so many citizens followed."""
    from underwatch.engine.population import build
    from underwatch.engine.warmup import day_beside
    from underwatch.kernel.compile import is_compiled
    from underwatch.model.society.people import sample

    def tell(stage):
        progress(Progress(stage if is_compiled() else "compiling", 0, 1))

    with day_beside():
        population = build(scenario, tell)
        followed = np.zeros(min(panel, population.citizens), np.int64)
        sample(followed, population.citizens, population.seed)
    followed.sort()
    return Simulation(scenario, population, days, followed, chunk, progress)


def _with(scenario: Scenario, **society) -> Scenario:
    """The same scenario with another size or seed, checked like a file's."""
    given = {k: v for k, v in society.items() if v is not None}
    for key, value in given.items():
        least = 1 if key == "citizens" else 0
        if not isinstance(value, int) or value < least:
            raise UserError(f"{key} is {value!r}, but it is a whole number from {least} on.")
    part = scenario.society.model_copy(update=given)
    return scenario.model_copy(update={"society": part})
