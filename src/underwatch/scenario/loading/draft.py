"""A scenario while it is being read: leaves gathered file by file, then checked as one.

A leaf given later replaces an earlier one whole, with its source. What is wrong
is noted with its place and left out, so that the rest is still checked.
"""

import json
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from pydantic import BaseModel, ValidationError
from ruamel.yaml.comments import CommentedMap

from underwatch.errors import Problem, did_you_mean
from underwatch.scenario.dated import like_a_date
from underwatch.scenario.evidence import checked_source
from underwatch.scenario.loading.documents import Page, Rel, has_number, load, plain
from underwatch.scenario.loading.messages import day_of, for_example, no_day, refusal
from underwatch.scenario.loading.shapes import Shape, shown, spoken

Names = tuple[str, ...]  # a path of names from the top of the model


@dataclass(frozen=True)
class Leaf:
    """One value as written, why it is so, and where each of its parts stands."""

    value: Any
    source: str
    spots: dict[Rel, str]

    def where(self, rel: Rel) -> str:
        return next(self.spots[rel[:n]] for n in range(len(rel), -1, -1) if rel[:n] in self.spots)


@dataclass
class Draft:
    """All that has been said so far about one model."""

    model: type[BaseModel]
    problems: list[Problem]
    whole: bool = True  # False if a file could not be read: what is missing may be no fault
    leaves: dict[Names, Leaf] = field(default_factory=dict)
    spots: dict[Names, str] = field(default_factory=dict)  # where sections and leaves were named
    spoilt: set[Names] = field(default_factory=set)  # said wrongly; not to be complained of again

    # --- What is said

    def add(self, page: Page) -> None:
        """Take in a file, newer than all before it."""
        try:
            self._section(page, page.root, Shape(self.model), (), None)
        except RecursionError:
            self._refuse(f"{page.name}:1", None, "something here nests too deep.")

    def set(self, setting: str) -> None:
        """Take in KEY=VALUE from the command line."""
        key, equals, text = (part.strip() for part in setting.partition("="))
        name = f"--set {key}" if key else "--set"
        if not (key and equals and text):
            leaves = ((".".join(p), self._shape(p).example()) for p in Shape(self.model).leaves())
            known = next((f", for example --set {n}={e}" for n, e in leaves if e), "")
            self._refuse(name, None, f"{setting!r} is not a setting; write KEY=VALUE{known}.")
            return
        path, shape = tuple(key.split(".")), Shape(self.model)
        for part in path:
            shape = shape and shape.child(part)
        if shape is None or shape.is_section:
            self._refuse(name, None, self._unsettable(key, shape))
            return
        for n in range(1, len(path)):
            self.spots.setdefault(path[:n], name)
        page = load(text, name, None, self.problems)
        if page is None:
            self.spoilt.add(path)
        else:
            self._leaf(page, {path[-1]: page.root}, path[-1], shape, path, None)

    def _refuse(self, where: str | None, path: Names | None, sentence: str) -> None:
        self.problems.append(Problem(where, sentence))
        if path:
            self.spoilt.add(path)

    def _unsettable(self, key: str, shape: Shape | None) -> str:
        known = [".".join(path) for path in Shape(self.model).leaves()]
        if key == "extends":
            return "extends stands in a file; name the other scenario itself."
        if shape is None:
            same = [name for name in known if name.endswith("." + key.rpartition(".")[2])]
            return f"{key} is not known{did_you_mean(key, known, same)}"
        inside = next((name for name in known if name.startswith(f"{key}.")), f"{key}.name")
        return f"{key} is a section; set one of its values, for example {inside}."

    def _section(
        self, page: Page, node: CommentedMap, shape: Shape, path: Names, source: str | None
    ) -> None:
        if path and "source" in node and "source" not in shape.names:
            source = self._source(page, node, path)
        for key in node:
            name, where = str(key), page.where(node, key)
            below, child = (*path, name), shape.child(name)
            if name == ("source" if path else "extends") and name not in shape.names:
                continue  # read above, or by the lineage
            if child is None:
                self._refuse(where, below, self._unknown(name, shape, path))
            elif not child.is_section:
                self._leaf(page, node, key, child, below, source)
            elif isinstance(node[key], CommentedMap):
                self.spots[below] = where
                self._section(page, node[key], child, below, source)
            elif node[key] is None:
                self.spots[below] = where
            else:
                inside = next(iter(child.names), None)
                how = "write its keys below it" + (f", for example {inside}." if inside else ".")
                said = shown(plain(page, node, key, {}, {}))
                self._refuse(where, below, f"{spoken(below)} is {said}, but it is a section; {how}")

    def _unknown(self, name: str, shape: Shape, path: Names) -> str:
        if name == "source" and not path:
            return "source belongs to a section or to a value, not to the whole file."
        known = [".".join(p) for p in Shape(self.model).leaves() if p[-1] == name]
        return f"{spoken((*path, name))} is not known here{did_you_mean(name, shape.names, known)}"

    def _leaf(
        self, page: Page, node: Any, key: Any, shape: Shape, path: Names, source: str | None
    ) -> None:
        where, name = page.where(node, key), spoken(path)
        restated = path in self.spots
        self.spots[path] = where
        self.spoilt.discard(path)
        holder = node[key]
        if isinstance(holder, CommentedMap) and ("value" in holder or "source" in holder):
            if "source" in holder:
                source = self._source(page, holder, path)
            for at in (at for at in holder if at not in ("value", "source")):
                extra = str(at)
                how = f"{name}.{extra} is not known here{did_you_mean(extra, ['value', 'source'])}"
                if like_a_date(extra) or extra.isdigit():
                    how = f"{name}: {extra} stands beside `source:`; put the dates below `value:`."
                self._refuse(page.where(holder, at), None, how)
            if "value" not in holder:
                if not set(holder) - {"source"}:
                    self._refuse(where, None, f"{name} has a source but no value; add `value:`.")
                self.spoilt.add(path)
                return
            node, key = holder, "value"
        spots: dict[Rel, str] = {}
        odd: dict[Rel, str] = {}
        value = plain(page, node, key, spots, odd)
        leaf = Leaf(value, self._reason(page, value, source, path, where, restated), spots)
        for rel, why in odd.items():
            dated = len(rel) == 1 and shape.is_dated and isinstance(value, dict)
            end = f"; write a value{for_example(shape)}" if why.endswith("number") else "."
            self._refuse(leaf.where(rel), None, f"{spoken(path, rel)} {why}{end}")
            if dated:
                del value[rel[0]]  # the other dates are still checked
            else:
                self.spoilt.add(path)
        if isinstance(value, dict) and not shape.takes_mapping:
            leaf = self._by_date(leaf, shape, path)
        if path not in self.spoilt:
            self.leaves[path] = leaf

    def _by_date(self, leaf: Leaf, shape: Shape, path: Names) -> Leaf:
        """The leaf with the good ones of its dates, in order; the others are noted."""
        name, where, days = spoken(path), leaf.where(()), {k: day_of(k) for k in leaf.value}
        if not shape.is_dated:
            what = "cannot change with dates" if any(days.values()) else "is a mapping"
            self._refuse(where, path, f"{name} {what}; write one value{for_example(shape)}")
            return leaf
        if len(leaf.spots) == 1:  # not one date was written
            self._refuse(where, path, f"{name} is empty; write a value{for_example(shape)}")
        for key in (key for key, day in days.items() if day is None):
            self._refuse(leaf.where((key,)), None, f"{name}: {no_day(key)}")
        good = [key for key, day in days.items() if day]
        if not good:
            self.spoilt.add(path)
        for one, other in pairwise(good):
            if days[other] <= days[one]:
                how = "put the dates in ascending order."
                self._refuse(leaf.where((other,)), None, f"{name}: {other} follows {one}; {how}")
        return Leaf({key: leaf.value[key] for key in sorted(good)}, leaf.source, leaf.spots)

    # --- Why it is said

    def _reason(
        self, page: Page, value: Any, source: str | None, path: Names, where: str, restated: bool
    ) -> str:
        """The source of a leaf; a number that a file gives for the first time must have one."""
        if page.path is None:
            return "set on the command line"
        if source is not None:
            return source
        if path[0] in getattr(self.model, "SOURCELESS", ()):
            return f"set by {page.path.name}"
        if has_number(value) and not restated and self.whole:
            how = 'add `source: <evidence key>` or `source: "assumption: why"`.'
            self._refuse(where, None, f"{spoken(path)} has no source; {how}")
        return f"assumption: set by {page.path.name}"

    def _source(self, page: Page, node: CommentedMap, path: Names) -> str:
        source, faults = checked_source(node["source"])
        for fault in faults:
            self._refuse(page.where(node, "source"), None, f"{spoken(path)}.source {fault}")
        return source

    # --- Whether it holds

    def checked(self, top: str | None) -> BaseModel | None:
        """The model made of all leaves; None, and problems, if it refuses.

        top: the place of what is written nowhere.
        """
        data = self._nested()
        try:
            return self.model.model_validate_json(json.dumps(data), strict=True)
        except ValidationError as error:
            faults: dict[tuple[str | int, ...], list[dict[str, Any]]] = {}
            for one in error.errors(include_url=False):
                faults.setdefault(_place(one["loc"], data, one["type"]), []).append(one)
        for place, errors in faults.items():
            path = next((place[:n] for n in range(len(place)) if place[:n] in self.leaves), place)
            # One alternative may blame the whole where another blames only a part.
            partly = any(len(p) > len(place) and p[: len(place)] == place for p in faults)
            unread = errors[0]["type"] == "missing" and not self.whole
            spoilt = any(path[:n] in self.spoilt for n in range(len(path) + 1))
            if unread or spoilt or partly and path in self.leaves:
                continue
            rel, leaf = place[len(path) :], self.leaves.get(path)
            above = (self.spots.get(path[:n]) for n in range(len(path), 0, -1))
            where = leaf.where(rel) if leaf else next(filter(None, above), top)
            shape = self._shape(path).within(rel)
            name, value = spoken(path, rel), _at(data, place)
            self._refuse(where, None, refusal(name, value, errors, shape))
        return None

    def unsaid(self) -> list[Names]:
        """The leaves that no file gives and that keep the model's defaults."""
        absent = [
            path
            for path, shape in Shape(self.model).sections()
            if path not in self.spots and shape.model and not shape.field.is_required()
            and shape.field.get_default(call_default_factory=True) is None
        ]  # fmt: skip
        leaves = [path for path in Shape(self.model).leaves() if path not in self.leaves]
        return [path for path in leaves if not any(path[: len(a)] == a for a in absent)]

    def _nested(self) -> dict[str, Any]:
        """All leaves as one tree, in which every section that is named or required is there."""
        data: dict[str, Any] = {}
        for path, shape in Shape(self.model).sections():
            required = shape.model and shape.field.is_required()
            if path in self.spots or required and _at(data, path[:-1]) is not None:
                _put(data, path, {})
        for path in (path for path in self.spots if self._shape(path).is_section):
            _put(data, path, {})
        for path, leaf in self.leaves.items():
            _put(data, path, leaf.value)
        return data

    def _shape(self, path: tuple[str | int, ...]) -> Shape:
        shape = Shape(self.model)
        for name in path:
            shape = shape.child(str(name)) or shape
        return shape


def _put(data: dict[str, Any], path: Names, value: Any) -> None:
    for name in path[:-1]:
        data = data.setdefault(name, {})
    if path[-1] not in data:
        data[path[-1]] = value


def _at(data: Any, place: tuple[str | int, ...]) -> Any:
    for part in place:
        inside = part in data if isinstance(data, dict) else isinstance(data, list)
        data = data[part] if inside else None
    return data


def _place(loc: tuple[str | int, ...], data: Any, kind: str) -> tuple[str | int, ...]:
    """Pydantic's location without the marks of unions, which stand in no file."""
    place: list[str | int] = []
    for n, part in enumerate(loc):
        known = part in data if isinstance(data, dict) else isinstance(data, list)
        if known and (isinstance(data, dict) or isinstance(part, int)):
            place.append(part)
            data = data[part]
        elif kind == "missing" and n == len(loc) - 1:
            place.append(part)
    return tuple(place)
