"""The manifest of a folder: the SHA-256 of every file, as `sha256sum -c` reads it.

Parquet and NetCDF files read a flipped bit without an error, so every file is
compared with the manifest before anything is read back. The first line holds the
hash of the other lines, so that damage to the manifest is not blamed on a file.
"""

import hashlib
import os
import stat
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from underwatch.errors import Problem, UserError, shortened
from underwatch.storage.files import sync_files, write_whole

MANIFEST = "MANIFEST.sha256"
_FIRST_LINE = "# SHA-256 of the lines below: "  # a comment for sha256sum


def hash_file(path: Path) -> str:
    """The SHA-256 of one file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def hash_files(folder: Path) -> dict[str, str]:
    """The SHA-256 of every file below a folder, by its path inside the folder.

    Raises ValueError for a link, a pipe or a device, or a name with a line break:
    no folder of ours holds any.
    """
    hashes = {}
    for name, regular in _held(folder):
        if not regular or not _writable_name(name):
            raise ValueError(f"{folder / name} cannot be in a manifest")
        hashes[name] = hash_file(folder / name)
    return hashes


def seal(folder: Path, hashes: Mapping[str, str] | None = None) -> None:
    """Flush every file of a folder to disk, and write its manifest last.

    hashes: of the files, by path inside the folder, where they are known already.
    """
    if hashes is None:
        hashes = hash_files(folder)
    sync_files(folder)
    lines = "".join(
        f"{digest}  {name}\n" for name, digest in sorted(hashes.items()) if name != MANIFEST
    )
    text = f"{_FIRST_LINE}{_digest(lines)}\n{lines}"
    write_whole(folder / MANIFEST, text.encode("utf-8", "surrogateescape"), replace=True)


def check_folder(folder: Path, needed: Iterable[str] = (), what: str = "folder") -> dict[str, str]:
    """The hash of every file, by path, of a folder that is as it was written.

    needed: files that the folder must hold.
    what: the noun for the folder in messages, such as "run" or "checkpoint".

    Raises:
        UserError: with one sentence for each file that is missing, has changed or
            is not in the manifest; or that the manifest itself is missing or damaged.
    """
    listed, problems = _read_manifest(folder, what)
    problems = problems or list(_differences(folder, listed, tuple(needed), what))
    if problems:
        raise UserError([Problem(None, sentence) for sentence in problems])
    return listed


def faults(folder: Path, needed: Iterable[str] = (), what: str = "folder") -> list[str]:
    """The sentences that `check_folder` would raise; none for a folder that is unchanged."""
    try:
        check_folder(folder, needed, what)
    except UserError as error:
        return [problem.sentence for problem in error.problems]
    return []


def _read_manifest(folder: Path, what: str) -> tuple[dict[str, str], list[str]]:
    """The hashes that a manifest lists by path, and what is wrong with it."""
    path = folder / MANIFEST
    damaged = [f"{_name(path)} is damaged; restore it from a copy."]
    try:
        if not stat.S_ISREG(path.lstat().st_mode):
            return {}, damaged
        first, _, lines = path.read_bytes().decode("utf-8", "surrogateescape").partition("\n")
    except (OSError, ValueError) as error:  # ValueError: no file can have such a name
        return {}, [f"{_name(folder)} is not a {what}: {_why_unread(folder, error)}."]
    if first != _FIRST_LINE + _digest(lines):
        return {}, damaged
    listed = {name: digest for digest, _, name in (row.partition("  ") for row in _rows(lines))}
    for name in listed:
        if name.startswith("/") or ".." in name.split("/") or not name:
            outside = f"{_name(name)} lies outside the folder"
            return {}, [f"{_name(path)} is damaged: {outside}."]
    return listed, []


def _differences(
    folder: Path, listed: dict[str, str], needed: tuple[str, ...], what: str
) -> Iterator[str]:
    held = dict(_held(folder))
    held.pop(MANIFEST, None)
    for name in needed:
        if name not in listed:
            yield f"{_name(folder)} is not a {what}: its {MANIFEST} does not list {name}."
    for name in sorted({*listed, *held}):
        path = _name(folder / name)
        if name not in held:
            yield f"{path} is missing, so this {what} is incomplete; restore it from a copy."
        elif name not in listed:
            yield f"{path} is not part of this {what}; move it elsewhere."
        elif not held[name]:
            yield f"{path} is a link, a pipe or a device and not a file; restore it from a copy."
        elif hash_file(folder / name) != listed[name]:
            yield f"{path} has changed since the {what} was written; restore it from a copy."


def _why_unread(folder: Path, error: OSError | ValueError) -> str:
    if not isinstance(error, FileNotFoundError):
        return getattr(error, "strerror", None) or str(error)
    if os.path.lexists(folder):
        return f"it has no {MANIFEST}; perhaps it was copied in part"
    return "the folder does not exist"


def _held(folder: Path) -> Iterator[tuple[str, bool]]:
    """Every file below a folder, as path inside it and whether it is a regular file.

    Links are not followed.
    """
    for place, folders, files in os.walk(folder):
        inside = Path(place)
        links = [name for name in folders if (inside / name).is_symlink()]
        for name in sorted([*files, *links]):
            path = inside / name
            yield path.relative_to(folder).as_posix(), stat.S_ISREG(path.lstat().st_mode)


def _rows(lines: str) -> Iterator[str]:
    return (row for row in lines.split("\n") if row)


def _digest(lines: str) -> str:
    return hashlib.sha256(lines.encode("utf-8", "surrogateescape")).hexdigest()


def _writable_name(name: str) -> bool:
    return "\n" not in name and "\\" not in name and "\r" not in name


def _name(path: object) -> str:
    """A path for a message; a stranger's may be of any length."""
    return shortened(path, 400)
