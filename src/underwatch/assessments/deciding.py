"""What decides: the measure and its limit, and which inputs move it most."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

from underwatch.assessments.drivers import Conclude, drivers, lever
from underwatch.assessments.drivers_by_runs import drivers_by_runs
from underwatch.assessments.kinds import Kind
from underwatch.assessments.result import ALL, Deployment, Driver
from underwatch.assessments.running import Running

DECLARED = "as declared"
SEEDS = 3  # of the runs that move an input: enough for an interval


def conclusion_of(kind: Kind, deployment: Deployment) -> tuple[str, float]:
    """The measure that decides, and the value at which the conclusion changes."""
    declared = deployment.get("conclusion")
    if not declared:
        return kind.conclusion
    return str(declared["measure"]), float(declared["limit"].value)


def _at_one_threshold(deployment: Deployment) -> Deployment:
    """The deployment without the thresholds that it is compared at."""
    if deployment.threshold is None:
        return deployment
    accuracy = {**deployment.sections["accuracy"], "compare_thresholds": []}
    return replace(deployment, sections={**deployment.sections, "accuracy": accuracy})


def drivers_of(
    kind: Kind, deployment: Deployment, measure: str, limit: float, about: Running
) -> tuple[Driver, ...]:
    """The inputs that move the conclusion most: by closed form, or else by runs of some seeds."""
    key = (measure, ALL, deployment.threshold)
    alone = _at_one_threshold(deployment)
    values = deployment.values

    def conclude(at: Mapping[str, float]) -> float | None:
        return kind.quick(at, alone, frozenset()).get(key)

    def by_runs(inputs: Sequence[Mapping[str, float]]) -> list[list[float | None]]:
        seeds, worlds = about.seeds[:SEEDS], {DECLARED: frozenset[str]()}
        wanted = [(_moved(alone, values, at), seed, worlds) for at in inputs for seed in seeds]
        found = [
            one[DECLARED].get(key, (None, None))[0]
            for one in about.all(wanted, "moving each input")
        ]
        return [found[k : k + len(seeds)] for k in range(0, len(found), len(seeds))]

    if key in kind.quick(values, alone, frozenset()):
        levers = _threshold_lever(kind, deployment, measure, limit, values)
        at_all = partial(_each, conclude)
        return drivers(deployment, measure, limit, at_all, conclude, levers)
    return drivers_by_runs(deployment, measure, limit, by_runs)


def _each(conclude: Conclude, inputs: Sequence[Mapping[str, float]]) -> list[float | None]:
    return [conclude(one) for one in inputs]


def _threshold_lever(
    kind: Kind, deployment: Deployment, measure: str, limit: float, values: Mapping[str, float]
) -> list[Driver]:
    """The threshold as what moves the conclusion, between the ends of those to compare.

    Where it changes is sought on the whole operating curve.
    """
    threshold = deployment.threshold
    compared = [float(one) for one in deployment.get("accuracy.compare_thresholds") or ()]
    if threshold is None or not compared:
        return []
    ends = min(threshold, *compared), max(threshold, *compared)
    curve = [float(one["threshold"]) for one in deployment.get("accuracy.curve").values()]
    reach = min(*ends, *curve), max(*ends, *curve)

    def conclude(at: float) -> float | None:
        accuracy = {**deployment.sections["accuracy"], "threshold": at, "compare_thresholds": []}
        moved = replace(deployment, sections={**deployment.sections, "accuracy": accuracy})
        return kind.quick(values, moved, frozenset()).get((measure, ALL, at))

    within = "of the operating curve"
    found = lever(
        "accuracy.threshold", threshold, ends, reach, within, measure, limit, conclude
    )  # fmt: skip
    return [] if found is None else [found]


def _moved(
    deployment: Deployment, values: Mapping[str, float], to: Mapping[str, float]
) -> Deployment:
    """The deployment with the figures that differ."""
    for path, value in to.items():
        if value != values[path]:
            deployment = deployment.with_figure(path, value)
    return deployment
