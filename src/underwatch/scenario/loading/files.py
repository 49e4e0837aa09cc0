"""Scenario files: found by name or path, opened safely, followed along `extends`."""

import os
import stat
from pathlib import Path

from ruamel.yaml.comments import CommentedMap

from underwatch.errors import Problem, did_you_mean, nearest, shortened
from underwatch.scenario.loading.documents import MOST_BYTES, Document, parse

SUFFIXES = (".yaml", ".yml")
_MOST_FILES = 20  # that extend each other


def is_path(wanted: str) -> bool:
    """Whether a scenario is asked for by its file; by name otherwise."""
    return wanted.lower().endswith(SUFFIXES)


def ancestry(start: str, shipped: Path, problems: list[Problem]) -> tuple[list[Document], bool]:
    """The file asked for, the one that it extends, and so on; False if one cannot be read."""
    documents: list[Document] = []
    wanted, folder = start, Path()
    where: str | None = None
    while True:
        path = find(wanted, folder, shipped, where, problems)
        if path is None:
            return documents, False
        if path in [document.path for document in documents]:
            names = [document.name for document in documents] + [label(path, shipped)]
            chain = " extends ".join(names[names.index(names[-1]) :])
            problems.append(Problem(where, f"{chain}, in a circle; take out one `extends`."))
            return documents, False
        if len(documents) == _MOST_FILES:
            how = f"more than {_MOST_FILES} files extend each other; take some out."
            problems.append(Problem(where, how))
            return documents, False
        document = open_document(path, label(path, shipped), problems)
        if document is None:
            return documents, False
        documents.append(document)
        if "extends" not in document.root:
            return documents, True
        wanted, where = document.root["extends"], document.where(document.root, "extends")
        folder = path.parent
        if not isinstance(wanted, str) or not wanted.strip():
            how = "write the name of one scenario or the path of one file."
            problems.append(Problem(where, f"extends does not name a scenario; {how}"))
            return documents, False


def find(
    wanted: str, folder: Path, shipped: Path, where: str | None, problems: list[Problem]
) -> Path | None:
    """The file of a name or a path, seen from a folder."""

    def refuse(sentence: str) -> None:
        problems.append(Problem(where, sentence))

    by_path, name = is_path(wanted), shortened(wanted) or "''"
    try:
        if by_path:
            path = (folder / Path(wanted).expanduser()).resolve()
        elif Path(wanted).name != wanted:
            refuse(f"there is no {_kind(shipped)} {name}; the path of a file ends in .yaml.")
            return None
        else:
            path = (shipped / f"{wanted}.yaml").resolve()
        mode = path.stat().st_mode
    except FileNotFoundError:
        _not_found(wanted, folder, shipped, where, problems)
        return None
    except (OSError, ValueError, RuntimeError) as error:
        strerror = error.strerror if isinstance(error, OSError) else None
        reason = strerror or str(error) or "the path is not usable"
        refuse(f"{name} cannot be opened as a file ({reason}).")
        return None
    if stat.S_ISREG(mode):
        return path
    what = "a folder" if stat.S_ISDIR(mode) else "a device or a pipe"
    refuse(f"{name} is {what}; write the path of a file.")
    return None


def _kind(shipped: Path) -> str:
    """What the files of a folder are: studies, censuses, targets or others; else scenarios."""
    kinds = {
        "studies": "study", "census": "census", "plans": "plan", "assessments": "assessment",
        "targets": "targets file",
    }  # fmt: skip
    return kinds.get(shipped.name, "scenario")


def _not_found(
    wanted: str, folder: Path, shipped: Path, where: str | None, problems: list[Problem]
) -> None:
    """The problem of a file or name that does not exist, with a suggestion."""
    if is_path(wanted):
        path = folder / Path(wanted).expanduser()
        if path.is_symlink():
            end = "is a link to a file that does not exist."
            problems.append(Problem(where, f"{shortened(wanted)} {end}"))
            return
        try:
            beside = sorted(os.listdir(path.parent))
        except OSError:
            beside = []
        stems = {Path(name).stem: name for name in beside if is_path(name)}
        close = stems.get(nearest(path.stem, stems) or "")
        mean = f"; did you mean {Path(wanted).parent / close}?" if close else "."
        problems.append(Problem(where, f"there is no file {shortened(wanted)}{mean}"))
        return
    own = folder / f"{wanted}.yaml"
    mean = did_you_mean(wanted, sorted(p.stem for p in shipped.glob("*.yaml")))
    wanted = wanted or "''"
    if own.is_file():
        mean = f"; did you mean the file ./{wanted}.yaml?"
    problems.append(Problem(where, f"there is no {_kind(shipped)} {shortened(wanted)}{mean}"))


def label(path: Path, shipped: Path) -> str:
    """A path as a user knows it: from the current folder, or from the shipped one."""
    if path.is_relative_to(shipped.resolve()):
        return f"{shipped.name}/{path.relative_to(shipped.resolve()).as_posix()}"
    try:
        here = Path.cwd()
    except OSError:  # the current folder is gone
        return str(path)
    return str(path.relative_to(here) if path.is_relative_to(here) else path)


def open_document(path: Path, name: str, problems: list[Problem]) -> Document | None:
    """A file's content if it holds a mapping."""
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
        if len(data) > MOST_BYTES:
            how = f"a scenario file has at most {MOST_BYTES >> 20} MiB."
            problems.append(Problem(f"{name}:1", f"this file is too large; {how}"))
            return None
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        problems.append(Problem(f"{name}:{line}", "this is not UTF-8 text; save the file as such."))
        return None
    except OSError as error:
        problems.append(Problem(name, f"this file cannot be opened ({error.strerror})."))
        return None
    document = parse(text, name, path, problems)
    if document is None or isinstance(document.root, CommentedMap):
        return document
    what = "is empty" if document.root is None else "does not begin with a key"
    problems.append(Problem(f"{name}:1", f"this file {what}; write sections such as `cameras:`."))
    return None
