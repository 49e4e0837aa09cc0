"""A small population for each state that adopts anything: what its organs do to its people.

An organ is off until the first day of the year in which the state adopts it. From then on it is
what it is on the last day of the scenario from which it is taken.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import NamedTuple

import numpy as np
from numba import get_num_threads

from underwatch.engine.simulation import Progress
from underwatch.errors import Problem, UserError
from underwatch.results.ledger import Ledger
from underwatch.results.run import run
from underwatch.scenario import Scenario
from underwatch.scenario.dated import Dated
from underwatch.study.diffusion.declaration import Study
from underwatch.study.diffusion.nations import value_at, with_values
from underwatch.study.diffusion.states import PEOPLE, draw_for_states
from underwatch.study.scheduling import Job, run_jobs
from underwatch.study.worker import Failure


class Ratio(NamedTuple):
    """The sum of a tally over days, divided by the sum of another, times a factor."""

    part: str
    whole: str
    times: float
    unit: str
    label: str


# The measures of a state's population.
RATIOS = {
    "chilled_share": Ratio("chilled_acts", "would_acts", 100, "% of acts",
                           "Lawful acts of expression withheld because of perceived risk"),
    "restricted_share": Ratio("restricted", "adults", 100, "% of adults",
                              "Adults under a restriction, mean over days"),
    "wrongful_share": Ratio("wrongful", "imposed", 100, "% of restrictions",
                            "Wrongful restrictions (no act of the person's own)"),
    "support": Ratio("support_sum", "adults", 100 / 255, "of 100",
                     "Support for the system, mean over days"),
    "reach": Ratio("tiers_with_file", "adults", 1, "of 3",
                   "Files and copies held about an adult, mean over days"),
    "records": Ratio("records", "adults", 1, "records an adult",
                     "Records that a local file holds about an adult, mean over days"),
}  # fmt: skip


def state_scenario(
    study: Study, worlds: tuple[Scenario, Scenario], adopted: Mapping[str, int], seed: int
) -> Scenario:
    """The scenario of one state, from its first adoption to the last year of the study.

    worlds: before and after, as `Nations.worlds` gives them. adopted: the year of each group
    that the state adopts. seed: of its people.
    """
    before, _ = worlds
    first_day = date(min(adopted.values()), 1, 1)
    changed = {}
    for name, year in adopted.items():
        for key in study.offers[name].switches:
            off, on = (value_at(world, key).on(first_day) for world in worlds)
            changed[key] = Dated({first_day: off} | {date(year, 1, 1): on})
    people = {"citizens": study.nations.citizens, "seed": seed}
    society = before.society.model_copy(update=people)
    dates = {"first_day": first_day, "last_day": date(study.years.last, 12, 31)}
    dated = before.model_copy(update=dates | {"society": society})
    return with_values(dated, changed)


def run_populations(
    study: Study,
    worlds: tuple[Scenario, Scenario],
    adopted: np.ndarray,
    kept: Ledger,
    progress: Callable[[Progress], None] | None = None,
    scheduler: str | None = None,
) -> np.ndarray:
    """Simulate the population of every adopter: int64 (states, years, ratios, part and whole).

    adopted: years of adoption of one replicate, int64 (states, groups). kept: the populations
    that are finished already; the others are added. scheduler: the address of a Dask scheduler.

    Raises UserError if one could not be simulated, when the others are finished.
    """
    years = range(study.years.first, study.years.last + 1)
    seeds = draw_for_states(study.seed, PEOPLE, len(adopted))
    counts = np.zeros((len(adopted), len(years), len(RATIOS), 2), np.int64)
    adopters = np.flatnonzero((adopted <= study.years.last).any(1))
    report = progress or (lambda _: None)
    jobs: dict[str, Job] = {}
    for s in adopters:
        key = state_key(s)
        entry = kept.get(key)
        if entry is not None and not entry.failed:
            counts[s] = entry.content
            continue
        own = {k: int(y) for k, y in zip(study.offers, adopted[s], strict=True)
               if y <= study.years.last}  # fmt: skip
        scenario = state_scenario(study, worlds, own, int(seeds[s]))
        size = scenario.society.citizens
        jobs[key] = Job(key, yearly_sums, (scenario, years), scenario.days, size)
    states = {state_key(s): s for s in adopters}
    done = len(adopters) - len(jobs)
    failures: list[Problem] = []

    def deliver(job: Job, sums: np.ndarray | Failure) -> None:
        nonlocal done
        done += 1
        if isinstance(sums, Failure):
            kept.put_all({}, {job.key: sums.message})
            failures.append(Problem(None, f"{job.key}: {sums.message}"))
        else:
            counts[states[job.key]] = sums
            kept.put(job.key, sums)
        report(Progress("states", done, len(adopters)))

    report(Progress("states", done, len(adopters)))
    run_jobs([*jobs.values()], deliver, scheduler=scheduler)
    if failures:
        raise UserError(failures)
    return counts


def state_key(state: int) -> str:
    """The name of a state's population among the partial results."""
    return f"state-{state:04}"


def yearly_sums(scenario: Scenario, years: range, report: Callable[[int], None]) -> np.ndarray:
    """The sums of one population by calendar year: int64 (years, ratios, part and whole)."""
    tallies = run(scenario, threads=get_num_threads()).tallies
    year_of_day = tallies["day"].values.astype("datetime64[Y]").astype(int) + 1970 - years[0]
    counts = np.zeros((len(years), len(RATIOS), 2), np.int64)
    for k, ratio in enumerate(RATIOS.values()):
        for side, name in enumerate((ratio.part, ratio.whole)):
            np.add.at(counts[:, k, side], year_of_day, tallies[name].values)
    return counts


def ratios(counts: np.ndarray) -> Iterator[tuple[str, np.ndarray]]:
    """Each ratio of such counts by name; NaN where there is nothing to divide by."""
    for k, (name, ratio) in enumerate(RATIOS.items()):
        part, whole = counts[..., k, 0], counts[..., k, 1]
        yield name, np.where(whole > 0, ratio.times * part / np.maximum(whole, 1), np.nan)
