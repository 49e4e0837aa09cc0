"""Figures of a deployment file that must fit each other: a curve, its thresholds, safeguards."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from underwatch.assessments.declaration.values import of_percent
from underwatch.assessments.kinds import KINDS
from underwatch.errors import Problem
from underwatch.scenario.loading.builder import Builder

_LONGEST_NAME = 60  # characters of a group, a district or a feature
_GROUPS = ("people.groups", "people.districts")
_TAKEN = ("all", "group", "others")  # what answers call everybody and the two sides of a group
# A figure with a safeguard, and without it: the safeguard can only lower it.
_NO_MORE = (
    ("safeguards.fewer_hours.hours_per_day", "period.hours_per_day"),
    ("safeguards.fewer_checks.checked.value", "score.checked.value"),
    ("safeguards.fewer_stops.per_patrol", "stops.per_patrol"),
)
# In a file of a camera the second reviewer's shares are those of both people together.
_BOTH_CONFIRM = ("true_confirmed", "false_confirmed")


def check_together(builder: Builder[Any]) -> None:
    """Note a problem, with its line, for all that does not fit."""
    builder.problems += [*_names(builder), *_lowered(builder), *_list(builder), *_curve(builder),
                         *_limit(builder)]  # fmt: skip


def _number(builder: Builder[Any], key: str) -> float | None:
    leaf = builder.leaves.get(tuple(key.split(".")))
    known = leaf is not None and isinstance(leaf.value, int | float)
    return float(leaf.value) if leaf is not None and known else None


def _names(builder: Builder[Any]) -> Iterator[Problem]:
    """Names that a file chooses itself, of groups, districts, features, …"""
    for path, where in builder.places.items():
        if builder.shape_at(path[:-1]).entry is None:
            continue
        name, section = path[-1], ".".join(path[:-1])
        if not name.strip() or len(name) > _LONGEST_NAME:
            yield Problem(where, f"{section} has a name of {len(name)} characters; write 1 to "
                          f"{_LONGEST_NAME}.")  # fmt: skip
        elif section in _GROUPS and name.lower() in _TAKEN:
            yield Problem(where, f"{section} has the name {name}, which stands for something else "
                          "in every answer; choose another.")  # fmt: skip


def _lowered(builder: Builder[Any]) -> Iterator[Problem]:
    """A safeguard lowers what it is named for."""
    pairs = list(_NO_MORE)
    if ("accuracy",) in builder.places:
        pairs += [(f"safeguards.second_reviewer.{key}.value", f"review.{key}.value")
                  for key in _BOTH_CONFIRM]  # fmt: skip
    for key, without in pairs:
        after, before = _number(builder, key), _number(builder, without)
        if after is not None and before is not None and after > before:
            where = builder.leaves[tuple(key.split("."))].where(())
            yield Problem(where, f"{key} is {after:g}, above {without}, {before:g}; a safeguard "
                          "lowers it.")  # fmt: skip


def _list(builder: Builder[Any]) -> Iterator[Problem]:
    """The reasons for which faces are on a list are no more than the faces."""
    faces = _number(builder, "list.size.value")
    if faces is None:
        return
    if faces == 0:
        where = builder.leaves["list", "size", "value"].where(())
        yield Problem(where, "list.size is 0, but a list has at least 1 face.")
        return
    counts = [leaf.value for path, leaf in builder.leaves.items()
              if path[:2] == ("list", "categories") and path[-1] == "value"]  # fmt: skip
    total = sum(one for one in counts if isinstance(one, int | float))
    if total > faces:
        yield Problem(builder.places.get(("list", "categories")), f"list.categories hold "
                      f"{total:,.0f} faces, more than list.size, {faces:,.0f}.")  # fmt: skip


def _curve(builder: Builder[Any]) -> Iterator[Problem]:
    """A curve falls and rises as one does, and thresholds lie where it says something."""
    points: dict[str, tuple[float, float | None, float | None]] = {}
    for path, leaf in builder.leaves.items():
        if path[:2] == ("accuracy", "curve") and path[3:] == ("threshold",):
            if isinstance(leaf.value, int | float):
                points[path[2]] = (float(leaf.value), _at(builder, path, "false_match_rate"),
                                   _at(builder, path, "miss_rate"))  # fmt: skip
    ordered = sorted(points.items(), key=lambda one: one[1][0])
    for (one, low), (other, high) in zip(ordered, ordered[1:], strict=False):
        key = f"accuracy.curve.{other}"
        where = builder.places.get(("accuracy", "curve", other))
        if low[1] is not None and high[1] is not None and high[1] > low[1]:
            yield Problem(where, f"{key}: at the higher threshold the false-match rate is above "
                          f"that of {one}; it falls as the threshold rises.")  # fmt: skip
        if low[2] is not None and high[2] is not None and high[2] < low[2]:
            yield Problem(where, f"{key}: at the higher threshold the miss rate is below that of "
                          f"{one}; it rises with the threshold.")  # fmt: skip
    if ordered:
        yield from _thresholds(builder, [point[0] for _, point in ordered])


def _at(builder: Builder[Any], path: tuple[str, ...], rate: str) -> float | None:
    leaf = builder.leaves.get((*path[:3], rate, "value"))
    return float(leaf.value) if leaf and isinstance(leaf.value, int | float) else None


def _thresholds(builder: Builder[Any], at: list[float]) -> Iterator[Problem]:
    """Beyond its ends a curve is drawn on, but no further than its last two points lie apart."""
    first = at[0] - (at[1] - at[0] if len(at) > 1 else 0)
    last = at[-1] + (at[-1] - at[-2] if len(at) > 1 else 0)
    used = builder.leaves.get(("accuracy", "threshold"))
    wanted: list[tuple[str, float, str | None]] = []
    if used is not None and isinstance(used.value, int | float):
        wanted.append(("accuracy.threshold", float(used.value), used.where(())))
        higher = _number(builder, "safeguards.higher_threshold.by.value")
        if higher is not None:
            key = "safeguards.higher_threshold.by"
            leaf = builder.leaves[(*key.split("."), "value")]
            wanted.append((f"accuracy.threshold with {key}", used.value + higher, leaf.where(())))
    others = builder.leaves.get(("accuracy", "compare_thresholds"))
    if others is not None and isinstance(others.value, list):
        for k, one in enumerate(others.value):
            if isinstance(one, int | float):
                wanted.append(("an entry of accuracy.compare_thresholds", one, others.where((k,))))
    slack = 1e-9 * max(1.0, abs(first), abs(last))
    for key, threshold, where in wanted:
        if not first - slack <= threshold <= last + slack:
            span = f"from {at[0]:g} to {at[-1]:g}" if len(at) > 1 else f"of one point, {at[0]:g}"
            sentence = f"{key} is {threshold:g}, too far from the curve, which is {span}; "
            yield Problem(where, f"{sentence}add a point of accuracy.curve near it.")


def _limit(builder: Builder[Any]) -> Iterator[Problem]:
    """A limit of a percentage is at most 100, and no other is in per cent."""
    kind, measure = builder.leaves.get(("kind",)), builder.leaves.get(("conclusion", "measure"))
    if kind is None or measure is None or kind.value not in KINDS:
        return
    known = KINDS[kind.value].measures
    if str(measure.value) not in known:
        return
    unit = known[str(measure.value)][1]
    for end in ("value", "low", "high"):
        leaf = builder.leaves.get(("conclusion", "limit", end))
        limit = None if leaf is None else of_percent(leaf.value)
        if leaf is None or limit is None:
            continue
        key = "conclusion.limit" if end == "value" else f"conclusion.limit.{end}"
        if unit.startswith("%") and limit > 100:
            yield Problem(leaf.where(()), f"{key} is {limit:g}, but {measure.value} is a "
                          "percentage; for one half write 50.")  # fmt: skip
        elif isinstance(leaf.value, str) and not unit.startswith("%"):
            yield Problem(leaf.where(()), f"{key} is {leaf.value}, but {measure.value} is in "
                          f"{unit}; write a number.")  # fmt: skip
