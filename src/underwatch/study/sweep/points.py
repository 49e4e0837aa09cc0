"""The points of a plan: settings of scenario keys, checked against every scenario beforehand."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from math import isfinite, prod
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from pydantic import ValidationError

from underwatch.errors import Problem, UserError, did_you_mean, shortened
from underwatch.scenario import Scenario
from underwatch.scenario.keys import in_words
from underwatch.scenario.loading import TO_EXTEND, is_path
from underwatch.scenario.loading.schema import Shape
from underwatch.scenario.loading.unknown import no_leaf
from underwatch.study.sweep.declaration import GRID, LATIN, LIST, MOST_RUNS, SOBOL, Declared

if TYPE_CHECKING:
    from underwatch.scenario.loading.builder import Builder

Point = dict[str, Any]  # scenario key -> value
Where = Mapping[tuple[str | int, ...], str | None]  # of factors, their entries, and runs
NOT_FACTORS = ("title", "text", "society.seed")


class Range(NamedTuple):
    """The ends between which a factor is drawn, both included; whole: only whole numbers."""

    low: float
    high: float
    whole: bool


@dataclass(frozen=True)
class Points:
    """All points of a plan in order, and the factors over which they vary.

    factors: key -> the values of a grid, the Range of a draw, or None in a list.
    """

    kind: str
    factors: dict[str, Any]
    points: list[Point]

    @property
    def shape(self) -> tuple[int, ...]:
        """The lengths of the dimensions that the points fill."""
        if self.kind == GRID:
            return tuple(len(values) for values in self.factors.values())
        return (len(self.points),)


def check_leaves(builder: Builder[Any], folder: Path) -> None:
    """Add what is wrong with the figures of a plan file, each with its line."""
    leaves = {path: leaf for path, leaf in builder.leaves.items() if path not in builder.refused}
    given = {path[0]: leaf.value for path, leaf in leaves.items() if len(path) == 1}
    given["factors"] = {p[1]: leaf.value for p, leaf in leaves.items() if p[0] == "factors"}
    plan = _as_far_as_it_goes(given)
    places: dict[tuple[str | int, ...], str | None] = {}
    for path, leaf in leaves.items():
        at = path[1:] if path[0] == "factors" else path
        places |= {(*at, *rel): where for rel, where in leaf.places.items()}
    places[()] = builder.places.get(("factors",)) or builder.places.get(("scenarios",))
    scenarios, problems = read_scenarios(plan.scenarios, folder, places)
    builder.problems += problems
    builder.problems += faults(plan, [*scenarios.values()], places)


def _as_far_as_it_goes(given: dict[str, Any]) -> Declared:
    """A plan of those of its figures that are accepted; the others are reported already."""
    given = dict(given)
    while True:
        try:
            return Declared.model_validate_json(json.dumps({"scenarios": [TO_EXTEND]} | given),
                                            strict=True)  # fmt: skip
        except ValidationError as error:
            for name in {str(one["loc"][0]) for one in error.errors()}:
                given.pop(name, None)


def read_scenarios(
    names: Iterable[str], folder: Path, places: Where
) -> tuple[dict[str, Scenario], list[Problem]]:
    """The scenarios of a plan by name, and what is wrong with them."""
    found: dict[str, Scenario] = {}
    problems: list[Problem] = []
    for k, name in enumerate(names):
        where = places.get(("scenarios", k)) or places.get(("scenarios",))
        path = folder / name if is_path(name) else name
        key = Path(name).stem
        if key in found:
            problems.append(Problem(where, f"the scenario {key} is named twice."))
            continue
        try:
            found[key] = Scenario.load(path)
        except UserError as error:
            problems += [Problem(one.where or where, one.sentence) for one in error.problems]
    return found, problems


def faults(plan: Declared, scenarios: Sequence[Scenario], places: Where) -> list[Problem]:
    """What is wrong with a plan, as far as its scenarios could be read."""
    found = [*_of_kind(plan, places), *_of_names(plan, places)]
    if number_of_runs(plan) > MOST_RUNS:
        return found  # its values are as many
    for key in _keys(plan):
        if key in NOT_FACTORS or (shape := _leaf(key)) is None:
            found.append(Problem(_at(places, key), _no_key(key)))
        elif plan.plan in (LATIN, SOBOL):
            found += _of_range(key, plan.factors[key], shape, places)
        elif plan.plan == GRID:
            found += _of_values(key, plan.factors[key], places)
    return [*found, *_alone(plan, scenarios, places)] if found else _of_points(
        plan, scenarios, places
    )  # fmt: skip


def points_of(plan: Declared) -> Points:
    """The points of a plan that has no fault; the same for the same plan on every machine."""
    if plan.plan == GRID:
        values = [plan.factors[key] for key in plan.factors]
        made = [dict(zip(plan.factors, one, strict=True)) for one in product(*values)]
        return Points(GRID, dict(plan.factors), made)
    if plan.plan == LIST:
        return Points(LIST, dict.fromkeys(_keys(plan)), [dict(run) for run in plan.runs])
    ranges = {
        key: Range(ends["low"], ends["high"], _is_whole(key)) for key, ends in plan.factors.items()
    }
    made = [
        {key: _scaled(u, ends) for u, (key, ends) in zip(row, ranges.items(), strict=True)}
        for row in _draws(plan)
    ]
    return Points(plan.plan, dict(ranges), made)


def _draws(plan: Declared) -> Any:
    """One number from 0 to 1 for each point and factor: float64 (points, factors).

    For sobol: the rows of two independent samples A and B, then those of A with each of its
    columns in turn from B (Saltelli's plan), as `Sweep.sensitivity` reads them.
    """
    import numpy as np
    from scipy.stats import qmc

    count, draw_seed = len(plan.factors), plan.seed or 0
    if plan.plan == LATIN:
        return qmc.LatinHypercube(count, rng=np.random.default_rng(draw_seed)).random(plan.samples)
    both = qmc.Sobol(2 * count, bits=64, rng=np.random.default_rng(draw_seed)).random(plan.samples)
    first, second = both[:, :count], both[:, count:]
    mixed = []
    for k in range(count):
        some = first.copy()
        some[:, k] = second[:, k]
        mixed.append(some)
    return np.concatenate([first, second, *mixed])


def _scaled(u: float, ends: Range) -> float | int:
    if ends.whole:
        low, high = int(ends.low), int(ends.high)
        return low + min(int(u * (high - low + 1)), high - low)
    return float(ends.low + u * (ends.high - ends.low))


# --- What is wrong


def _of_kind(plan: Declared, places: Where) -> Iterator[Problem]:
    """Keys that do not go with the kind of plan."""
    if plan.plan == LIST:
        if plan.factors:
            yield Problem(_at(places), "a list has no factors; write its settings below `runs:`.")
        if not plan.runs:
            where = places.get(("plan",))
            yield Problem(where, "a list has at least one point; write it below `runs:`.")
    elif plan.runs:
        where = places.get(("runs",))
        yield Problem(where, f"runs go with `plan: list`, but this plan is a {plan.plan}.")
    if plan.plan in (LATIN, SOBOL) and not plan.factors:
        where = places.get(("plan",))
        sentence = "has nothing to draw; write keys with {low: …, high: …} below `factors:`."
        yield Problem(where, f"this plan {sentence}")
    if plan.plan == SOBOL and plan.samples & (plan.samples - 1):
        sentence = f"samples is {plan.samples:,}, but for sobol it is a power of two, such as 64."
        yield Problem(places.get(("samples",)), sentence)
    if (runs := number_of_runs(plan)) > MOST_RUNS:
        yield Problem(_at(places), f"the plan has {runs:,} runs, but at most {MOST_RUNS:,}.")
    if isinstance(plan.seeds, list) and len({*plan.seeds}) < len(plan.seeds):
        yield Problem(places.get(("seeds",)), "seeds lists a seed twice; each is one replicate.")
    if isinstance(plan.seeds, list) and not plan.seeds:
        yield Problem(places.get(("seeds",)), "seeds is empty; give at least one seed.")


def _of_names(plan: Declared, places: Where) -> Iterator[Problem]:
    """Measures that do not exist, and outputs named like one or twice."""
    from underwatch.measurement.catalogue import MEASURES
    from underwatch.measurement.summary import NAMES

    known = [*NAMES, *MEASURES]
    for k, name in enumerate(plan.measures or ()):
        if name not in known:
            where = places.get(("measures", k)) or places.get(("measures",))
            sentence = f"{shortened(name)} is not a measure{did_you_mean(name, known)}"
            yield Problem(where, sentence)
    for k, name in enumerate(plan.outputs):
        where = places.get(("outputs", k)) or places.get(("outputs",))
        if name in known or name in ("status", "state_hash", "scenario", "seed", "sample"):
            yield Problem(where, f"the output {shortened(name)} has the name of something else.")
        if not name.isidentifier():
            yield Problem(where, f"{shortened(repr(name))} is not the name of a function.")
        if name in plan.outputs[:k]:
            yield Problem(where, f"the output {shortened(name)} is named twice.")


def _of_range(key: str, ends: Any, shape: Shape, places: Where) -> Iterator[Problem]:
    """What is wrong with {low: …, high: …}."""
    where = _at(places, key)
    if not isinstance(ends, dict) or {*ends} != {"low", "high"}:
        yield Problem(where, f"{key} is drawn between two ends; write {{low: …, high: …}}.")
        return
    if bool in shape.parts or not {int, float} & {*shape.parts}:
        yield Problem(where, f"{key} is no number, so that it cannot be drawn between two ends.")
        return
    whole = _is_whole(key)
    for name in ("low", "high"):
        value = ends[name]
        right = isinstance(value, int if whole else int | float) and not isinstance(value, bool)
        if not right or not isfinite(value):
            kind = "a whole number" if whole else "a number"
            sentence = f"{key}: {name} is {shortened(value)}, but it is {kind}."
            yield Problem(places.get((key, name)) or where, sentence)
            return
    if not ends["low"] < ends["high"]:
        yield Problem(where, f"{key}: low is {ends['low']} and high {ends['high']}; low is below.")


def _of_values(key: str, values: Any, places: Where) -> Iterator[Problem]:
    """What is wrong with the values of a grid."""
    if not isinstance(values, list) or not values:
        sentence = f"{key} has a list of values in a grid; write for example {key}: [0, 1]."
        yield Problem(_at(places, key), sentence)
        return
    labels = [label_of(value) for value in values]
    for k, label in enumerate(labels):
        if label in labels[:k]:
            where = places.get((key, k)) or _at(places, key)
            yield Problem(where, f"{key} lists {shortened(label)} twice.")


def _of_points(plan: Declared, scenarios: Sequence[Scenario], places: Where) -> list[Problem]:
    """What a scenario refuses of the values, each once and where it is written."""
    problems: dict[Problem, None] = {}
    by_value: dict[tuple[str, str], bool] = {}  # whether a value alone is refused
    for k, point in enumerate(points_of(plan).points):
        for scenario in scenarios:
            sentences = _refused(scenario, point)
            if not sentences:
                continue
            alone = False
            for key, value in point.items():
                at = key, label_of(value)
                if at not in by_value:
                    found = _refused(scenario, {key: value})
                    by_value[at] = bool(found)
                    where = _where(plan, places, k, key, value)
                    problems |= {Problem(where, sentence): None for sentence in found}
                alone = alone or by_value[at]
            if not alone:
                words = ", ".join(f"{key} {label_of(value)}" for key, value in point.items())
                where = places.get(("runs", k)) if plan.plan == LIST else _at(places)
                combined = [f"with {shortened(words)}: {sentence}" for sentence in sentences]
                problems |= {Problem(where, sentence): None for sentence in combined}
    return [*problems]


def _alone(plan: Declared, scenarios: Sequence[Scenario], places: Where) -> list[Problem]:
    """What a scenario refuses of single values, in a plan that has other faults."""
    problems: dict[Problem, None] = {}
    for key in _keys(plan):
        if key in NOT_FACTORS or _leaf(key) is None:
            continue
        at: list[tuple[Any, str | None]] = []
        if plan.plan == LIST:
            at = [(run[key], places.get(("runs", k, key)) or places.get(("runs", k)))
                  for k, run in enumerate(plan.runs) if key in run]  # fmt: skip
        elif plan.plan == GRID and isinstance(plan.factors[key], list):
            at = [(value, _where(plan, places, 0, key, value)) for value in plan.factors[key]]
        for value, where in at:
            for scenario in scenarios:
                found = _refused(scenario, {key: value})
                problems |= {Problem(where, sentence): None for sentence in found}
    return [*problems]


def _refused(scenario: Scenario, point: Point) -> list[str]:
    try:
        scenario._replaced(point)
    except UserError as error:
        return [problem.sentence for problem in error.problems]
    return []


def _where(plan: Declared, places: Where, number: int, key: str, value: Any) -> str | None:
    """Where a value of a point is written."""
    if plan.plan == LIST:
        return places.get(("runs", number, key)) or places.get(("runs", number))
    if plan.plan == GRID:
        at = places.get((key, plan.factors[key].index(value)))
        return at or _at(places, key)
    return _at(places, key)


def _at(places: Where, *path: str | int) -> str | None:
    return places.get(path) or places.get(())


def _keys(plan: Declared) -> list[str]:
    """The scenario keys that a plan sets."""
    if plan.plan == LIST:
        return [*dict.fromkeys(str(key) for run in plan.runs for key in run)]
    return [*plan.factors]


def _shape(key: str) -> Shape | None:
    """What a scenario key names; None if it names nothing."""
    shape: Shape | None = Shape(Scenario)
    for part in key.split("."):
        shape = shape and shape.child(part)
    return shape


def _leaf(key: str) -> Shape | None:
    """What a scenario key may hold; None if it names no leaf."""
    shape = _shape(key)
    return None if shape is None or shape.is_section else shape


def _no_key(key: str) -> str:
    if key in NOT_FACTORS:
        how = "; write `seeds:`" if key == "society.seed" else ""
        return f"{key} is no factor of a plan{how}."
    return no_leaf(Scenario, key, _shape(key))


def _is_whole(key: str) -> bool:
    shape = _leaf(key)
    return shape is not None and int in shape.parts and float not in shape.parts


def number_of_points(plan: Declared) -> int:
    """How many points a plan has, without making them."""
    if plan.plan == GRID:
        return prod(len(v) if isinstance(v, list) else 1 for v in plan.factors.values())
    if plan.plan == LIST:
        return len(plan.runs)
    return plan.samples * (len(plan.factors) + 2 if plan.plan == SOBOL else 1)


def number_of_runs(plan: Declared) -> int:
    """How many runs a plan has."""
    seeds = len(plan.seeds) if isinstance(plan.seeds, list) else plan.seeds
    return number_of_points(plan) * len(plan.scenarios) * seeds


def label_of(value: Any) -> str:
    """A value as a label: the same text for the same value."""
    if isinstance(value, dict):
        return "; ".join(f"{in_words(one)} from {day}" for day, one in value.items())
    return in_words(value)
