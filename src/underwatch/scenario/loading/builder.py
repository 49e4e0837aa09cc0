"""A model while it is being read: leaves gathered file by file, then checked as one.

A leaf given later replaces an earlier one as a whole, with its source. What is wrong is noted
with its place and left out, so that the rest is still checked.
"""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from ruamel.yaml.comments import CommentedMap

from underwatch.errors import MOST_PROBLEMS, shortened
from underwatch.scenario.census import KEY as CENSUS
from underwatch.scenario.census import Census
from underwatch.scenario.loading.census import census_document, census_name
from underwatch.scenario.loading.documents import Document, Parts, parse
from underwatch.scenario.loading.faults import check
from underwatch.scenario.loading.gathered import Leaf, M, Names
from underwatch.scenario.loading.leaves import Leaves
from underwatch.scenario.loading.schema import Shape, as_written, key_name
from underwatch.scenario.loading.unknown import no_leaf, unknown_key
from underwatch.scenario.loading.values import plain_value
from underwatch.scenario.sections.society import Margins
from underwatch.scenario.stated import kept


class Builder(Leaves[M]):
    """Gathers the leaves of a model, file by file, and makes the model of them."""

    # --- Reading

    def add(self, document: Document) -> None:
        """Read a file; its leaves replace those of all files before it."""
        self._section(document, document.root, Shape.of(self.model), (), None)

    def set(self, setting: str) -> None:
        """Read KEY=VALUE, as on the command line."""
        key, equals, text = (part.strip() for part in str(setting).partition("="))
        name = f"--set {shortened(key)}" if key else "--set"
        if not (key and equals and text):
            paths = Shape.of(self.model).leaves()
            leaves = ((".".join(path), self.shape_at(path).example()) for path in paths)
            known = next((f", for example --set {n}={e}" for n, e in leaves if e), "")
            written = shortened(repr(str(setting)))
            self._refuse(name, None, f"{written} is not a setting; write KEY=VALUE{known}.")
            return
        if self._is_census(tuple(key.split("."))):
            self._take_census(text, Path(), name)
            return
        shape, path = self._leaf_shape(key, name)
        if shape is None:
            return
        document = parse(text, name, None, self.problems)
        if document is None:
            self.refused.add(path)
        else:
            self._leaf(document, {path[-1]: document.root}, path[-1], shape, path, None)

    def start_from(self, value: BaseModel, sources: Mapping[str, str]) -> None:
        """Take every leaf of a checked model."""
        data = value.model_dump(mode="json")
        for path in Shape.of(self.model).leaves():
            part = data
            for name in path:
                part = part[name]
            self._put_leaf(path, Leaf(part, sources.get(".".join(path), ""), {(): None}))

    def replace(self, key: str, new: Any) -> None:
        """Replace one leaf by a Python value, or all margins by those of a census."""
        if self._is_census(tuple(key.split("."))):
            self._take_census(new, Path(), None)
            return
        shape, path = self._leaf_shape(key, None)
        if shape is None:
            return
        try:
            value = plain_value(new)
        except TypeError as error:
            self._refuse(None, path, f"{key} {error}.")
            return
        source = kept("assumption: set in Python", value, self._source_before(path))
        leaf = Leaf(value, source, {(): None}, next(self.ranks))
        if isinstance(value, dict) and not shape.takes_mapping:
            leaf = self._by_date(leaf, shape, path)
        if path not in self.refused:
            self._put_leaf(path, leaf)

    # --- Keys

    def _leaf_shape(self, key: str, where: str | None) -> tuple[Shape | None, Names]:
        """What a dotted key may hold, and its path; a problem and None if it names no leaf."""
        path = tuple(key.split("."))
        shape: Shape | None = Shape.of(self.model)
        for n, part in enumerate(path):
            if shape and shape.entry and not shape.entry.is_section:  # its names may have dots
                path, shape = (*path[:n], ".".join(path[n:])), shape.entry
                break
            shape = shape and shape.child(part)
        if shape is None or shape.is_section:
            self._refuse(where, None, no_leaf(self.model, key, shape))
            return None, path
        for n in range(1, len(path)):
            self.places[path[:n]] = where or self.places.get(path[:n])
        return shape, path

    def _unknown(self, name: str, shape: Shape, path: Names) -> str:
        """The sentence about a key of a file that is not known."""
        if len(self.problems) > MOST_PROBLEMS:  # not shown; and looking for a near name is slow
            return f"{key_name((*path, name))} is not known here."
        return unknown_key(self.model, name, shape, path)

    # --- The census

    def _is_census(self, path: Names) -> bool:
        return ".".join(path) == CENSUS and "society" in self.model.model_fields

    def _take_census(self, wanted: Any, folder: Path, where: str | None) -> None:
        """Take the margins of a census; what is given later replaces them."""
        read: Builder[Census] = Builder(Census, [])
        document = census_document(wanted, folder, where, read.problems)
        if document is not None:
            read.add(document)
            read.checked(f"{document.name}:1")
        self.problems += read.problems
        for name in Margins.model_fields:
            path = (CENSUS.partition(".")[0], name)
            if document is None or read.problems:
                self.refused.add(path)
                continue
            leaf = read.leaves[(name,)]
            self.refused.discard(path)
            self._put_leaf(path, replace(leaf, rank=next(self.ranks)))
            self.places[path] = leaf.where(())
        if document is not None:
            self.census = census_name(document)

    # --- Sections

    def _section(
        self, document: Document, node: CommentedMap, shape: Shape, path: Names, source: str | None
    ) -> None:
        if path and "source" in node and "source" not in shape.names:
            source = self._source(document, node, path)
        if self._is_census((*path, "census")) and "census" in node:
            folder = document.path.parent if document.path else Path()
            self._take_census(node["census"], folder, document.where(node, "census"))
        for key in node:
            name, where = str(key), document.where(node, key)
            below, child = (*path, name), shape.child(name)
            if self._is_census(below):
                continue  # read above
            if name == ("source" if path else "extends") and name not in shape.names:
                continue  # read above, or while the files were found
            if child is None:
                self._refuse(where, below, self._unknown(name, shape, path))
            elif not child.is_section:
                self._leaf(document, node, key, child, below, source)
            elif isinstance(node[key], CommentedMap):
                self.places[below] = where
                self._section(document, node[key], child, below, source)
            elif node[key] is None:
                self.places[below] = where
            else:
                inside = next(iter(child.names), None)
                how = "write its keys below it" + (f", for example {inside}." if inside else ".")
                written = as_written(Parts(document).plain(node, key))
                sentence = f"{key_name(below)} is {written}, but it is a section; {how}"
                self._refuse(where, below, sentence)

    # --- The result

    def checked(self, top: str | None) -> M | None:
        """The model made of all leaves; None, and problems, if it is refused.

        top: the place of what no file gives.
        """
        return check(self, self._nested(), top)

    def defaults(self) -> list[Names]:
        """The leaves that no file gives and that keep the model's defaults."""
        absent = [
            path
            for path, shape in Shape.of(self.model).sections()
            if path not in self.places and shape.model and not shape.is_required
            and shape.default is None
        ]  # fmt: skip
        leaves = [path for path in Shape.of(self.model).leaves() if path not in self.leaves]
        return [path for path in leaves if not any(path[: len(a)] == a for a in absent)]

    def _nested(self) -> dict[str, Any]:
        """All leaves as one tree, which has every section that is named or required."""
        data: dict[str, Any] = {}
        for path, shape in Shape.of(self.model).sections():
            required = shape.model and shape.is_required
            if path in self.places or required and _has(data, path[:-1]):
                _put(data, path, {})
        for path in (path for path in self.places if self.shape_at(path).is_section):
            _put(data, path, {})
        for path, leaf in self.leaves.items():
            _put(data, path, leaf.value)
        return data


def _put(data: dict[str, Any], path: Names, value: Any) -> None:
    for name in path[:-1]:
        data = data.setdefault(name, {})
    if path[-1] not in data:
        data[path[-1]] = value


def _has(data: Any, path: Names) -> bool:
    for name in path:
        if name not in data:
            return False
        data = data[name]
    return True
