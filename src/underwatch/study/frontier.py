"""Which sets of safeguards avoid most harm for what they give up of a stated benefit.

A set is listed if no evaluated set has less harm and no less benefit (see `dominance` for the
tolerance). Only safeguards are searched: the search never adds control.

Few sets are all evaluated. Of many, the search begins with none, all and each alone, and goes
on from every listed set to those with one safeguard more or less. It ends when no such
neighbour is left, or when as many sets as allowed are evaluated.
"""

import hashlib
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from underwatch.scenario.limits import Range, check_seeds, check_size
from underwatch.study.components import Components, Names, safeguard_components
from underwatch.study.dominance import listed
from underwatch.study.frontier_findings import Point
from underwatch.study.frontier_result import Frontier
from underwatch.study.goals import GOALS, HARMS, check_goals
from underwatch.study.measures import describe_measure
from underwatch.study.own_code import OwnCode, own_code
from underwatch.study.pool import Report, StudyProgress, run_all
from underwatch.study.result import study_provenance
from underwatch.study.runs import Outcome, Task
from underwatch.study.shapley import Coalition, subsets
from underwatch.study.statistics import UNDEFINED, Estimate, cut, estimate
from underwatch.study.worlds import ScenarioLike, Worlds, read_worlds

__all__ = ["GOALS", "HARMS", "Frontier", "frontier"]
Found = dict[Coalition, list[Outcome]]  # the outcomes of each evaluated set, one for each seed


def frontier(
    scenario: ScenarioLike | Mapping[str, ScenarioLike],
    *,
    harm: str = "chilled_acts",
    benefit: str = "offences_deterred",
    safeguards: Names | None = None,
    citizens: int | None = None,
    days: int | None = None,
    seed: int | None = None,
    seeds: int | Iterable[int] = 1,
    max_sets: int = 200,
    score: Any = None,
    partial: Path | None = None,
    progress: Report | None = None,
) -> Frontier:
    """Search the sets of safeguards for those that leave least harm for the benefit they keep.

    Parameters
    ----------
    scenario : a Scenario, the name of a shipped one or a path.
    harm : the measure to reduce, one of `HARMS`.
    benefit : the stated goal to keep, one of `GOALS`.
    safeguards : the keys of those to try, by default all. One that is present has the level
        that it has in the scenario `safeguarded`.
    citizens, days, seed : replace those of the scenario.
    seeds : how many seeds, from `seed` on, or the seeds themselves. Intervals need three.
    max_sets : how many sets to evaluate at most, at least all, none and each safeguard alone.
    score : a scoring rule of your own, in place of the points of the scenario.
    partial, progress : as in `compare`.

    Returns
    -------
    Frontier
        `.points` are the listed sets, the one with least harm first. Sets in which harm or
        benefit is undefined are in `.undefined` and dominate nothing.

    Raises
    ------
    UserError
        if a measure or a safeguard is unknown, or a size is out of range.

    Examples
    --------
    >>> import underwatch as uw
    >>> found = uw.frontier("atlantic-2018", safeguards=["minimise"], citizens=2000, days=60)
    >>> len(found.evaluated), found.complete
    (2, True)
    """
    clock = time.perf_counter()
    check_goals(harm, benefit)
    worlds = read_worlds([scenario], citizens, seed)
    name, base = worlds.baseline
    components = safeguard_components(base, safeguards)
    days = base.days if days is None else check_size("days", days)
    least = min(len(components.keys) + 2, 2 ** len(components.keys))
    max_sets = check_size("max_sets", max_sets, Range(least, 1_000_000))
    numbers = check_seeds(seeds, base.society.seed)
    own = own_code(None, 30, score)
    search = _Search(components, numbers, days, own, partial, progress)
    found, wanted = _explore(search, harm, benefit, max_sets)
    some = found[frozenset()][0]
    about = describe_measure(harm, some), describe_measure(benefit, some)
    title = f"Sets of safeguards in “{base.title}”: {about[0].label}, and {about[1].label}"
    points = {one: _point(one, found, components.keys, harm, benefit) for one in found}
    return Frontier(
        provenance=study_provenance(
            "frontier", title, Worlds({name: base}, worlds.sources), days, numbers, clock
        ),
        harm=harm,
        harm_label=about[0].label,
        harm_unit=about[0].unit,
        benefit=benefit,
        benefit_label=about[1].label,
        benefit_unit=about[1].unit,
        none=points[frozenset()],
        points=tuple(points[one] for one in _listed(found, harm, benefit)),
        evaluated=tuple(points.values()),
        sets=2 ** len(components.keys),
        complete=not wanted,
        seeds=numbers,
    )


