"""From scenario files to a checked model, with a source and a place for every value.

A file holds sections; a leaf is a value, values by date, or {value, source}.
`extends: name` takes another file first, and each leaf given here replaces the
other's whole, with its source. Settings from the command line come last. All
problems are told at once.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from pydantic import BaseModel
from ruamel.yaml.comments import CommentedMap

from underwatch.errors import Problem, UserError, did_you_mean, nearest
from underwatch.scenario.data import SCENARIOS
from underwatch.scenario.loading.documents import Page, load
from underwatch.scenario.loading.draft import Draft

M = TypeVar("M", bound=BaseModel)
SUFFIXES = (".yaml", ".yml")
DEFAULT = "default"


@dataclass(frozen=True)
class Reading(Generic[M]):
    """What was read. A leaf that no file gives has the source and the origin "default"."""

    value: M
    sources: dict[str, str]  # dotted path: evidence keys, "assumption: …", "set …"
    origins: dict[str, str]  # dotted path: "file:line" or "--set key"
    lineage: tuple[str, ...]  # the files, the oldest first


def read(
    path_or_name: str | Path,
    model: type[M],
    settings: Iterable[str] = (),
    shelf: Path = SCENARIOS,
    over: Iterable[str] = (),
) -> Reading[M]:
    """Read a scenario by name (from the shelf) or path (.yaml, .yml); UserError tells all.

    over: scenarios of which only what they themselves say is laid over it, one
    after another, whatever they extend; the title and text stay. model: frozen,
    extra="forbid"; sections are nested models or dict[str, …]; SOURCELESS names the
    top-level keys whose numbers need no source.
    """
    problems: list[Problem] = []
    pages, whole = lineage(str(path_or_name), Path(shelf), problems)
    draft = Draft(model, problems, whole)
    for page in reversed(pages):
        draft.add(page)
    for name in over:
        page = _own_words(name, Path(shelf), problems)
        if page is not None:
            draft.add(page)
    for setting in settings:
        draft.set(setting)
    value = draft.checked(f"{pages[0].name}:1" if pages else None)
    if problems:
        raise UserError(in_order(problems, pages))
    unsaid = {".".join(path): DEFAULT for path in draft.unsaid()}
    leaves = {".".join(path): leaf for path, leaf in draft.leaves.items()}
    return Reading(
        value,
        {name: leaf.source for name, leaf in leaves.items()} | unsaid,
        {name: leaf.spots[()] for name, leaf in leaves.items()} | unsaid,
        tuple(page.name for page in reversed(pages)),
    )


def _own_words(name: str, shelf: Path, problems: list[Problem]) -> Page | None:
    """What one scenario itself says of the world."""
    path = find(name, Path(), shelf, None, problems)
    page = open_page(path, show(path, shelf), problems) if path else None
    for key in ("extends", "title", "text") if page else ():
        page.root.pop(key, None)
    return page


def lineage(start: str, shelf: Path, problems: list[Problem]) -> tuple[list[Page], bool]:
    """The file asked for, the one that it extends, and so on; False if the line breaks off."""
    pages: list[Page] = []
    wanted, where, folder = start, None, Path()
    while True:
        path = find(wanted, folder, shelf, where, problems)
        if path is None:
            return pages, False
        if path in [page.path for page in pages]:
            names = [page.name for page in pages] + [show(path, shelf)]
            chain = " extends ".join(names[names.index(names[-1]) :])
            problems.append(Problem(where, f"{chain}, in a circle; take out one `extends`."))
            return pages, False
        page = open_page(path, show(path, shelf), problems)
        if page is None:
            return pages, False
        pages.append(page)
        if "extends" not in page.root:
            return pages, True
        wanted, where = page.root["extends"], page.where(page.root, "extends")
        folder = path.parent
        if not isinstance(wanted, str) or not wanted.strip():
            how = "write the name of one scenario or the path of one file."
            problems.append(Problem(where, f"extends does not name a scenario; {how}"))
            return pages, False


def find(
    wanted: str, folder: Path, shelf: Path, where: str | None, problems: list[Problem]
) -> Path | None:
    """The file that a name or a path means, seen from a folder."""
    by_path = wanted.endswith(SUFFIXES)
    path = (folder / Path(wanted).expanduser() if by_path else shelf / f"{wanted}.yaml").resolve()
    if path.is_file():
        return path
    if by_path:
        beside = sorted(path.parent.iterdir()) if path.parent.is_dir() else []
        stems = {p.stem: p.name for p in beside if p.suffix in SUFFIXES}
        close = stems.get(nearest(path.stem, stems))
        mean = f"; did you mean {Path(wanted).parent / close}?" if close else "."
        problems.append(Problem(where, f"there is no file {wanted}{mean}"))
    else:
        known = sorted(p.stem for p in shelf.glob("*.yaml"))
        own = folder / f"{wanted}.yaml"
        mean = f"; did you mean the file ./{wanted}.yaml?" if own.is_file() else None
        mean = mean or did_you_mean(wanted, known)
        problems.append(Problem(where, f"there is no scenario {wanted}{mean}"))
    return None


def show(path: Path, shelf: Path) -> str:
    """A path as a user knows it: from where they stand, or by its shelf."""
    if path.is_relative_to(shelf.resolve()):
        return f"{shelf.name}/{path.relative_to(shelf.resolve()).as_posix()}"
    return str(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path)


def open_page(path: Path, name: str, problems: list[Problem]) -> Page | None:
    """A file's page if it holds a mapping."""
    try:
        text = path.read_text("utf-8")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        problems.append(Problem(f"{name}:{line}", "this is not UTF-8 text; save the file as such."))
        return None
    except OSError as error:
        problems.append(Problem(name, f"this file cannot be opened ({error.strerror})."))
        return None
    page = load(text, name, path, problems)
    if page is None or isinstance(page.root, CommentedMap):
        return page
    what = "is empty" if page.root is None else "does not begin with a key"
    problems.append(Problem(f"{name}:1", f"this file {what}; write sections such as `cameras:`."))
    return None


def in_order(problems: list[Problem], pages: list[Page]) -> list[Problem]:
    """Problems as one reads the files, the one asked for first, then the command line."""
    names = [page.name for page in pages]

    def place(problem: Problem) -> tuple[int, int]:
        name, _, line = (problem.where or "").rpartition(":")
        known = name in names and line.isdigit()
        return (names.index(name), int(line)) if known else (len(names), 0)

    return sorted(dict.fromkeys(problems), key=place)
