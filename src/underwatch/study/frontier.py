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

from underwatch.kernel.identity import code_digest
from underwatch.results.folder import as_path
from underwatch.results.ledger import Ledger
from underwatch.scenario.limits import Range, check_seeds, check_size
from underwatch.study.asked import begun
from underwatch.study.budget import BUDGET, sized
from underwatch.study.capacity import bounds
from underwatch.study.components import Components, Names, safeguard_components
from underwatch.study.dominance import listed
from underwatch.study.events import Cell, few_in_all, least_difference
from underwatch.study.frontier_findings import Point
from underwatch.study.frontier_result import Frontier
from underwatch.study.goals import GOALS, HARMS, check_goals
from underwatch.study.measures import describe_measure
from underwatch.study.multiplicity import beyond_chance
from underwatch.study.own_code import OwnCode, own_code, refuse_observe
from underwatch.study.progress import Report, StudyProgress
from underwatch.study.result import study_provenance
from underwatch.study.runs import Outcome, events_over_seeds
from underwatch.study.shapley import Coalition, subsets
from underwatch.study.shared import run_worlds
from underwatch.study.statistics import UNDEFINED, Estimate, estimate, of_unit
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
    seeds: int | Iterable[int] = 5,
    max_sets: int = 200,
    score: Any = None,
    observe: None = None,
    budget: float | None = BUDGET,
    checkpoint: str | Path | None = None,
    scheduler: str | None = None,
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
    observe : refused; measures of your own can be compared, but not searched for.
    budget, checkpoint, scheduler, progress : as in `compare`.

    Returns
    -------
    Frontier
        `.points` are the listed sets, the one with least harm first. Sets in which harm or
        benefit is undefined are in `.undefined` and dominate nothing. Where no set rests on 30
        events, none is listed, and `.few` is the reason.

    Raises
    ------
    UserError
        if a measure or a safeguard is unknown, or a size is out of range.

    Examples
    --------
    >>> import underwatch as uw
    >>> found = uw.frontier(
    ...     "atlantic-2018", safeguards=["minimise"], citizens=2000, days=60, seeds=1
    ... )
    >>> len(found.evaluated), found.complete
    (2, True)
    """
    clock = time.perf_counter()
    check_goals(harm, benefit)
    refuse_observe(observe, "frontier")
    worlds = read_worlds([scenario], citizens, seed)
    name, base = worlds.baseline
    components = safeguard_components(base, safeguards)
    days = base.days if days is None else check_size("days", days)
    least = min(len(components.keys) + 2, 2 ** len(components.keys))
    max_sets = check_size("max_sets", max_sets, Range(least, 1_000_000))
    numbers = check_seeds(seeds, base.society.seed)
    own = own_code(None, 30, score)
    folder = None if checkpoint is None else as_path(checkpoint)
    sets = 2 ** len(components.keys)
    worlds, size = sized(
        Worlds({name: base}, worlds.sources), citizens, min(sets, max_sets) * len(numbers), days,
        budget, folder, progress, at_most=sets > max_sets, scheduler=scheduler,
    )  # fmt: skip
    _, base = worlds.baseline
    components = safeguard_components(base, safeguards)
    search = _Search(components, numbers, days, own, folder, progress, scheduler)
    with begun(search.ledger):
        found, wanted = _explore(search, harm, benefit, max_sets)
    some = found[frozenset()][0]
    about = describe_measure(harm, some), describe_measure(benefit, some)
    title = f"Sets of safeguards in “{base.title}”: {about[0].label}, and {about[1].label}"
    points = _points(found, components.keys, harm, benefit)
    few = " and ".join(
        f"{info.label}: {reason}"
        for info in about
        if (reason := few_in_all(events_over_seeds(some, info.name) for some in found.values()))
    )
    listed_sets = [] if few else _listed(found, harm, benefit)
    return Frontier(
        provenance=study_provenance("frontier", title, worlds, days, numbers, clock) | size,
        harm=harm,
        harm_label=about[0].label,
        harm_unit=about[0].unit,
        benefit=benefit,
        benefit_label=about[1].label,
        benefit_unit=about[1].unit,
        none=points[frozenset()],
        points=tuple(points[one] for one in listed_sets),
        evaluated=tuple(points.values()),
        sets=sets,
        complete=not wanted,
        few=few,
        seeds=numbers,
        limited=bounds(
            {info.name: info.label for info in about},
            (one.summary for outcomes in found.values() for one in outcomes),
        ),
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
        folder: Path | None, progress: Report | None, scheduler: str | None,
    ):  # fmt: skip
        self.components, self.seeds, self.days, self.own = components, seeds, days, own
        self.progress, self.scheduler = progress, scheduler
        self.days_done = self.runs_done = 0
        full = components.scenario(frozenset(components.keys))
        identity = f"{full.hash} {components.keys} {days} {seeds} {own.digest}"
        study = hashlib.sha256(identity.encode()).hexdigest()
        about = {"citizens": full.society.citizens}
        self.ledger = Ledger(folder, study, code_digest(), about)

    def evaluate(self, wanted: list[Coalition], found: Found) -> None:
        """Simulate these sets under every seed and add their outcomes to `found`."""
        code = {one: self.components.code(one) for one in wanted}
        scenarios = {code[one]: self.components.scenario(one) for one in wanted}
        days, runs = self.days_done, self.runs_done

        def report(step: StudyProgress) -> None:
            self.days_done, self.runs_done = days + step.of_days, runs + step.of_runs
            if self.progress is not None:
                self.progress(
                    StudyProgress(
                        days + step.days,
                        self.days_done,
                        runs + step.runs,
                        self.runs_done,
                        step.note,
                        step.failed,
                    )
                )

        done = run_worlds(
            dict.fromkeys(self.seeds, scenarios), self.days, own=self.own, ledger=self.ledger,
            progress=report, scheduler=self.scheduler,
        )  # fmt: skip
        for one in wanted:
            found[one] = [done[seed][code[one]] for seed in self.seeds]


def _listed(found: Found, harm: str, benefit: str) -> list[Coalition]:
    """The sets to list; those in which harm or benefit is undefined take no part."""
    sign = GOALS[benefit]
    costs = {}
    cells: tuple[list[Cell], list[Cell]] = ([], [])
    for one, outcomes in found.items():
        left, kept = _estimate(outcomes, harm).value, _estimate(outcomes, benefit).value
        if left is not None and kept is not None:
            costs[one] = (left, -sign * kept)
            for k, (value, measure) in enumerate(((left, harm), (kept, benefit))):
                cells[k].append((value, events_over_seeds(outcomes, measure)))
    smallest_first = sorted(costs, key=lambda one: (len(one), sorted(one)))
    some = next(iter(found.values()))[0]
    least = [
        least_difference(cells[k], describe_measure(measure, some).unit)
        for k, measure in enumerate((harm, benefit))
    ]
    return listed(costs, smallest_first, (least[0], least[1]))


def _estimate(outcomes: list[Outcome], measure: str, unit: str = "") -> Estimate:
    """A measure over seeds; undefined if it is undefined under one of them."""
    values = [outcome.summary[measure] for outcome in outcomes]
    known = [float(value) for value in values if value is not None]
    return of_unit(known, unit) if len(known) == len(values) else UNDEFINED


def _points(found: Found, keys: tuple[str, ...], harm: str, benefit: str) -> dict[Coalition, Point]:
    """Every evaluated set with its harm, its benefit, and the goals that are worse."""
    worse = _given_up(found)
    about = {measure: describe_measure(measure, next(iter(found.values()))[0])
             for measure in (harm, benefit)}  # fmt: skip
    points = {}
    for one, outcomes in found.items():
        left, kept = (_estimate(outcomes, name, info.unit) for name, info in about.items())
        events = (events_over_seeds(outcomes, name) for name in about)
        chosen = tuple(key for key in keys if key in one)
        points[one] = Point(chosen, *left, *kept, worse[one], *events)
    return points


def _given_up(found: Found) -> dict[Coalition, dict[str, float | None]]:
    """The stated goals that are worse than without safeguards, by set; None where undefined.

    With intervals, a goal is worse if its paired difference is beyond chance, with those of
    all goals and sets judged together; else if its mean is.
    """
    none = found[frozenset()]
    changes: dict[tuple[Coalition, str], Estimate] = {}
    worse: dict[Coalition, dict[str, float | None]] = {one: {} for one in found}
    for one, outcomes in found.items():
        for goal in GOALS:
            if _estimate(none, goal).value is None:
                continue
            if _estimate(outcomes, goal).value is None:
                worse[one][goal] = None
                continue
            changes[one, goal] = estimate(
                [
                    float(a.summary[goal] or 0) - float(b.summary[goal] or 0)
                    for a, b in zip(outcomes, none, strict=True)
                ]
            )  # all are defined, for the means are
    beyond = beyond_chance([(change, len(none)) for change in changes.values()])
    for ((one, goal), change), known in zip(changes.items(), beyond, strict=True):
        value = change.value or 0.0
        if GOALS[goal] * value < 0 and known is not False:
            worse[one][goal] = round(value, 4)
    return {one: {goal: lost[goal] for goal in GOALS if goal in lost}
            for one, lost in worse.items()}  # fmt: skip
