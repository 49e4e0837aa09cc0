"""What is wrong with a plan, found before any run: its figures, its keys, and every value."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from underwatch.errors import Problem, UserError, did_you_mean, shortened
from underwatch.scenario import Scenario
from underwatch.scenario.loading import TO_EXTEND, is_path
from underwatch.scenario.loading.schema import Shape
from underwatch.scenario.loading.unknown import no_leaf
from underwatch.study.sweep.declaration import GRID, LATIN, LIST, MOST_RUNS, SOBOL, Declared
from underwatch.study.sweep.points import (
    is_whole,
    keys_of,
    label_of,
    leaf_of,
    number_of_runs,
    points_of,
    shape_of,
)
from underwatch.study.sweep.resolved import Resolved
from underwatch.study.worlds import in_society

if TYPE_CHECKING:
    from underwatch.scenario.loading.builder import Builder

Where = Mapping[tuple[str | int, ...], str | None]  # of factors, their entries, and runs
NOT_FACTORS = ("title", "text", "society.seed")


def check_leaves(builder: Builder[Any], folder: Path, resolved: Resolved) -> None:
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
    builder.problems += faults(plan, [*scenarios.values()], places, resolved)


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


def faults(
    plan: Declared, scenarios: Sequence[Scenario], places: Where, resolved: Resolved
) -> list[Problem]:
    """What is wrong with a plan, as far as its scenarios could be read.

    resolved: keeps the worlds of its points, which the sweep is made of.
    """
    sizes = {"citizens": plan.citizens, "seed": plan.seed}
    given = {name: size for name, size in sizes.items() if size is not None}
    scenarios = [in_society(one, **given) for one in scenarios]
    found = [*_of_kind(plan, places), *_of_names(plan, places)]
    if number_of_runs(plan) > MOST_RUNS:
        return found  # its values are as many
    for key in keys_of(plan):
        if key in NOT_FACTORS or (shape := leaf_of(key)) is None:
            found.append(Problem(_at(places, key), _no_key(key)))
        elif plan.plan in (LATIN, SOBOL):
            found += _of_range(key, plan.factors[key], shape, places)
        elif plan.plan == GRID:
            found += _of_values(key, plan.factors[key], places)
    if found:
        return [*found, *_alone(plan, scenarios, places, resolved)]
    return _of_points(plan, scenarios, places, resolved)


def _of_kind(plan: Declared, places: Where) -> Iterator[Problem]:
    """Keys that do not go with the kind of plan."""
    if plan.plan == LIST:
        if plan.factors:
            yield Problem(_at(places), "a list has no factors; write its settings below `runs:`.")
        if not plan.runs:
            where = places.get(("plan",))
            yield Problem(where, "a list has at least one point; write it below `runs:`.")
        yield from _of_repeats(plan, places)
    elif plan.runs:
        where = places.get(("runs",))
        yield Problem(where, f"runs go with `plan: list`, but this plan is a {plan.plan}.")
    if plan.plan in (LATIN, SOBOL) and not plan.factors:
        where = places.get(("plan",))
        sentence = "has nothing to draw; write keys with {low: …, high: …} below `factors:`."
        yield Problem(where, f"this plan {sentence}")
    if plan.plan in (GRID, LIST) and plan.samples is not None:
        sentence = f"samples is for a plan that draws points, {LATIN} or {SOBOL}; leave it out of"
        yield Problem(places.get(("samples",)), f"{sentence} a {plan.plan}.")
    if plan.plan == SOBOL and plan.drawn & (plan.drawn - 1):
        sentence = f"samples is {plan.drawn:,}, but for sobol it is a power of two, such as 64."
        yield Problem(places.get(("samples",)), sentence)
    if (runs := number_of_runs(plan)) > MOST_RUNS:
        yield Problem(_at(places), f"the plan has {runs:,} runs, but at most {MOST_RUNS:,}.")
    if isinstance(plan.seeds, list) and len({*plan.seeds}) < len(plan.seeds):
        yield Problem(places.get(("seeds",)), "seeds lists a seed twice; each is one replicate.")
    if isinstance(plan.seeds, list) and not plan.seeds:
        yield Problem(places.get(("seeds",)), "seeds is empty; give at least one seed.")


def _of_repeats(plan: Declared, places: Where) -> Iterator[Problem]:
    """Points that a list has twice, each with the number of the first."""
    first: dict[str, int] = {}
    for k, run in enumerate(plan.runs):
        point = json.dumps(sorted((str(key), label_of(value)) for key, value in run.items()))
        if first.setdefault(point, k) != k:
            where = places.get(("runs", k)) or places.get(("runs",))
            sentence = f"point {k + 1} of `runs:` is the same as point {first[point] + 1}"
            yield Problem(where, f"{sentence}; list each point once, and set `seeds:` for more.")


def _of_names(plan: Declared, places: Where) -> Iterator[Problem]:
    """Measures that do not exist, and outputs named like one or twice."""
    from underwatch.measurement.catalogue import MEASURES
    from underwatch.measurement.summary import NAMES

    known = [*NAMES, *MEASURES]
    if plan.measures is not None and not plan.measures and not plan.outputs:
        sentence = "measures is empty and there is no output, so that nothing would be kept; "
        yield Problem(places.get(("measures",)), sentence + "leave it out to keep all measures.")
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
    whole = is_whole(key)
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


def _of_points(
    plan: Declared, scenarios: Sequence[Scenario], places: Where, resolved: Resolved
) -> list[Problem]:
    """What a scenario refuses of the values, each once and where it is written."""
    problems: dict[Problem, None] = {}
    by_value: dict[tuple[str, str], bool] = {}  # whether a value alone is refused
    for k, point in enumerate(points_of(plan).points):
        for scenario in scenarios:
            sentences = resolved.refusal(scenario, point)
            if not sentences:
                continue
            alone = False
            for key, value in point.items():
                at = key, label_of(value)
                if at not in by_value:
                    found = resolved.refusal(scenario, {key: value})
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


def _alone(
    plan: Declared, scenarios: Sequence[Scenario], places: Where, resolved: Resolved
) -> list[Problem]:
    """What a scenario refuses of single values, in a plan that has other faults."""
    problems: dict[Problem, None] = {}
    for key in keys_of(plan):
        if key in NOT_FACTORS or leaf_of(key) is None:
            continue
        at: list[tuple[Any, str | None]] = []
        if plan.plan == LIST:
            at = [(run[key], places.get(("runs", k, key)) or places.get(("runs", k)))
                  for k, run in enumerate(plan.runs) if key in run]  # fmt: skip
        elif plan.plan == GRID and isinstance(plan.factors[key], list):
            at = [(value, _where(plan, places, 0, key, value)) for value in plan.factors[key]]
        for value, where in at:
            for scenario in scenarios:
                found = resolved.refusal(scenario, {key: value})
                problems |= {Problem(where, sentence): None for sentence in found}
    return [*problems]


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


def _no_key(key: str) -> str:
    if key in NOT_FACTORS:
        how = "; write `seeds:`" if key == "society.seed" else ""
        return f"{key} is no factor of a plan{how}."
    return no_leaf(Scenario, key, shape_of(key))
