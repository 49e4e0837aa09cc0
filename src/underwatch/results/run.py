"""One run of a scenario: the same bits on any threads, in any chunks, resumed or not."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from underwatch.engine.checkpoint import MINUTES
from underwatch.engine.ranks import launch
from underwatch.results import reservation
from underwatch.results.contents import Simulated
from underwatch.results.folder import as_path
from underwatch.results.interrupted import finish, settings_in
from underwatch.results.provenance import made_with
from underwatch.results.reservation import Reservation, reserved
from underwatch.results.run_result import Run as Run
from underwatch.results.settings import Observe as Observe
from underwatch.results.settings import RunSettings, settings_from, settings_of
from underwatch.results.settings import resized as resized
from underwatch.scenario import Scenario

if TYPE_CHECKING:
    from underwatch.engine.simulation import Progress, Simulation


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
    device: str = "cpu",
    checkpoint: str | Path | None = None,
    checkpoint_minutes: float = MINUTES,
    progress: Callable[[Progress], None] | None = None,
) -> Run:
    """Simulate one scenario with one seed; `underwatch.run` describes the parameters.

    chunk: citizens that a thread takes at once; changes no bit.
    """
    launch.join()
    minutes = reservation.check_minutes(checkpoint_minutes)
    settings = settings_of(
        scenario, citizens, days, seed, threads=threads, panel=panel, observe=observe,
        every=every, score=score, chunk=chunk, device=device,
    )  # fmt: skip
    if checkpoint is None:
        return simulate(settings, None, progress)
    with reserved(as_path(checkpoint), settings, minutes) as place:
        made = simulate(settings, place, progress)
        place.checkpoints.try_to_save(made.simulation)  # until the run is saved
        return made


def resume(
    folder: str | Path,
    *,
    threads: int | None = None,
    observe: Observe | None = None,
    score: Any = None,
    checkpoint_minutes: float = MINUTES,
    progress: Callable[[Progress], None] | None = None,
) -> Run:
    """Go on with a run that ended early, from its folder alone, and complete the folder.

    The result is the same to the bit as that of a run that was never interrupted.

    Parameters
    ----------
    folder
        The `--out` of `underwatch run`, or the `checkpoint` of `underwatch.run`. The folder
        of a complete run is read.
    threads
        As for `run`; may differ from before.
    observe, score
        The functions of the run, if it has any: a folder cannot hold functions.
    checkpoint_minutes
        Minutes from one checkpoint to the next; 0 = only when the run is interrupted.
    progress
        A function that is called with `Progress` (stage, done, total) during the run.

    Raises
    ------
    UserError
        If the folder holds no run, is in use by another process, or was started by other
        code; before the first day.

    Examples
    --------
    >>> import tempfile, underwatch as uw
    >>> with tempfile.TemporaryDirectory() as place:
    ...     run = uw.run("unwatched", citizens=2000, days=30, checkpoint=f"{place}/first")
    ...     same = uw.resume(f"{place}/first")  # as if the process had ended before run.save
    ...     same.state_hash == uw.load(f"{place}/first").state_hash == run.state_hash
    True
    """
    launch.join()
    place = as_path(folder)
    minutes = reservation.check_minutes(checkpoint_minutes)
    if finish(place):
        return Run.load(place)
    settings = settings_from(settings_in(place), threads=threads, observe=observe, score=score)
    with reserved(place, settings, minutes, resuming=True) as held:
        made = simulate(settings, held, progress)
        held.complete(made)
    return made


def simulate(
    settings: RunSettings,
    place: Reservation | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> Run:
    """Simulate a run to its last day.

    place: the folder that is reserved for it, where it is resumed from and kept.
    """
    clock = time.perf_counter()
    scenario, extra = settings.scenario, settings.extra
    with launch.watched(place.checkpoints.folder if place else None):
        simulation = start_simulation(settings, progress or _note_compiling)
        simulation.run(checkpoints=place.checkpoints if place else None)
    here = time.perf_counter() - clock
    seconds = place.checkpoints.elapsed() if place else here
    provenance = {
        **made_with(),
        "kind": "run",
        "threads": settings.threads,
        "title": scenario.title,
        "text": scenario.text,
        "scenario": scenario.model_dump(mode="json"),
        "scenario_hash": scenario.hash,
        "sources": dict(scenario.sources),
        "citizens": settings.citizens,
        "days": settings.days,
        "first_day": scenario.first_day.isoformat(),
        "seed": settings.seed,
        "panel": settings.panel,
        "state_hash": simulation.hash(),
        "started": settings.started,
        "seconds": round(seconds, 3),
        "citizen_days_per_second": round(simulation.days_here * settings.citizens / here),
    }
    if scenario.census:
        provenance["census"] = scenario.census
    if "observe" in extra:
        provenance["observed"] = {"measures": [*extra["observe"]], "every": extra["every"]}
    if "score" in extra:
        provenance["score_rule"] = extra["score"].digest
    if "device" in extra:
        provenance["device"] = extra["device"]
    if simulation.traffic:
        provenance["ranks"] = simulation.traffic
    if settings.command:
        provenance["command"] = [*settings.command]
    return Run(scenario, provenance, Simulated(simulation))


def start_simulation(settings: RunSettings, progress: Callable[[Progress], None]) -> Simulation:
    """A simulation on its first morning, with the citizens of the panel chosen."""
    from underwatch.engine.population import build
    from underwatch.engine.simulation import Progress, Simulation
    from underwatch.engine.warmup import day_beside
    from underwatch.kernel.compile import is_compiled
    from underwatch.model.society.people import sample

    def notify(stage: str) -> None:
        progress(Progress(stage if is_compiled() else "compiling", 0, 1))

    if launch.ranks() > 1:
        options = {name: settings.extra[name] for name in settings.extra if name == "score"}
        job = launch.Job(
            settings.scenario, settings.days, settings.panel, settings.threads, options
        )
        return launch.start(job, progress)

    # The day around a rule of the user's is compiled by this process, which alone has the rule;
    # and the day on a device by itself.
    own = settings.extra.keys() & {"score", "device"}
    with nullcontext() if own else day_beside():
        population = build(settings.scenario, notify)
        followed = np.zeros(min(settings.panel, population.citizens), np.int64)
        sample(followed, population.citizens, population.seed)
    followed.sort()
    return Simulation(
        settings.scenario, population, settings.days, followed, settings.chunk, progress,
        take=True, **settings.extra,
    )  # fmt: skip


def _note_compiling(step: Progress) -> None:
    """The only progress that is shown without being asked for: a rule that is being compiled."""
    if step.stage == "compiling the rule":
        print(
            "compiling the scoring rule (10 to 30 s, once for each rule)",
            file=sys.stderr, flush=True,
        )  # fmt: skip
