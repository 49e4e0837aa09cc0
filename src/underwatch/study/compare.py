"""The same people in two worlds, or more: what a system did, measure by measure.

Worlds share people and luck, so a difference between two of them has causes in
their scenarios alone, and is known far more closely than from strangers:

    difference d = mean over seeds of (B − A);  interval d ± t · sd(B − A) / √K

How many seeds as many strangers would have taken for an interval as narrow is
K · (var A + var B) / var(B − A).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from underwatch.errors import UserError
from underwatch.scenario import Scenario
from underwatch.study.pool import Far, run_all
from underwatch.study.runs import Outcome, Task

if TYPE_CHECKING:
    import xarray as xr

LEVEL = 0.95


@dataclass(frozen=True)
class Difference:
    """One measure in one world beside the first; `low` and `high` need two seeds or more."""

    world: str
    measure: str
    label: str
    kind: str
    unit: str
    first: float | None  # mean over seeds in the first world
    here: float | None
    difference: float | None
    low: float | None
    high: float | None
    unpaired_seeds: float | None  # for the same width; None where the paired spread is nought


@dataclass(frozen=True)
class Comparison:
    """Worlds side by side."""

    scenarios: dict[str, Scenario]
    seeds: tuple[int, ...]
    days: int
    parts: int
    outcomes: dict[int, dict[str, Outcome]]  # by seed and world
    differences: tuple[Difference, ...]

    def dataset(self) -> "xr.Dataset":
        """All tallies, with the dimensions `world` and `seed`."""
        import xarray as xr

        worlds = []
        for name in self.scenarios:
            lived = [self.outcomes[seed][name].tallies for seed in self.seeds]
            worlds.append(xr.concat(lived, xr.Variable("seed", list(self.seeds)), join="exact"))
        every = xr.concat(worlds, xr.Variable("world", list(self.scenarios)), join="exact")
        every.attrs = {"title": " and ".join(self.scenarios)}
        return every

    def table(self) -> "Any":
        """The differences as an Arrow table."""
        import pyarrow as pa

        return pa.Table.from_pylist([vars(d) for d in self.differences])


def compare(
    scenarios: dict[str, Scenario],
    days: int | None = None,
    seeds: int = 3,
    diverge_on: date | None = None,
    partial: Path | None = None,
    progress: Callable[[Far], None] = lambda _: None,
    keep_tallies: bool = True,
) -> Comparison:
    """Live worlds with the same people and luck, under as many seeds as asked for.

    diverge_on: the date on which the others branch off the first. halfway: a
    folder that keeps finished worlds of an interrupted study.
    """
    first = next(iter(scenarios.values()))
    lasting = _alike(scenarios)
    days = lasting if days is None else days
    if seeds < 1 or days < 1:
        raise UserError(f"{seeds} seeds of {days} days cannot be lived; write 1 or more of each.")
    parts = 0 if diverge_on is None else (diverge_on - first.first_day).days
    if diverge_on is not None and not 0 < parts < days:
        last = first.first_day.fromordinal(first.first_day.toordinal() + days - 1)
        raise UserError(
            f"--from {diverge_on} is no day within the run; write one after {first.first_day} and "
            f"not after {last}."
        )
    numbers = tuple(first.society.seed + k for k in range(seeds))
    tasks = []
    for seed in numbers:
        worlds = [scenarios] if parts else [{name: s} for name, s in scenarios.items()]
        for k, some in enumerate(worlds):
            tasks.append(Task(f"{seed}-{k}", some, seed, days, parts, keep_tallies))
    found = run_all(tasks, partial, progress=progress)
    outcomes = {
        seed: {n: o for t in tasks if t.seed == seed for n, o in found[t.key].items()}
        for seed in numbers
    }
    told = differences(outcomes, list(scenarios))
    return Comparison(scenarios, numbers, days, parts, outcomes, tuple(told))


def _alike(scenarios: dict[str, Scenario]) -> int:
    """The days that all of them last; they must begin together, with the same people."""
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


def differences(outcomes: dict[int, dict[str, Outcome]], worlds: list[str]) -> list[Difference]:
    """Every summary line of every world beside the first."""
    some = next(iter(outcomes.values()))[worlds[0]]
    found = []
    for world in worlds[1:]:
        for line in some.lines:
            pairs = [
                (by_world[worlds[0]].summary[line.name], by_world[world].summary[line.name])
                for by_world in outcomes.values()
            ]
            same = all(b[worlds[0]].state_hash == b[world].state_hash for b in outcomes.values())
            found.append(_difference(world, line, pairs, same))
    return found


def _difference(world, line, pairs, same) -> Difference:
    known = [(a, b) for a, b in pairs if a is not None and b is not None]
    if not known:
        nothing = (None,) * 6
        return Difference(world, line.name, line.label, line.kind, line.unit, *nothing)
    a, b = np.array(known, float).T
    d, k = b - a, len(known)
    mean = float(d.mean())
    low = high = unpaired = None
    if same:  # not one bit apart: there is nothing to be unsure of
        low = high = 0.0
    elif k > 1:
        from scipy import stats

        reach = float(stats.t.ppf((1 + LEVEL) / 2, k - 1) * d.std(ddof=1) / np.sqrt(k))
        low, high = mean - reach, mean + reach
        spread = d.var(ddof=1)
        unpaired = float(k * (a.var(ddof=1) + b.var(ddof=1)) / spread) if spread > 0 else None
    told = (float(a.mean()), float(b.mean()), mean, low, high, unpaired)
    return Difference(world, line.name, line.label, line.kind, line.unit, *told)
