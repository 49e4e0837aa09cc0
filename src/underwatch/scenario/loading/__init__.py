"""From scenario files to a checked model, with a source and a place for every value.

A file holds sections; a leaf is a value, values by date, or {value, source}. `extends: name`
reads another file first, and each leaf given here replaces the other's as a whole, with its
source. Settings such as those of the command line come next, and scenarios laid over the result
come last. All problems are reported at once.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Generic, TypeVar

from pydantic import BaseModel

from underwatch.errors import Problem, UserError, shortened
from underwatch.scenario.census import KEY as CENSUS
from underwatch.scenario.data import SCENARIOS
from underwatch.scenario.loading.builder import Builder
from underwatch.scenario.loading.documents import Document
from underwatch.scenario.loading.files import (
    SUFFIXES,
    ancestry,
    find,
    is_path,
    label,
    open_document,
)

__all__ = ["SUFFIXES", "Loaded", "changed", "is_path", "read"]

M = TypeVar("M", bound=BaseModel)
DEFAULT = "default"
TO_EXTEND = "atlantic-2018"  # the scenario to suggest to a file that extends none


@dataclass(frozen=True)
class Loaded(Generic[M]):
    """A checked model. A leaf that no file gives has the source and the origin "default"."""

    value: M
    sources: dict[str, str]  # dotted key: evidence keys, "assumption: …", "set …"
    origins: dict[str, str]  # dotted key: "file:line" or "--set key"
    files: tuple[str, ...]  # the files that were read, the one extended by all others first
    parent: str | None = None  # what the file extends, as `read` takes it
    census: str | None = None  # the census that the files name, by name or path


def read(
    path_or_name: str | Path,
    model: type[M],
    settings: Iterable[str] = (),
    shipped: Path = SCENARIOS,
    over: Iterable[str] = (),
    check: Callable[[Builder[M]], None] | None = None,
) -> Loaded[M]:
    """Read a scenario by name (from a folder) or by path (.yaml, .yml).

    Parameters
    ----------
    model
        Frozen, extra="forbid"; sections are nested models or dict[str, …]. SOURCELESS names the
        top-level keys whose numbers need no source; CHECKS are its cross-field checks.
    settings
        "key=value", in the order in which they are applied, after the files; a census that is
        named comes before the others.
    over
        Scenarios whose own leaves are laid over the result, one after another and whatever they
        extend; title and text stay. They come after the settings, so that a switch that is
        turned off stays off.
    check
        Gets the builder, whose leaves have their places, and adds what else is wrong to its
        problems, so that all is reported at once.

    Raises
    ------
    UserError
        All problems of all files and settings.
    """
    settings, over = _texts("settings", settings), _texts("over", over)
    problems: list[Problem] = []
    documents, complete = ancestry(str(path_or_name), Path(shipped), problems)
    builder: Builder[M] = Builder(model, problems, complete)
    for document in reversed(documents):
        builder.add(document)
    if len(documents) == 1 and (Path(shipped) / f"{TO_EXTEND}.yaml").is_file():
        builder.to_extend = TO_EXTEND
    for setting in sorted(settings, key=lambda text: not text.strip().startswith(CENSUS)):
        builder.set(setting)  # a census first, so that the other settings replace its figures
    for name in over:
        own = _own_leaves(name, Path(shipped), problems)
        if own is not None:
            builder.add(own)
    value = builder.checked(f"{documents[0].name}:1" if documents else None)
    if check is not None:
        check(builder)
    if problems or value is None:
        raise UserError(_in_order(problems, documents))
    return Loaded(
        value,
        *_sources_and_origins(builder),
        tuple(document.name for document in reversed(documents)),
        _parent(documents, Path(shipped)),
        builder.census,
    )


def _texts(name: str, given: Iterable[str]) -> list[str]:
    """Several texts, or one. Raises UserError for anything else."""
    if isinstance(given, str):
        return [given]
    if not isinstance(given, Iterable):
        raise UserError(f"{name} is {shortened(repr(given))}, but it is a list of texts.")
    return [str(each) for each in given]


def _parent(documents: list[Document], shipped: Path) -> str | None:
    """The name or the path of what the first file extends."""
    if len(documents) < 2 or documents[1].path is None:
        return None
    path = documents[1].path
    return path.stem if path.parent == shipped.resolve() else str(path)


def changed(value: M, sources: Mapping[str, str], changes: Mapping[str, Any]) -> Loaded[M]:
    """A model with other values at some dotted keys, checked as a file is.

    changes: dotted key to a plain value, or to a mapping of dates to values.

    Raises UserError with all problems of all changes.
    """
    if not isinstance(changes, Mapping):
        raise UserError(
            f"{shortened(repr(changes))} is not a mapping of keys to values, such as "
            '{"cameras.uptime": 0.5}.'
        )
    problems: list[Problem] = []
    builder: Builder[M] = Builder(type(value), problems)
    builder.start_from(value, sources)
    for key in sorted(changes, key=lambda key: str(key) != CENSUS):  # see `read`
        builder.replace(str(key), changes[key])
    built = builder.checked(None)
    if problems or built is None:
        raise UserError(problems)
    return Loaded(built, *_sources_and_origins(builder), (), None, builder.census)


def _sources_and_origins(builder: Builder[M]) -> tuple[dict[str, str], dict[str, str]]:
    defaults = {".".join(path): DEFAULT for path in builder.defaults()}
    leaves = {".".join(path): leaf for path, leaf in builder.leaves.items()}
    return (
        {name: leaf.source for name, leaf in leaves.items()} | defaults,
        {name: leaf.places[()] or "" for name, leaf in leaves.items()} | defaults,
    )


def _own_leaves(name: str, shipped: Path, problems: list[Problem]) -> Document | None:
    """What one scenario itself declares of the world, without what it extends."""
    path = find(name, Path(), shipped, None, problems)
    document = open_document(path, label(path, shipped), problems) if path else None
    if document is None:
        return None
    root = document.root.copy()  # with the lines of its keys
    for key in ("extends", "title", "text"):
        root.pop(key, None)
    return replace(document, root=root)


def _in_order(problems: list[Problem], documents: list[Document]) -> list[Problem]:
    """Problems in the order of the files, the one asked for first, then those of settings."""
    names = {document.name: n for n, document in enumerate(documents)}

    def place(problem: Problem) -> tuple[int, int]:
        name, _, line = (problem.where or "").rpartition(":")
        known = name in names and line.isdigit()
        return (names[name], int(line)) if known else (len(names), 0)

    return sorted(dict.fromkeys(problems), key=place)
