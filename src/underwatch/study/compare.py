"""The same people in two worlds or more: how each world differs from the first.

All worlds share their people and their random draws, so a difference between two worlds has its
causes in their scenarios alone, and its interval is far narrower than with unpaired seeds:

    difference d = mean over seeds of (B - A);  interval d ± t · sd(B - A) / √K

with K seeds. That interval speaks of one measure alone; whether a difference is beyond chance
is judged with all differences of the comparison together (see `multiplicity`). As many unpaired
seeds as K · (var A + var B) / var(B - A) give an equal width.
"""

import time
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, timedelta
from datetime import time as time_of_day
from pathlib import Path
from typing import Any

from underwatch.errors import UserError, shortened
from underwatch.measurement.estimates import TOO_FEW
from underwatch.results.folder import as_path
from underwatch.scenario import Scenario
from underwatch.scenario.limits import check_seeds, check_size
from underwatch.study.asked import begun
from underwatch.study.budget import BUDGET, sized
from underwatch.study.comparison import Comparison
from underwatch.study.differences import Cell, by_world, judged, paired
from underwatch.study.measures import title_words
from underwatch.study.own_code import own_code
from underwatch.study.possible import impossible
from underwatch.study.progress import Report
from underwatch.study.result import study_provenance
from underwatch.study.runs import Outcome, events_over_seeds
from underwatch.study.shared import opened, run_worlds
from underwatch.study.worlds import ScenarioLike, Worlds, read_worlds, titles

__all__ = ["Comparison", "compare"]
Outcomes = dict[int, dict[str, Outcome]]  # by seed and world


def compare(
    *scenarios: ScenarioLike | Mapping[str, ScenarioLike],
    citizens: int | None = None,
    days: int | None = None,
    seed: int | None = None,
    seeds: int | Iterable[int] = 3,
    diverge_on: date | None = None,
    score: Any = None,
    observe: Mapping[str, Callable[..., Any]] | None = None,
    every: int = 30,
    budget: float | None = BUDGET,
    checkpoint: str | Path | None = None,
    scheduler: str | None = None,
    progress: Report | None = None,
) -> Comparison:
    """Simulate worlds with the same people and random draws, and compare each with the first.

    Parameters
    ----------
    scenarios : two or more Scenarios, names of shipped scenarios or paths of files. A mapping
        gives its scenarios names. All must have the same `society` and the same first day.
    citizens, seed : replace those of every scenario.
    days : how many days to simulate; by default as many as the shortest scenario lasts.
    seeds : how many seeds, from `seed` on, or the seeds themselves. Intervals need three.
    diverge_on : the date on which the other worlds branch off the first, whatever they declare
        before it. Without it each world is simulated as declared; what worlds share up to the
        first day on which their parameters differ is simulated once.
    score : a scoring rule of your own, in place of the points of every scenario.
    observe, every : measures of your own by name, computed every so many days.
    budget : minutes that the study may take. Without `citizens`, the population is the largest
        that fits, at most that of the scenarios; None for no limit.
    checkpoint : a folder that keeps finished runs, so that an interrupted study can be resumed;
        the caller removes it.
    scheduler : the address of a Dask scheduler whose workers simulate the worlds, such as
        "tcp://10.0.0.1:8786"; by default the cores of this machine. It changes no bit.
    progress : is called with a `StudyProgress` several times a second.

    Returns
    -------
    Comparison
        `.differences[world][measure]` has first, here, difference, low, high and unit, and says
        whether the difference is beyond chance.

    Raises
    ------
    UserError
        if worlds differ in people or first day, or a size is out of range.

    Examples
    --------
    >>> import underwatch as uw
    >>> found = uw.compare("unwatched", "atlantic-2018", citizens=2000, days=60, seeds=1)
    >>> found.differences["atlantic-2018"]["chilled_acts"].difference > 0
    True
    """
    clock = time.perf_counter()
    worlds = read_worlds(scenarios, citizens, seed)
    if len(worlds.scenarios) < 2:
        alone = "".join(worlds.scenarios) or "Nothing"
        raise UserError(f"{alone} alone cannot be compared; name two worlds or more.")
    _, first = worlds.baseline
    shortest = _shared_days(worlds.scenarios)
    days = shortest if days is None else check_size("days", days)
    numbers = check_seeds(seeds, first.society.seed)
    diverge_day = _diverge_day(first, diverge_on, days)
    own = own_code(observe, every, score)
    folder = None if checkpoint is None else as_path(checkpoint)
    runs = len(numbers) * len(worlds.scenarios)
    worlds, about = sized(
        worlds, citizens, runs, days, budget, folder, progress, keeps_tallies=True,
        scheduler=scheduler,
    )  # fmt: skip
    by_seed = dict.fromkeys(numbers, worlds.scenarios)
    with begun(opened(folder, by_seed, days, own, diverge_day)) as ledger:
        outcomes = run_worlds(
            by_seed, days, own=own, diverge_day=diverge_day, keep_tallies=True, ledger=ledger,
            progress=progress, scheduler=scheduler,
        )  # fmt: skip
    return _comparison(worlds, outcomes, days, diverge_day, clock, about)


