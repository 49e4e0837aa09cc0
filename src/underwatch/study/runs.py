"""One task of a study: one population simulated in one world, or in several that diverge."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from time import perf_counter
from typing import Any

from underwatch.engine.population import Population, build
from underwatch.engine.simulation import Progress, Simulation
from underwatch.errors import UserError
from underwatch.measurement.summary import SummaryLine
from underwatch.scenario import Scenario
from underwatch.study.own_code import OwnCode
from underwatch.study.own_outputs import computed
from underwatch.study.worker import Failure, failure_of
from underwatch.study.worlds import in_society


@dataclass(frozen=True)
class Task:
    """One population in one world, or in several that share their first days.

    worlds: by name. branches: world -> (another world of the task, day): the world branches off
    the other on the evening before that day; a world without a branch is simulated from the
    first day. own: the user's measures and scoring rule, if any.
    """

    key: str  # names it among the tasks of a study
    worlds: dict[str, Scenario]
    seed: int
    days: int
    branches: Mapping[str, tuple[str, int]] = field(default_factory=dict)
    keep_tallies: bool = False  # return them whole, not only their totals
    own: OwnCode = OwnCode()

    @property
    def lengths(self) -> int:
        """Days to be simulated in all."""
        return self.days * len(self.worlds) - sum(day for _, day in self.branches.values())

    @property
    def depth(self) -> int:
        """How many worlds are in memory at once."""

        def above(name: str) -> int:
            return 1 + above(self.branches[name][0]) if name in self.branches else 1

        return max(map(above, self.worlds))


@dataclass(frozen=True)
class Outcome:
    """The result of one world under one seed."""

    state_hash: str
    lines: tuple[SummaryLine, ...]
    totals: dict[str, int]  # sum of every flow over the days, last day's value of every level
    tallies: Any = field(default=None, repr=False)  # xarray.Dataset, if it was asked for
    observations: Mapping[str, Any] = field(default_factory=dict, repr=False)
    outputs: Mapping[str, Any] = field(default_factory=dict, repr=False)  # of the user's functions
    seconds: tuple[float, float] = (0.0, 0.0)  # of one core: for the days, and besides

    @property
    def summary(self) -> dict[str, float | int | None]:
        """The summary's values by name; None where a measure is not defined."""
        return {line.name: line.value for line in self.lines}

    def value(self, measure: str) -> float | int | None:
        """A measure of the summary, or else a tally's total."""
        return self.summary[measure] if measure in self.summary else self.totals[measure]

    def events(self, measure: str) -> int | None:
        """How many events a measure rests on; None if it does not rest on events."""
        for line in self.lines:
            if line.name == measure:
                return line.events
        if measure == "restricted":  # the days of one restriction are not independent
            return self.totals["imposed"]
        from underwatch.measurement.catalogue import MEASURES

        return None if MEASURES[measure].level else self.totals[measure]

    def record(self) -> dict[str, Any]:
        """All of it in plain types, as the ledger of a study keeps it."""
        own = {name: getattr(self, name) for name in ("state_hash", "totals", "tallies", "seconds")}
        lines = [[*line] for line in self.lines]
        return own | {
            "lines": lines,
            "observations": dict(self.observations),
            "outputs": dict(self.outputs),
        }

    @classmethod
    def of_record(cls, record: Mapping[str, Any]) -> "Outcome":
        """The inverse of `record`."""
        lines = tuple(SummaryLine(*line) for line in record["lines"])
        return cls(**{**record, "lines": lines})


def events_over_seeds(outcomes: Iterable[Outcome], measure: str) -> int | None:
    """The events that a measure in one world rests on, over all seeds; None if on none."""
    known = [count for one in outcomes if (count := one.events(measure)) is not None]
    return sum(known) if known else None


def run_in_worker(task: Task, report: Callable[[int], None]) -> dict[str, Outcome | Failure]:
    """A task as one job of a worker, with as many threads as the worker has been given."""
    from numba import get_num_threads

    from underwatch.engine.resources import chunk_for

    citizens = next(iter(task.worlds.values())).society.citizens
    return run_task(task, chunk_for(citizens, get_num_threads()), report)


def run_task(task: Task, chunk: int, report: Callable[[int], None]) -> dict[str, Outcome | Failure]:
    """Simulate the worlds of a task; `report` gets the number of days simulated so far.

    A world in which a function of the user's fails has a Failure; the others go on.
    """
    from numba import get_num_threads

    population = _population(next(iter(task.worlds.values())), task.seed)
    own = task.own.for_simulation()
    found: dict[str, Outcome | Failure] = {}
    done = 0
    clock, of_days = perf_counter(), 0.0

    def counted(begun: int) -> Callable[[Progress], None]:
        last = begun

        def progress(step: Progress) -> None:
            nonlocal done, last
            if step.stage == "days":
                done, last = done + step.done - last, step.done
                report(done)

        return progress

    def run(simulation: Simulation, until: int) -> None:
        nonlocal of_days
        begun = perf_counter()
        simulation.run(until)
        of_days += perf_counter() - begun

    def finish(name: str, simulation: Simulation) -> None:
        mine = [(day, world) for world, (of, day) in task.branches.items() if of == name]
        for day, world in sorted(mine):
            run(simulation, day)
            branch = simulation.branch(task.worlds[world])
            branch.progress = counted(day)
            finish(world, branch)
        run(simulation, task.days)
        try:
            found[name] = outcome(simulation, task.keep_tallies, task.own.outputs)
        except UserError as error:
            found[name] = failure_of(error)

    for name, scenario in task.worlds.items():
        if name not in task.branches:
            own_progress = counted(0)
            begun = Simulation(scenario, population, task.days, [], chunk, own_progress, **own)
            finish(name, begun)
    besides = perf_counter() - clock - of_days
    spent = of_days * get_num_threads() / len(found), besides / len(found)
    return {
        name: replace(one, seconds=spent) if isinstance(one := found[name], Outcome) else one
        for name in task.worlds
    }


def outcome(
    simulation: Simulation, keep_tallies: bool = False,
    outputs: Mapping[str, Callable[..., Any]] | None = None,
) -> Outcome:  # fmt: skip
    """The result of a finished simulation.

    Raises UserError if one of the user's `outputs` fails.
    """
    from underwatch.measurement.catalogue import MEASURES
    from underwatch.measurement.summary import summarise
    from underwatch.results.tables import tallies

    counts = tallies(simulation)
    plain = {name: counts.variables[name].values for name in MEASURES}
    return Outcome(
        simulation.hash(),
        tuple(summarise(counts)),
        {
            name: int(plain[name][-1] if measure.level else plain[name].sum())
            for name, measure in MEASURES.items()
        },
        counts.to_xarray() if keep_tallies else None,
        dict(getattr(simulation, "observations", {})),
        computed(outputs or {}, simulation),
    )


def _population(scenario: Scenario, seed: int) -> Population:
    """The population of a scenario; the last one is cached, as the next world often shares it."""
    scenario = in_society(scenario, seed=seed)
    key = scenario.society.model_dump_json()
    if _cached.get("key") != key:
        _cached.update(key=key, population=build(scenario))
    return _cached["population"]


_cached: dict[str, Any] = {}
