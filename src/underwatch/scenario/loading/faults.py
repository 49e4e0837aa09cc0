"""From what pydantic and the cross-field checks refuse to problems with a place."""

import json
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel, TypeAdapter, ValidationError

from underwatch.errors import Problem
from underwatch.scenario.loading.messages import refusal
from underwatch.scenario.loading.schema import Shape, key_name

if TYPE_CHECKING:
    from underwatch.scenario.loading.builder import Builder

M = TypeVar("M", bound=BaseModel)
Place = tuple[str | int, ...]
CROSS_FIELD = "cross_field"  # pydantic's type of an error that a model's own checks have raised


def check(builder: "Builder[M]", data: dict[str, Any], top: str | None) -> M | None:
    """The model of all leaves; None, and problems with their places, if it is refused."""
    try:
        return builder.model.model_validate_json(json.dumps(data), strict=True)
    except ValidationError as error:
        faults: dict[Place, list[dict[str, Any]]] = {}
        for one in error.errors(include_url=False):
            if one["type"] != CROSS_FIELD:
                faults.setdefault(_place(one["loc"], data, one["type"]), []).append({**one})
    for place, errors in faults.items():
        path = next((place[:n] for n in range(len(place)) if place[:n] in builder.leaves), place)
        # One alternative may blame the whole where another blames only a part.
        partly = any(len(p) > len(place) and p[: len(place)] == place for p in faults)
        unread = errors[0]["type"] == "missing" and not builder.complete
        reported = any(path[:n] in builder.refused for n in range(len(path) + 1))
        if unread or reported or partly and path in builder.leaves:
            continue
        named = tuple(map(str, path))
        rel, leaf = place[len(path) :], builder.leaves.get(named)
        above = (builder.places.get(named[:n]) for n in range(len(named), 0, -1))
        where = leaf.where(rel) if leaf else next(filter(None, above), top)
        shape = builder._shape(path).within(rel)
        name, value = key_name(path, rel), _at(data, place)
        builder.problems.append(Problem(where, refusal(name, value, errors, shape)))
    blamed = {place[:n] for place in faults for n in range(1, len(place) + 1)}
    _cross_field(builder, blamed)
    return None


def _cross_field(builder: "Builder[M]", blamed: set[Place]) -> None:
    """Run each cross-field check whose figures are each accepted."""
    for one in getattr(builder.model, "CHECKS", ()):
        paths = [tuple(key.split(".")) for key in one.keys]
        if any(p in blamed or p in builder.refused or p not in builder.leaves for p in paths):
            continue
        try:
            values = [_value(builder._shape(path), builder.leaves[path].value) for path in paths]
        except ValidationError:
            continue
        latest = max((builder.leaves[path] for path in paths), key=lambda leaf: leaf.rank)
        for sentence in one.faults(*values):
            builder.problems.append(Problem(latest.where(()), sentence))


def _value(shape: Shape, written: Any) -> Any:
    """A leaf in the type of the model."""
    return TypeAdapter(shape.annotation).validate_json(json.dumps(written), strict=True)


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
