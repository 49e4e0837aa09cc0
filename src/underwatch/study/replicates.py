"""`run`: one scenario, simulated once or with several seeds."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, overload

from underwatch.engine.checkpoint import MINUTES
from underwatch.engine.ranks import launch
from underwatch.errors import UserError
from underwatch.results import run as single
from underwatch.results.folder import as_path
from underwatch.results.reservation import check_minutes
from underwatch.results.run import Observe
from underwatch.results.run_result import Run
from underwatch.scenario import Scenario
from underwatch.scenario.limits import check_run_size, check_seeds
from underwatch.study.asked import Size, about_to_run, answer
from underwatch.study.own_code import own_code
from underwatch.study.replicates_kept import check_kept
from underwatch.study.replicates_on_workers import Settings, on_workers, pays
from underwatch.study.replicates_result import Runs as Runs
from underwatch.study.replicates_result import folder_of
from underwatch.study.speed import note_run
from underwatch.study.worlds import in_society

if TYPE_CHECKING:
    from underwatch.engine.simulation import Progress


@overload
def run(
    scenario: Scenario | str | Path = ...,
    citizens: int | None = ...,
    days: int | None = ...,
    seed: int | None = ...,
    *,
    seeds: None = ...,
    threads: int | None = ...,
    panel: int = ...,
    observe: Observe | None = ...,
    every: int = ...,
    score: Any = ...,
    device: str = ...,
    checkpoint: str | Path | None = ...,
    checkpoint_minutes: float = ...,
    scheduler: str | None = ...,
    progress: Callable[[Progress], None] | None = ...,
) -> Run: ...
@overload
def run(
    scenario: Scenario | str | Path = ...,
    citizens: int | None = ...,
    days: int | None = ...,
    seed: int | None = ...,
    *,
    seeds: int | Iterable[int],
    threads: int | None = ...,
    panel: int = ...,
    observe: Observe | None = ...,
    every: int = ...,
    score: Any = ...,
    device: str = ...,
    checkpoint: str | Path | None = ...,
    checkpoint_minutes: float = ...,
    scheduler: str | None = ...,
    progress: Callable[[Progress], None] | None = ...,
) -> Runs: ...
def run(
    scenario: Scenario | str | Path = "atlantic-2018",
    citizens: int | None = None,
    days: int | None = None,
    seed: int | None = None,
    *,
    seeds: int | Iterable[int] | None = None,
    threads: int | None = None,
    panel: int = 0,
    observe: Observe | None = None,
    every: int = 30,
    score: Any = None,
    device: str = "cpu",
    checkpoint: str | Path | None = None,
    checkpoint_minutes: float = MINUTES,
    scheduler: str | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> Run | Runs:
    """Simulate a scenario once, or once for each of several seeds.

    Parameters
    ----------
    scenario
        A Scenario, the name of a shipped one, or the path of a .yaml file.
    citizens, days, seed
        Replace the scenario's own population size, length and seed.
    seeds
        Several seeds: a number of seeds, counted from `seed`, or the seeds themselves.
    threads
        Threads of this machine; by default all, one for each 32,768 citizens at most. Changes no
        bit of the result.
    panel
        How many citizens to follow record by record. Changes no other bit.
    observe
        Own measures: a mapping from name to a function that gets read-only columns of all
        citizens and returns a number or an array of fixed shape. Changes no bit.
    every
        Days between two calls of the functions in `observe`.
    score
        Own scoring rule: a function of a dossier and of contacts' scores, compiled by Numba.
    device
        "cpu", or "cuda" for a graphics card: needs `underwatch[gpu]`. Changes no bit. Several
        seeds are simulated there one after the other.
    checkpoint
        A new folder where the run is kept until it is saved: every few minutes, when Ctrl-C or
        SIGTERM ends it, and on its last day. The same call, or `resume`, goes on from there;
        `run.save` with the same folder completes it. With `seeds`, each has a folder in it,
        which the caller removes.
    checkpoint_minutes
        Minutes from one checkpoint to the next; 0 = only when the run is interrupted.
    scheduler
        With `seeds`, the address of a Dask scheduler whose workers simulate them; by default the
        cores of this machine, one run each where a run is too small for all. Changes no bit.
    progress
        A function that is called with `Progress` (stage, done, total) during the run.

    Returns
    -------
    A `Run`, or `Runs` if `seeds` is given.

    Raises
    ------
    UserError
        If the scenario, a size or a function cannot be used; before the first day.

    Examples
    --------
    >>> import underwatch as uw
    >>> run = uw.run("unwatched", citizens=2000, days=60)
    >>> run.summary["imposed"].value
    0
    >>> uw.run("unwatched", citizens=2000, days=60, seeds=[1, 2]).seeds
    (1, 2)
    """
    launch.join()
    if seeds is not None:
        launch.refuse("seeds")
    if not isinstance(scenario, Scenario):
        scenario = Scenario.load(scenario)
    if score is not None:
        from underwatch.model.scoring.rule import ScoreRule

        score = ScoreRule.compile(score)  # once for all seeds

    def simulate(number: int | None, kept: Path | None) -> Run:
        found = single.run(
            scenario, citizens, days, number, threads=threads, panel=panel, observe=observe,
            every=every, score=score, device=device, checkpoint=kept,
            checkpoint_minutes=checkpoint_minutes, progress=progress,
        )  # fmt: skip
        note_run(found.provenance)
        return found

    folder = as_path(checkpoint) if checkpoint is not None else None
    if folder is not None and seeds is not None:
        check_kept(folder)
    given = check_run_size(citizens=citizens, days=days, seed=seed)
    first = given.get("seed", scenario.society.seed)
    numbers = (first,) if seeds is None else check_seeds(seeds, first)
    sized = in_society(scenario, citizens=given.get("citizens", scenario.society.citizens))
    length = given.get("days", scenario.days)
    minutes = check_minutes(checkpoint_minutes)
    if seeds is None and scheduler is not None:
        raise UserError("scheduler: a single run is simulated here; give seeds for several runs.")
    if device != "cpu" and scheduler is not None:
        raise UserError("device: the workers of a scheduler simulate on their processors; leave "
                        "out one of the two.")  # fmt: skip
    one_by_one = scheduler is None and (device != "cpu" or not pays(sized, length, len(numbers)))
    size = Size(sized, len(numbers), length, single=one_by_one, folders=True, threads=threads)
    about_to_run(size, scheduler)
    answer()
    if seeds is None:
        return simulate(seed, folder)
    if one_by_one:
        return Runs([simulate(n, folder / folder_of(n) if folder else None).release()
                     for n in numbers])  # fmt: skip
    own = own_code(observe, every, score)
    kept = None if scheduler else folder
    settings = Settings(sized, length, panel, own, kept, minutes, threads)
    return Runs(on_workers(settings, numbers, progress, scheduler))
