"""What is wrong with a targets file, found before any run: its keys, ranges, measures and dates."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from underwatch.calibration.declaration import DEFAULT, Declared
from underwatch.calibration.parameters import ends_of, is_by_date
from underwatch.calibration.target_checks import faults_of
from underwatch.errors import Problem, UserError, did_you_mean, shortened
from underwatch.scenario import Scenario
from underwatch.scenario.dated import Dated
from underwatch.scenario.keys import at
from underwatch.scenario.loading import TO_EXTEND, is_path
from underwatch.scenario.loading.unknown import no_leaf
from underwatch.study.sweep.points import shape_of

if TYPE_CHECKING:
    from underwatch.scenario.loading.builder import Builder

Place = tuple[str | int, ...]
Where = Callable[[Place], str | None]
NOT_FITTED = ("title", "text", "society.seed", "society.citizens")
LOW_AND_HIGH = {"low", "high"}


def nowhere(_: Place) -> str | None:
    """The place of what no file declares."""
    return None


def check_leaves(builder: Builder[Any], folder: Path) -> None:
    """Add what is wrong with the figures of a targets file, each with its line."""
    leaves = {path: leaf for path, leaf in builder.leaves.items() if path not in builder.refused}
    places: dict[Place, str | None] = dict(builder.places.items())
    for path, leaf in leaves.items():
        places |= {(*path, *rel): where for rel, where in leaf.places.items()}

    def where(path: Place) -> str | None:
        nearest = (places.get(path[:n]) for n in range(len(path), 0, -1))
        return next((one for one in nearest if one), None)

    declared = _as_far_as_it_goes({path: leaf.value for path, leaf in leaves.items()})
    if declared is not None:
        builder.problems += faults(declared, folder, where)


def _as_far_as_it_goes(leaves: Mapping[tuple[str, ...], Any]) -> Declared | None:
    """A file of those of its parts that are accepted; the others are reported already."""
    given: dict[str, Any] = {}
    for path, value in leaves.items():
        part = given
        for name in path[:-1]:
            part = part.setdefault(name, {})
        part[path[-1]] = value
    nothing = {"measure": "adults", "value": 1, "standard_error": 1, "source": "census_2020"}
    for _ in range(len(leaves) + 4):
        try:
            return Declared.model_validate_json(json.dumps(given), strict=True)
        except ValidationError as error:
            for one in error.errors():
                name, *rest = map(str, one["loc"])
                if name in ("targets", "held_out", "correlated") and rest and name in given:
                    given[name].pop(rest[0], None)
                else:
                    given.pop(name, None)
        given.setdefault("scenario", TO_EXTEND)
        given.setdefault("fit", {"society.seed": None})
        if not given.get("targets"):
            given["targets"] = {"": nothing}
    return None


def faults(declared: Declared, folder: Path, where: Where) -> list[Problem]:
    """What is wrong with a targets file, as far as its scenario could be read."""
    found = [*_of_targets(declared, where), *_of_correlated(declared, where)]
    try:
        scenario = scenario_of(declared, folder)
    except UserError as error:
        place = where(("scenario",))
        return [*found, *(Problem(one.where or place, one.sentence) for one in error.problems)]
    for key, value in declared.settings.items():
        found += _refused(scenario, {key: value}, where(("settings", key)))
    if not found and declared.settings:
        found += _refused(scenario, declared.settings, where(("settings",)))
    if not found:
        scenario = scenario._replaced(declared.settings)
    found += _of_dates(declared, scenario, where)
    for key, ends in declared.fit.items():
        if key != "society.seed" or ends is not None:  # that stands for a `fit` not accepted
            found += _of_parameter(declared, key, ends, scenario, where)
    return found


def scenario_of(declared: Declared, folder: Path) -> Scenario:
    """The scenario that a file names, as it is shipped or written. Raises UserError."""
    name = declared.scenario
    return Scenario.load(folder / name if is_path(name) else name)


def _refused(scenario: Scenario, settings: Mapping[str, Any], place: str | None) -> list[Problem]:
    try:
        scenario._replaced(settings)
    except UserError as error:
        return [Problem(place, one.sentence) for one in error.problems]
    return []


# --- Targets


def _of_targets(declared: Declared, where: Where) -> Iterator[Problem]:
    for group in ("targets", "held_out"):
        for name, target in getattr(declared, group).items():
            if not name:  # stands for targets of which none is accepted
                continue
            for key, sentence in faults_of(target):
                yield Problem(where((group, name, key)), f"{shortened(name, 60)}: {sentence}")
            if group == "held_out" and name in declared.targets:
                yield Problem(
                    where((group, name)),
                    f"{shortened(name, 60)} is a target too; what is held out is never fitted.",
                )


def _of_correlated(declared: Declared, where: Where) -> Iterator[Problem]:
    """Correlated targets that are none, or that stand twice."""
    seen: set[str] = set()
    if "" in declared.targets:  # stands for targets of which none is accepted
        return
    for group, one in declared.correlated.items():
        for k, name in enumerate(one.targets):
            place, shown = where(("correlated", group, "targets", k)), shortened(name, 60)
            if name not in declared.targets:
                known = did_you_mean(name, declared.targets)
                yield Problem(place, f"there is no target {shown}{known}")
            elif name in seen:
                yield Problem(place, f"{shown} stands here twice; name it in one group.")
            seen.add(name)


def _of_dates(declared: Declared, scenario: Scenario, where: Where) -> Iterator[Problem]:
    """Dates outside the run."""
    first = scenario.first_day
    days = declared.length(first, scenario.days)
    for group in ("targets", "held_out"):
        for name, target in getattr(declared, group).items():
            for key in ("by", "since", "at"):
                day: date | None = getattr(target, key)
                if day is not None and not 0 <= (day - first).days < days:
                    yield Problem(
                        where((group, name, key)),
                        f"{shortened(name, 60)}: {key} is {day}, but a run begins on {first} and "
                        f"has {days:,} days.",
                    )


# --- Parameters


def _of_parameter(
    declared: Declared, key: str, ends: Any, scenario: Scenario, where: Where
) -> Iterator[Problem]:
    place = where(("fit", key))
    shape = shape_of(key)
    if key in NOT_FITTED:
        yield Problem(place, f"{key} is not fitted.")
        return
    if shape is None or shape.is_section:
        yield Problem(place, no_leaf(Scenario, key, shape))
        return
    if bool in shape.parts or not {int, float} & {*shape.parts}:
        yield Problem(place, f"{key} is no number, so that it cannot be fitted.")
        return
    if key in declared.settings:
        yield Problem(place, f"{key} is fitted and stands below `settings:` as well.")
    written = at(scenario, key)
    steps = [str(day) for day in written.changes] if isinstance(written, Dated) else []
    if is_by_date(ends) and ends:
        yield from _of_periods(key, ends, scenario, steps, where)
        return
    if len(steps) > 1 or (steps and ends != DEFAULT):
        example = f"{{{steps[0]}: {{low: …, high: …}}}}"
        yield Problem(place, f"{key} has values by date; write a range for each: {example}.")
        return
    if ends == DEFAULT:
        known = ends_of(key, ends, scenario)
        if known is None:
            yield Problem(place, f"{key} has no range of its own; write {{low: …, high: …}}.")
            return
        ends = dict(zip(("low", "high"), known, strict=True))
    yield from _of_range(key, ends, place, lambda value: _refused(scenario, {key: value}, place))


def _of_periods(
    key: str, ends: Mapping[str, Any], scenario: Scenario, steps: list[str], where: Where
) -> Iterator[Problem]:
    """The range of each period of a key that changes with dates."""
    for day, pair in ends.items():
        place = where(("fit", key, day))
        if str(day) not in steps:
            known = f" ({', '.join(steps)})" if steps else ""
            yield Problem(
                place,
                f"{key} does not change on {shortened(day, 40)}; fit a date on which the scenario "
                f"changes it{known}.",
            )
            continue
        values = {str(one): value for one, value in at(scenario, key).steps}

        def refused(
            value: Any,
            day: str = str(day),
            place: str | None = place,
            values: dict[str, Any] = values,
        ) -> list[Problem]:
            return _refused(scenario, {key: values | {day: value}}, place)

        yield from _of_range(f"{key} from {day}", pair, place, refused)


def _of_range(
    name: str, ends: Any, place: str | None, refused: Callable[[Any], list[Problem]]
) -> Iterator[Problem]:
    """What is wrong with {low: …, high: …}, and with its ends as values of the scenario."""
    if not isinstance(ends, dict) or {*ends} != LOW_AND_HIGH:
        yield Problem(
            place, f"{name} is sought between two ends; write {{low: …, high: …}} or {DEFAULT}."
        )
        return
    for end, value in ends.items():
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if not number or not isfinite(value):
            yield Problem(place, f"{name}: {end} is {shortened(value)}, but it is a number.")
            return
    if not ends["low"] < ends["high"]:
        yield Problem(place, f"{name}: low is {ends['low']} and high {ends['high']}; low is below.")
        return
    for value in (ends["low"], ends["high"]):
        yield from refused(value)
