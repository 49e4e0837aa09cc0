"""Worlds to be lived side by side by the same people with the same luck."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from underwatch.engine.population import Population, build
from underwatch.engine.simulation import Progress, Simulation
from underwatch.measurement.summary import SummaryLine
from underwatch.scenario import Scenario


@dataclass(frozen=True)
class Task:
    """One nation's lives in one world, or in several that part on a day.

    worlds: by name; the first is lived from the beginning, and the others branch
    off it in the evening before day `parts` (0 = each is lived from the beginning).
    """

    key: str  # names it among the tasks of a study
    worlds: dict[str, Scenario]
    seed: int
    days: int
    parts: int = 0
    keep_tallies: bool = False  # return them whole, not only what they come to

    @property
    def lengths(self) -> int:
        """Days to be lived in all."""
        return self.days * len(self.worlds) - self.parts * (len(self.worlds) - 1)


@dataclass(frozen=True)
class Outcome:
    """What one world came to."""

    state_hash: str
    lines: tuple[SummaryLine, ...]
    totals: dict[str, int]  # of every flow, and the last day's of every level
    tallies: Any = field(default=None, repr=False)  # xarray.Dataset, if it was asked for

    @property
    def summary(self) -> dict[str, float | int | None]:
        """The summary's values by name."""
        return {line.name: line.value for line in self.lines}


def live(task: Task, chunk: int, told: Callable[[int], None]) -> dict[str, Outcome]:
    """Live a task; `told` hears how many days are lived so far."""
    first, *others = task.worlds
    population = _population(task.worlds[first], task.seed)
    done = 0

    def progress(step: Progress) -> None:
        if step.stage == "days":
            told(done + step.done)

    trunk = Simulation(task.worlds[first], population, task.days, [], chunk, progress)
    found = {}
    if task.parts:
        trunk.run(task.parts)
    for name in others:
        other = (
            trunk.branch(task.worlds[name])
            if task.parts
            else Simulation(task.worlds[name], population, task.days, [], chunk, progress)
        )
        other.run()
        found[name] = outcome(other, task.keep_tallies)
        done += task.days - task.parts
    trunk.run()
    return {first: outcome(trunk, task.keep_tallies)} | found


def outcome(simulation: Simulation, keep_tallies: bool = False) -> Outcome:
    """What a journey came to."""
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
    )


def _population(scenario: Scenario, seed: int) -> Population:
    """The nation of a scenario; the last one is kept, for the next world is often lived in it."""
    society = scenario.society.model_copy(update={"seed": seed})
    scenario = scenario.model_copy(update={"society": society})
    key = scenario.society.model_dump_json()
    if _kept.get("key") != key:
        _kept.update(key=key, population=build(scenario))
    return _kept["population"]


_kept: dict[str, Any] = {}