def _shared_days(scenarios: dict[str, Scenario]) -> int:
    """The days that all scenarios last; they must begin together, with the same people."""
    (name, first), *others = scenarios.items()
    for other, scenario in others:
        if scenario.first_day != first.first_day:
            raise UserError(
                f"{other} begins on {scenario.first_day} and {name} on {first.first_day}; worlds "
                "that are compared begin on the same day: --set first_day=…"
            )
        if scenario.society != first.society:
            raise UserError(
                f"{other} has other people than {name}; worlds that are compared have the same "
                "`society`."
            )
    return min(scenario.days for scenario in scenarios.values())


def _diverge_day(first: Scenario, diverge_on: date | None, days: int) -> int:
    """The number of the day on which worlds diverge; 0 if they do so from the first day."""
    if diverge_on is None:
        return 0
    diverge_on = _as_date(diverge_on)
    day = (diverge_on - first.first_day).days
    if not 0 < day < days:
        last = first.first_day + timedelta(days - 1)
        raise UserError(
            f"Worlds cannot diverge on {diverge_on}, which is no day within the run; choose one "
            f"after {first.first_day} and not after {last}."
        )
    return day


def _as_date(given: object) -> date:
    """A date, also from a text such as "2018-01-31" or from a date of NumPy or pandas."""
    try:
        if isinstance(given, datetime):
            found = given.date() if given == datetime.combine(given, time_of_day.min) else None
        else:
            found = given if isinstance(given, date) else date.fromisoformat(str(given))
    except (TypeError, ValueError):
        found = None
    if found is None:
        raise UserError(
            f"diverge_on is {shortened(repr(given))}, but it is a date such as 2018-01-31."
        )
    return found


def _comparison(
    worlds: Worlds, outcomes: Outcomes, days: int, diverge_day: int, clock: float,
    about: dict[str, Any],
) -> Comparison:  # fmt: skip
    names, seeds = list(worlds.scenarios), list(outcomes)
    title = f"{title_words(titles(worlds.scenarios))} compared"
    lines = next(iter(outcomes.values()))[names[0]].lines
    values = {
        name: {line.name: [outcomes[k][name].summary[line.name] for k in seeds] for line in lines}
        for name in names
    }
    never = {name: impossible(scenario, days) for name, scenario in worlds.scenarios.items()}
    if diverge_day:  # until then every world is the first
        never = {name: some & never[names[0]] for name, some in never.items()}
    cells = {
        name: {
            line.name: _cell(
                [outcomes[k][name] for k in seeds],
                line.name,
                name if line.name in never[name] else "",
            )
            for line in lines
        }
        for name in names
    }
    hashes = {name: [outcomes[k][name].state_hash for k in seeds] for name in names}
    same = {name: hashes[name] == hashes[names[0]] for name in names}
    every = judged(
        [
            paired(
                world,
                line,
                values[names[0]][line.name],
                values[world][line.name],
                (cells[names[0]][line.name], cells[world][line.name]),
                same[world],
            )  # fmt: skip
            for world in names[1:]
            for line in lines
        ]
    )
    differences = {
        world: {one.measure: one for one in every if one.world == world} for world in names[1:]
    }
    return Comparison(
        provenance=study_provenance("compare", title, worlds, days, seeds, clock) | about,
        scenarios=worlds.scenarios,
        seeds=tuple(seeds),
        days=days,
        diverge_day=diverge_day,
        differences=by_world(differences, names[0]),
        values=values,
        cells=cells,
        state_hashes={k: {n: outcomes[k][n].state_hash for n in names} for k in seeds},
        read_data=lambda: _data(names, outcomes),
    )


def _cell(outcomes: list[Outcome], measure: str, never: str) -> Cell:
    """What a measure in one world rests on, over all seeds.

    never: the name of the world, if the events of the measure cannot occur in it.
    """
    lines = [line for outcome in outcomes for line in outcome.lines if line.name == measure]
    notes = sorted((line.note for line in lines if line.value is None), key=_few_first)
    return Cell(events_over_seeds(outcomes, measure), notes[0] if notes else "", never)


def _few_first(note: str) -> bool:
    return not note.startswith(TOO_FEW)


def _data(names: list[str], outcomes: Outcomes) -> tuple[Any, dict[str, Any]]:
    """(all tallies, the user's own measures), with the dimensions `world` and `seed`."""
    import numpy as np
    import xarray as xr

    def joined(make: Callable[[Outcome], Any]) -> Any:
        seeds = xr.Variable("seed", list(outcomes))
        each = [
            xr.concat([make(by_world[name]) for by_world in outcomes.values()], seeds, join="exact")
            for name in names
        ]
        return xr.concat(each, xr.Variable("world", names), join="exact")

    def observed(name: str) -> Callable[[Outcome], Any]:
        def make(outcome: Outcome) -> Any:
            days, values = outcome.observations[name]
            dims = ("day", *(f"axis_{k}" for k in range(1, np.ndim(values))))
            return xr.DataArray(values, {"day": np.asarray(days)}, dims, name)

        return make

    some = next(iter(outcomes.values()))[names[0]]
    tallies = joined(lambda outcome: outcome.tallies)
    tallies.attrs = {"title": title_words(names)}
    return tallies, {name: joined(observed(name)) for name in some.observations}
