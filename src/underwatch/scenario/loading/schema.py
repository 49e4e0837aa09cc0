"""What a model expects at each key: a section, an open section, or a leaf of some kind.

A section has known names, an open section has any names with values of one kind, and a leaf
holds a value. Each can describe what belongs there, in the words of the file.
"""

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from underwatch.errors import shortened
from underwatch.scenario.dated import Dated, like_a_date

LISTS = (list, tuple, set, frozenset)
A_DATE = "a date such as 2018-01-31"
_WORDS = {bool: "true or false", int: "a whole number", float: "a number", str: "text"}
_WORDS |= {date: A_DATE, dict: "a mapping"} | dict.fromkeys(LISTS, "a list in [brackets]")


@dataclass(frozen=True)
class Shape:
    """What one key of a model may hold: a value or a section."""

    annotation: Any
    field: FieldInfo | None = None

    @staticmethod
    @cache
    def of(model: type[BaseModel]) -> "Shape":
        """The shape of a model, with what has been found of its keys so far."""
        return Shape(model)

    @cached_property
    def parts(self) -> list[Any]:
        """Every kind of value that is accepted here, and every constraint on it."""
        found = list(_parts(self.annotation))
        return [*found, *self.field.metadata, self.field] if self.field else found

    @cached_property
    def model(self) -> type[BaseModel] | None:
        """The model of a section, also of one that may be absent."""
        kinds = [one for one in _alternatives(self.annotation) if one is not NoneType]
        return kinds[0] if len(kinds) == 1 and _is_model(kinds[0]) else None

    @cached_property
    def names(self) -> dict[str, "Shape"]:
        """The known names of a section, as a file has them."""
        fields = self.model.model_fields if self.model else {}
        return {f.alias or name: Shape(f.annotation, f) for name, f in fields.items()}

    @cached_property
    def entry(self) -> "Shape | None":
        """What each name of an open section holds; None if this is none."""
        args = get_args(self.annotation)
        is_open = get_origin(self.annotation) is dict and args[0] is str
        return Shape(args[1]) if is_open else None

    @property
    def is_section(self) -> bool:
        return self.model is not None or self.entry is not None

    @property
    def is_dated(self) -> bool:
        return Dated in self.parts

    @property
    def takes_mapping(self) -> bool:
        return dict in self.parts or Any in self.parts or any(map(_is_model, self.parts))

    @property
    def is_required(self) -> bool:
        return self.field is not None and self.field.is_required()

    @property
    def default(self) -> Any:
        """What holds where no file gives a value; None if there is no default."""
        given = self.field and self.field.get_default(call_default_factory=True)
        return None if given is PydanticUndefined else given

    def child(self, name: str) -> "Shape | None":
        """What a name of a section holds."""
        return self.entry or self.names.get(name)

    def leaves(self, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
        """The paths of all leaves that have a known name."""
        for name, shape in self.names.items():
            yield from shape.leaves((*path, name)) if shape.is_section else [(*path, name)]

    def sections(self, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], "Shape"]]:
        """Every section that has a known name, outer before inner."""
        for name, shape in self.names.items():
            if shape.is_section:
                yield (*path, name), shape
                yield from shape.sections((*path, name))

    def within(self, rel: tuple[str | int, ...]) -> "Shape | None":
        """The shape of a part of a leaf, such as one date's value; None if nothing is known."""
        if not rel:
            return self
        part, rest = rel[0], rel[1:]
        for one in _alternatives(self.annotation):
            origin, args = get_origin(one), get_args(one)
            if origin is Dated:
                return Shape(args[0], self.field).within(rest if like_a_date(part) else rel)
            if isinstance(part, int) and origin in LISTS:
                fixed = origin is tuple and args[-1] is not ... and part < len(args)
                return Shape(args[part] if fixed else args[0]).within(rest)
            if isinstance(part, str) and origin is dict:
                return Shape(args[1]).within(rest)
            if _is_model(one):
                inner = Shape(one).child(str(part))
                return inner.within(rest) if inner else None
        return None

    def bound(self, name: str) -> Any:
        """A constraint such as ge, in the type of the value; None if there is none."""
        return next((getattr(p, name) for p in self.parts if hasattr(p, name)), None)

    @property
    def is_probability(self) -> bool:
        return (self.bound("ge"), self.bound("le")) == (0, 1) and float in self.parts

    @property
    def is_fraction(self) -> bool:
        """Whether this is a number that lies within -1 to 1, so that a percentage is too large."""
        low = next((b for b in map(self.bound, ("ge", "gt")) if b is not None), -math.inf)
        high = next((b for b in map(self.bound, ("le", "lt")) if b is not None), math.inf)
        return float in self.parts and low >= -1 and high <= 1

    @property
    def quantity(self) -> str | None:
        """What a number between 0 and 1 is, if not a probability: the title of its field."""
        return next((p.title for p in self.parts if isinstance(p, FieldInfo) and p.title), None)

    @property
    def choices(self) -> list[str]:
        """The words of which one must be chosen, if there are any."""
        return [str(c) for p in self.parts if get_origin(p) is Literal for c in get_args(p)]

    def expected(self) -> str | None:
        """What belongs here, as in "a whole number of at least 1"; None if that is not known."""
        if self.is_probability and self.quantity:
            return f"a {self.quantity} from 0 to 1"
        if self.is_probability:
            return "a probability between 0 and 1"
        kinds = [p for p in self.parts if isinstance(p, type) and p in _WORDS]
        words = [_WORDS[k] + (self._limits() if k in (int, float, date) else "") for k in kinds]
        if str in kinds and float in kinds and self.quantity:
            words[kinds.index(str)] = f"a {self.quantity}"
        words += ["one of " + ", ".join(self.choices)] if self.choices else []
        return " or ".join(dict.fromkeys(words)) or None

    def _limits(self) -> str:
        low, high = self.bound("ge"), self.bound("le")
        if low is not None and high is not None:
            return f" between {_limit(low)} and {_limit(high)}"
        words = {"ge": "of at least", "gt": "above", "le": "of at most", "lt": "below"}
        limits = {word: self.bound(name) for name, word in words.items()}
        known = [f"{word} {_limit(limit)}" for word, limit in limits.items() if limit is not None]
        return f" {' and '.join(known)}" if known else ""

    def example(self) -> str | None:
        """A value that is accepted, from the field's examples or its default."""
        fields = [p for p in self.parts if isinstance(p, FieldInfo)]
        examples = [e for f in reversed(fields) for e in f.examples or ()]
        for value in examples + [f.default for f in fields]:
            if value is not PydanticUndefined and value is not None:
                return as_written(
                    value.steps[-1][1] if isinstance(value, Dated) else value, quote=""
                )
        return None


