"""The runs of a sweep as one xarray Dataset, whole or while it grows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import xarray as xr

from underwatch.study.runs import Outcome
from underwatch.study.sweep.declaration import GRID, SOBOL, Declared
from underwatch.study.sweep.points import label_of, points_of
from underwatch.study.worker import Failure

WAITING, DONE, FAILED = range(3)  # the values of the variable `status`


class Failed(NamedTuple):
    """A run that failed: where it stands in the plan, and why."""

    scenario: str
    point: dict[str, Any]
    seed: int
    message: str


@dataclass(frozen=True)
class Gathered:
    """A Dataset of runs, what failed, and the record of the sweep that they are of."""

    record: dict[str, Any]
    dataset: xr.Dataset
    failures: tuple[Failed, ...]

    @classmethod
    def of(
        cls, record: dict[str, Any], found: Mapping[tuple[int, str], Outcome | Failure]
    ) -> Gathered:
        """The runs of a sweep by seed and world; those that are missing are waiting."""
        plan = Declared.model_validate(record["plan"])
        points, scenarios, seeds = record["points"], [*record["scenarios"]], record["seeds"]
        shape = (len(scenarios), len(points), len(seeds))
        status = np.zeros(shape, np.int8)
        hashes = np.full(shape, "", "<U64")
        outcomes: dict[tuple[int, int, int], Outcome] = {}
        failures = []
        for s, scenario in enumerate(scenarios):
            for p, point in enumerate(points):
                for k, seed in enumerate(seeds):
                    one = found.get((seed, f"{scenario} {p}"))
                    if isinstance(one, Outcome):
                        outcomes[s, p, k] = one
                        status[s, p, k], hashes[s, p, k] = DONE, one.state_hash
                    elif one is not None:
                        status[s, p, k] = FAILED
                        failures.append(Failed(scenario, point, seed, one.message))
        variables = _measures(plan, outcomes, shape) | _outputs(plan, outcomes, shape)
        about = {
            "long_name": "whether the run is done",
            "flag_values": np.array([WAITING, DONE, FAILED], np.int8),
            "flag_meanings": "waiting done failed",
        }
        variables["status"] = (status, about)
        variables["state_hash"] = (hashes, {"long_name": "SHA-256 of the final state"})
        return cls(record, _dataset(plan, record, variables), tuple(failures))


Variables = dict[str, tuple[np.ndarray, dict[str, Any]]]  # arrays (scenarios, points, seeds, …)
Outcomes = Mapping[tuple[int, int, int], Outcome]


def _measures(plan: Declared, outcomes: Outcomes, shape: tuple[int, ...]) -> Variables:
    """Every measure: float64, NaN where it is not defined, and what it is."""
    from underwatch.measurement.catalogue import MEASURES, unit_of
    from underwatch.measurement.summary import LINES

    found: Variables = {}
    for name in [*LINES] if plan.measures is None else plan.measures:
        values = np.full(shape, np.nan)
        for place, outcome in outcomes.items():
            value = outcome.value(name)
            values[place] = np.nan if value is None else value
        if name in LINES:
            line = LINES[name]
            about = {"units": line.unit, "long_name": line.label, "kind": line.kind}
        else:
            tally = MEASURES[name]
            about = {"units": unit_of(name), "long_name": tally.label, "kind": tally.kind}
        found[name] = (values, about)
    return found


def _outputs(plan: Declared, outcomes: Outcomes, shape: tuple[int, ...]) -> Variables:
    """Every output of the user's: float64, with further dimensions if it is an array."""
    found: Variables = {}
    for name in plan.outputs:
        shapes = {outcome.outputs[name].shape for outcome in outcomes.values()}
        # Arrays of several shapes are padded to the largest.
        ranks = {len(one) for one in shapes}
        most = max(ranks, default=0)
        size = tuple(max(one[k] for one in shapes if len(one) > k) for k in range(most))
        values = np.full((*shape, *size), np.nan)
        for place, outcome in outcomes.items():
            value = outcome.outputs[name]
            ends = (*value.shape, *[1] * (most - value.ndim))
            at: tuple[int | slice, ...] = (*place, *(slice(int(end)) for end in ends))
            values[at] = value.reshape(ends)
        found[name] = (values, {"long_name": f"output {name}"})
    return found


def _dataset(plan: Declared, record: Mapping[str, Any], variables: Variables) -> xr.Dataset:
    """The variables with the dimensions of the plan."""
    points = points_of(plan)
    coordinates: dict[str, Any] = {
        "scenario": [*record["scenarios"]],
        "seed": np.array(record["seeds"], np.int64),
    }
    if plan.plan == GRID:
        dims = tuple(points.factors)
        coordinates |= {key: (key, _labels(values)) for key, values in points.factors.items()}
    else:
        dims = ("sample",)
        coordinates["sample"] = np.arange(len(points.points))
        for key in points.factors:
            column = [point.get(key) for point in points.points]
            coordinates[key] = ("sample", _labels(column))
        if plan.plan == SOBOL:
            names = ["A", "B", *(f"A with {key} of B" for key in points.factors)]
            coordinates["matrix"] = ("sample", np.repeat(names, plan.drawn))
    made = {}
    for name, (values, about) in variables.items():
        first, second, third, *rest = values.shape
        more = [f"{name}_{k}" for k in range(1, len(rest) + 1)]
        full = values.reshape(first, *points.shape, third, *rest)
        made[name] = (("scenario", *dims, "seed", *more), full, about)
    title = {"title": plan.title, "plan": plan.plan, "days": int(record["days"])}
    return xr.Dataset(made, coordinates, title)


def _labels(values: list[Any]) -> np.ndarray:
    """The values of a factor as a coordinate: numbers where all are, else their labels."""
    if all(isinstance(v, int) and not isinstance(v, bool) for v in values):
        return np.array(values, np.int64)
    if all(isinstance(v, int | float) and not isinstance(v, bool) for v in values):
        return np.array(values, np.float64)
    if all(v is None or isinstance(v, int | float) and not isinstance(v, bool) for v in values):
        return np.array([np.nan if v is None else v for v in values], np.float64)
    return np.array(["" if v is None else label_of(v) for v in values])
