"""The leaves of a model as files write them: value, source, place, dates.

What is wrong with a leaf is noted with its place, and the leaf is left out.
"""

from itertools import pairwise
from typing import Any

from ruamel.yaml.comments import CommentedMap

from underwatch.errors import Problem, did_you_mean, shortened
from underwatch.scenario.dated import like_a_date
from underwatch.scenario.evidence import checked_source
from underwatch.scenario.loading.documents import Document, Parts, has_number
from underwatch.scenario.loading.gathered import Gathered, Leaf, M, Names
from underwatch.scenario.loading.messages import day_of, for_example, no_day
from underwatch.scenario.loading.schema import Shape, key_name
from underwatch.scenario.stated import kept, range_fault


class Leaves(Gathered[M]):
    """Takes the leaves of a model one by one."""

    def _put_leaf(self, path: Names, leaf: Leaf) -> None:
        for n in range(1, len(path) + 1):
            self.places.setdefault(path[:n], leaf.places[()])
        self.leaves[path] = leaf

    def _refuse(self, where: str | None, path: Names | None, sentence: str) -> None:
        self.problems.append(Problem(where, sentence))
        if path:
            self.refused.add(path)

    def _leaf(
        self, document: Document, node: Any, key: Any, shape: Shape, path: Names, source: str | None
    ) -> None:
        where, name = document.where(node, key), key_name(path)
        restated = path in self.places
        self.places[path] = where
        self.refused.discard(path)
        mapping = node[key]
        if isinstance(mapping, CommentedMap) and ("value" in mapping or "source" in mapping):
            if "source" in mapping:
                source = self._source(document, mapping, path)
            self._beside_value(document, mapping, name)
            if "value" not in mapping:
                if not set(mapping) - {"source"}:
                    self._refuse(where, None, f"{name} has a source but no value; add `value:`.")
                self.refused.add(path)
                return
            node, key = mapping, "value"
        parts = Parts(document)
        value = parts.plain(node, key)
        reason = self._reason(document, value, source, path, where, restated)
        leaf = Leaf(value, reason, {**parts.places}, next(self.ranks))
        self._odd_parts(parts, leaf, shape, path)
        if source is not None and (wrong := range_fault(value, source)):
            self._refuse(where, None, f"{name}{wrong}")
        if isinstance(value, dict) and not shape.takes_mapping and path not in self.refused:
            leaf = self._by_date(leaf, shape, path)
        if path not in self.refused:
            self.leaves[path] = leaf

    def _beside_value(self, document: Document, mapping: CommentedMap, name: str) -> None:
        """Keys beside `value:` and `source:` are unknown."""
        for key in (key for key in mapping if key not in ("value", "source")):
            extra = shortened(key, 60)
            how = f"{name}.{extra} is not known here{did_you_mean(extra, ['value', 'source'])}"
            if like_a_date(extra) or extra.isdigit():
                how = f"{name}: {extra} stands beside `source:`; put the dates below `value:`."
            self._refuse(document.where(mapping, key), None, how)

    def _odd_parts(self, parts: Parts, leaf: Leaf, shape: Shape, path: Names) -> None:
        """Report the parts of a value that no model could accept, or that may mislead."""
        for rel, why in parts.faults.items():
            end = f"; write a value{for_example(shape)}" if why.endswith("number") else "."
            self._refuse(leaf.where(rel), None, f"{key_name(path, rel)} {why}{end}")
            if len(rel) == 1 and shape.is_dated and isinstance(leaf.value, dict):
                del leaf.value[rel[0]]  # the other dates are still checked
            else:
                self.refused.add(path)
        for rel, written in parts.dotted.items():
            inner = shape.within(rel)
            if inner and int in inner.parts and float not in inner.parts:
                whole, _, rest = written.partition(".")
                sentence = (
                    f"{key_name(path, rel)} is {written}, in which YAML reads the dot as a decimal "
                    f"point; write {whole}{rest} without a dot, or {whole}."
                )
                self._refuse(leaf.where(rel), path, sentence)

    def _by_date(self, leaf: Leaf, shape: Shape, path: Names) -> Leaf:
        """The leaf with its valid dates, in order; the others are reported."""
        name, where, days = key_name(path), leaf.where(()), {k: day_of(k) for k in leaf.value}
        if not shape.is_dated:
            what = "cannot change with dates" if any(days.values()) else "is a mapping"
            self._refuse(where, path, f"{name} {what}; write one value{for_example(shape)}")
            return leaf
        if not leaf.value and len(leaf.places) == 1:
            self._refuse(where, path, f"{name} is empty; write a value{for_example(shape)}")
        for key in (key for key, day in days.items() if day is None):
            self._refuse(leaf.where((key,)), None, f"{name}: {no_day(shortened(key, 60))}")
        good = {key: day for key, day in days.items() if day}
        if not good:
            self.refused.add(path)
        for one, other in pairwise(good):
            if good[other] <= good[one]:
                how = "put the dates in ascending order."
                self._refuse(leaf.where((other,)), None, f"{name}: {other} follows {one}; {how}")
        ordered = {key: leaf.value[key] for key in sorted(good)}
        return Leaf(ordered, leaf.source, leaf.places, leaf.rank)

    # --- Sources

    def _reason(
        self, document: Document, value: Any, source: str | None, path: Names, where: str,
        restated: bool,
    ) -> str:  # fmt: skip
        """The source of a leaf; a number that a file gives for the first time must have one."""
        if document.path is None:
            return kept("set on the command line", value, self._source_before(path))
        if source is not None:
            return source
        file = shortened(document.path.name, 60)
        if path[0] in getattr(self.model, "SOURCELESS", ()):
            return f"set by {file}"
        if has_number(value) and not restated and self.complete:
            how = 'add `source: <evidence key>` or `source: "assumption: why"`.'
            self._refuse(where, None, f"{key_name(path)} has no source; {how}")
        return f"assumption: set by {file}"

    def _source_before(self, path: Names) -> str:
        """The source of the figure that a setting replaces; empty without one."""
        return self.leaves[path].source if path in self.leaves else ""

    def _source(self, document: Document, node: CommentedMap, path: Names) -> str:
        source, faults = checked_source(node["source"])
        for fault in faults:
            self._refuse(document.where(node, "source"), None, f"{key_name(path)}.source {fault}")
        return source