def _limit(value: Any) -> str:
    """A limit in a sentence, with thousands separators."""
    return f"{value:,}" if isinstance(value, int) else as_written(value)


def _is_model(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)


def _alternatives(annotation: Any) -> Iterator[Any]:
    """The alternatives of an annotation, without its metadata."""
    origin = get_origin(annotation)
    if origin is Annotated:
        yield from _alternatives(get_args(annotation)[0])
    elif origin in (Union, UnionType):
        for arg in get_args(annotation):
            yield from _alternatives(arg)
    else:
        yield annotation


def _parts(annotation: Any) -> Iterator[Any]:
    origin, args = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        yield from _parts(args[0])
        for note in args[1:]:
            yield from [*note.metadata, note] if isinstance(note, FieldInfo) else [note]
    elif origin in (Union, UnionType, Dated):
        yield from [Dated] if origin is Dated else []
        for arg in args:
            yield from _parts(arg)
    else:
        yield annotation if origin in (None, Literal) else origin


def as_written(value: Any, quote: str = "'") -> str:
    """A value as a file would have it, cut short."""
    if isinstance(value, str):
        return f"{quote}{shortened(value, 60)}{quote}"
    if isinstance(value, dict):
        return "a mapping"
    if value is None:
        return "empty"
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return str(int(value))
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= 10**30:
        return f"a number of {int(math.log10(abs(value))) + 1} digits"
    if isinstance(value, (list, tuple, bool, int, float)):
        return shortened(json.dumps(value, default=str), 60)
    return str(value)


def key_name(path: tuple[str | int, ...], rel: tuple[str | int, ...] = ()) -> str:
    """The name of a place in a sentence: cameras.uptime from 2018-01-01."""
    name = ".".join(shortened(part, 60) for part in path)
    for part in rel:
        if isinstance(part, int):
            name = f"entry {part + 1} of {name}"
        else:
            name += f" from {part}" if like_a_date(part) else f".{shortened(part, 60)}"
    return name
