"""The manifest of a result folder: the SHA-256 of every file, as `sha256sum -c` reads it.

Parquet and NetCDF files read a flipped bit without an error, so every file is
compared with the manifest before anything is read back.
"""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MANIFEST = "MANIFEST.sha256"


def hash_file(path: Path) -> str:
    """The SHA-256 of one file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def hash_files(folder: Path) -> dict[str, str]:
    """The SHA-256 of every file below a folder, by its path inside the folder."""
    return {
        path.relative_to(folder).as_posix(): hash_file(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def write_manifest(folder: Path, hashes: dict[str, str]) -> None:
    """Write the manifest of a folder whose files have these hashes."""
    lines = (f"{digest}  {name}\n" for name, digest in sorted(hashes.items()))
    (folder / MANIFEST).write_text("".join(lines), "utf-8")


def changes(folder: Path, needed: tuple[str, ...]) -> Iterator[str]:
    """One sentence for every file that differs from the manifest.

    needed: files that the manifest must list. Files that it does not list are ignored.
    """
    lines = (folder / MANIFEST).read_text("utf-8", "replace").splitlines()
    listed = {name: digest for digest, _, name in (line.partition("  ") for line in lines)}
    for name in needed:
        if name not in listed:
            yield f"{folder} is not a run: its {MANIFEST} does not list {name}."
    for name, digest in listed.items():
        path = folder / name
        if Path(name).is_absolute() or ".." in Path(name).parts:
            yield f"{folder} has a damaged {MANIFEST}: {name} lies outside the folder."
        elif not path.is_file():
            yield f"{path} is missing, so this run is incomplete; restore it from a copy."
        elif hash_file(path) != digest:
            yield f"{path} has changed since the run was written; restore it from a copy."


def sync_files(folder: Path) -> None:
    """Flush a folder and every file in it to disk, so that a power cut leaves no empty file."""
    for path in (*folder.rglob("*"), folder):
        sync(path)


def sync(path: Path) -> None:
    """Flush one file or folder to disk."""
    with opened(path) as descriptor:
        os.fsync(descriptor)


@contextmanager
def opened(path: Path) -> Iterator[int]:
    """A file descriptor of a file or folder, for locks and for fsync."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        yield descriptor
    finally:
        os.close(descriptor)
