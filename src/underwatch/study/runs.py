"""One task of a study: one population simulated in one world, or in several that diverge."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from underwatch.engine.population import Population, build
from underwatch.engine.simulation import Progress, Simulation
from underwatch.measurement.summary import SummaryLine
from underwatch.scenario import Scenario
from underwatch.study.own_code import OwnCode


@dataclass(frozen=True)
class Task:
    """One population in one world, or in several that diverge on a day.

    worlds: by name; the first is simulated from the first day, and the others branch off it on
    the evening before day `diverge_day` (0: each is simulated from the first day). own: the
    user's measures and scoring rule, if any.
    """

    key: str  # names it among the tasks of a study
    worlds: dict[str, Scenario]
    seed: int
    days: int
    diverge_day: int = 0
    keep_tallies: bool = False  # return them whole, not only their totals
    own: OwnCode = OwnCode()

    @property
    def lengths(self) -> int:
        """Days to be simulated in all."""
        return self.days * len(self.worlds) - self.diverge_day * (len(self.worlds) - 1)


@dataclass(frozen=True)
class Outcome:
    """The result of one world under one seed."""

    state_hash: str
    lines: tuple[SummaryLine, ...]
    totals: dict[str, int]  # sum of every flow over the days, last day's value of every level
    tallies: Any = field(default=None, repr=False)  # xarray.Dataset, if it was asked for
    observations: Mapping[str, Any] = field(default_factory=dict, repr=False)

    @property
    def summary(self) -> dict[str, float | int | None]:
        """The summary's values by name; None where a measure is not defined."""
        return {line.name: line.value for line in self.lines}

    def value(self, measure: str) -> float | int | None:
        """A measure of the summary, or else a tally's total."""
        return self.summary[measure] if measure in self.summary else self.totals[measure]


def run_task(task: Task, chunk: int, report: Callable[[int], None]) -> dict[str, Outcome]:
    """Simulate the worlds of a task; `report` gets the number of days simulated so far."""
    first, *others = task.worlds
    population = _population(task.worlds[first], task.seed)
    done = 0

    def progress(step: Progress) -> None:
        if step.stage == "days":
            report(done + step.done)

    own = task.own.for_simulation()

    def start(name: str) -> Simulation:
        return Simulation(task.worlds[name], population, task.days, [], chunk, progress, **own)

    trunk = start(first)
    found = {}
    if task.diverge_day:
        trunk.run(task.diverge_day)
    for name in others:
        other = trunk.branch(task.worlds[name]) if task.diverge_day else start(name)
        other.run()
        found[name] = outcome(other, task.keep_tallies)
        done += task.days - task.diverge_day
    trunk.run()
    return {first: outcome(trunk, task.keep_tallies)} | found


def outcome(simulation: Simulation, keep_tallies: bool = False) -> Outcome:
    """The result of a finished simulation."""
    from underwatch.measurement.catalogue import MEASURES
    from underwatch.measurement.summary import summarise
    from underwatch.results.tables import tallies

    counts = tallies(simulation)
    return Outcome(
        simulation.hash(),
        tuple(summarise(counts)),
        {
            name: int(counts[name][-1] if measure.level else counts[name].sum())
            for name, measure in MEASURES.items()
        },
        counts if keep_tallies else None,
        dict(getattr(simulation, "observations", {})),
    )


def _population(scenario: Scenario, seed: int) -> Population:
    """The population of a scenario; the last one is cached, as the next world often shares it."""
    society = scenario.society.model_copy(update={"seed": seed})
    scenario = scenario.model_copy(update={"society": society})
    key = scenario.society.model_dump_json()
    if _cached.get("key") != key:
        _cached.update(key=key, population=build(scenario))
    return _cached["population"]


_cached: dict[str, Any] = {}