def _explore(
    search: "_Search", harm: str, benefit: str, max_sets: int
) -> tuple[Found, list[Coalition]]:
    """(outcomes of the evaluated sets, neighbours of listed sets that are not evaluated)."""
    keys = search.components.keys
    found: Found = {}
    few = 2 ** len(keys) <= max_sets
    wanted = subsets(keys) if few else list(
        dict.fromkeys([frozenset(), frozenset(keys), *(frozenset([key]) for key in keys)])
    )  # fmt: skip
    while wanted and len(found) < max_sets:
        search.evaluate(wanted[: max_sets - len(found)], found)
        wanted = _neighbours(_listed(found, harm, benefit), keys, found)
    return found, wanted


def _neighbours(sets: Iterable[Coalition], keys: Iterable[str], found: Found) -> list[Coalition]:
    """The sets one safeguard away from any of these that are not evaluated, smallest first."""
    near = dict.fromkeys(one ^ {key} for one in sets for key in keys)
    return sorted((one for one in near if one not in found), key=len)


class _Search:
    """Evaluates sets of safeguards in rounds, all of which share one folder and one bar."""

    def __init__(
        self, components: Components, seeds: tuple[int, ...], days: int, own: OwnCode,
        partial: Path | None, progress: Report | None,
    ):  # fmt: skip
        self.components, self.seeds, self.days, self.own = components, seeds, days, own
        self.partial, self.progress = partial, progress
        full = components.scenario(frozenset(components.keys))
        identity = f"{full.hash} {components.keys} {days} {seeds} {own.digest}"
        self.study = hashlib.sha256(identity.encode()).hexdigest()

    def evaluate(self, wanted: list[Coalition], found: Found) -> None:
        """Simulate these sets under every seed and add their outcomes to `found`."""
        scenarios = {one: self.components.scenario(one) for one in wanted}
        tasks = {
            (one, seed): Task(
                f"{seed}-{self.components.code(one)}", {"world": scenarios[one]}, seed,
                self.days, own=self.own,
            )
            for one in wanted
            for seed in self.seeds
        }  # fmt: skip
        before = len(found) * len(self.seeds)

        def report(step: StudyProgress) -> None:
            days, all_tasks = before * self.days, before + step.of_tasks
            if self.progress is not None:
                self.progress(
                    StudyProgress(
                        days + step.days, days + step.of_days, before + step.tasks, all_tasks
                    )
                )

        done = run_all(list(tasks.values()), self.partial, progress=report, study=self.study)
        for one in wanted:
            found[one] = [done[tasks[one, seed].key]["world"] for seed in self.seeds]


def _listed(found: Found, harm: str, benefit: str) -> list[Coalition]:
    """The sets to list; those in which harm or benefit is undefined take no part."""
    sign = GOALS[benefit]
    costs = {}
    for one, outcomes in found.items():
        left, kept = _estimate(outcomes, harm).value, _estimate(outcomes, benefit).value
        if left is not None and kept is not None:
            costs[one] = (left, -sign * kept)
    smallest_first = sorted(costs, key=lambda one: (len(one), sorted(one)))
    return listed(costs, smallest_first)


def _estimate(outcomes: list[Outcome], measure: str) -> Estimate:
    """A measure over seeds; undefined if it is undefined under one of them."""
    values = [outcome.summary[measure] for outcome in outcomes]
    known = [float(value) for value in values if value is not None]
    return estimate(known) if len(known) == len(values) else UNDEFINED


def _point(one: Coalition, found: Found, keys: tuple[str, ...], harm: str, benefit: str) -> Point:
    gives_up: dict[str, float | None] = {}
    for goal, sign in GOALS.items():
        here, none = (_estimate(found[s], goal).value for s in (one, frozenset()))
        if none is not None and here is None:
            gives_up[goal] = None
        elif none is not None and here is not None and sign * (here - none) < 0:
            gives_up[goal] = round(here - none, 4)
    left, kept = (
        cut(_estimate(found[one], measure), describe_measure(measure, found[one][0]).unit)
        for measure in (harm, benefit)
    )
    chosen = tuple(key for key in keys if key in one)
    return Point(chosen, *left, *kept, gives_up)
