"""From what pydantic and the cross-field checks refuse to problems with a place."""

import json
from typing import Any

from pydantic import TypeAdapter, ValidationError

from underwatch.errors import Problem
from underwatch.scenario.loading.gathered import Gathered, Leaf, M
from underwatch.scenario.loading.messages import refusal
from underwatch.scenario.loading.schema import Shape, key_name

Place = tuple[str | int, ...]
MOST_MISSING = 10  # keys that are reported one by one in a file that extends no other
CROSS_FIELD = "cross_field"  # pydantic's type of an error that a model's own checks have raised


def check(gathered: Gathered[M], data: dict[str, Any], top: str | None) -> M | None:
    """The model of all leaves; None, and problems with their places, if it is refused."""
    try:
        return gathered.model.model_validate_json(json.dumps(data), strict=True)
    except ValidationError as error:
        faults: dict[Place, list[dict[str, Any]]] = {}
        for one in error.errors(include_url=False):
            if one["type"] != CROSS_FIELD:
                faults.setdefault(_place(one["loc"], data, one["type"]), []).append({**one})
    _no_parent(gathered, faults, top)
    for place, errors in faults.items():
        path = next((place[:n] for n in range(len(place)) if place[:n] in gathered.leaves), place)
        # One alternative may blame the whole where another blames only a part.
        partly = any(len(p) > len(place) and p[: len(place)] == place for p in faults)
        unread = errors[0]["type"] == "missing" and not gathered.complete
        reported = any(path[:n] in gathered.refused for n in range(len(path) + 1))
        if unread or reported or partly and path in gathered.leaves:
            continue
        named = tuple(map(str, path))
        rel, leaf = place[len(path) :], gathered.leaves.get(named)
        above = (gathered.places.get(named[:n]) for n in range(len(named), 0, -1))
        where = leaf.where(rel) if leaf else next(filter(None, above), top)
        shape = gathered.shape_at(path).within(rel)
        name, value = key_name(path, rel), _at(data, place)
        gathered.problems.append(Problem(where, refusal(name, value, errors, shape)))
    blamed = {place[:n] for place in faults for n in range(1, len(place) + 1)}
    _cross_field(gathered, blamed)
    return None


def _no_parent(gathered: Gathered[M], faults: dict[Place, Any], top: str | None) -> None:
    """Report the missing keys of a file that extends no other in one sentence, if they are many."""
    absent = [place for place, errors in faults.items() if errors[0]["type"] == "missing"]
    if not gathered.to_extend or not gathered.complete or len(absent) <= MOST_MISSING:
        return
    for place in absent:
        del faults[place]
    how = f"add `extends: {gathered.to_extend}` to take them from a shipped scenario."
    gathered.problems.append(Problem(top, f"{len(absent):,} keys are missing; {how}"))


def _cross_field(gathered: Gathered[M], blamed: set[Place]) -> None:
    """Run each cross-field check whose figures are each accepted."""
    for one in getattr(gathered.model, "CHECKS", ()):
        paths = [tuple(key.split(".")) for key in one.keys]
        if any(p in blamed or p in gathered.refused or p not in gathered.leaves for p in paths):
            continue
        leaves = [gathered.leaves[path] for path in paths]
        shapes = [gathered.shape_at(path) for path in paths]
        try:
            values = [_value(*one) for one in zip(shapes, leaves, strict=True)]
        except ValidationError:
            continue
        latest = max(leaves, key=lambda leaf: leaf.rank)
        for sentence in one.faults(*values):
            gathered.problems.append(Problem(latest.where(()), sentence))


def _value(shape: Shape, leaf: Leaf) -> Any:
    """The value of a leaf in the type of the model."""
    return TypeAdapter(shape.annotation).validate_json(json.dumps(leaf.value), strict=True)


def _at(data: Any, place: Place) -> Any:
    for part in place:
        inside = part in data if isinstance(data, dict) else isinstance(data, list)
        data = data[part] if inside else None
    return data


def _place(loc: tuple[str | int, ...], data: Any, kind: str) -> Place:
    """Pydantic's location without the names of alternatives, which stand in no file."""
    place: list[str | int] = []
    for n, part in enumerate(loc):
        known = part in data if isinstance(data, dict) else isinstance(data, list)
        if known and (isinstance(data, dict) or isinstance(part, int)):
            place.append(part)
            data = data[part]
        elif kind == "missing" and n == len(loc) - 1:
            place.append(part)
    return tuple(place)
