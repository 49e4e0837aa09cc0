"""The files of a ledger: refused where they are not ours, set aside where they are damaged."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from underwatch.errors import UserError

FILE, LOCK = "ledger.sqlite", "lock"
# What reading a damaged file raises: SQLite quotes what it finds, and that can be no UTF-8.
DAMAGED = (sqlite3.DatabaseError, UnicodeDecodeError)
BESIDE = ("", "-wal", "-shm", "-journal")  # the files of SQLite


def refuse_foreign(folder: Path) -> None:
    """Refuse a folder that holds something, but no ledger, or a ledger that is a link."""
    if not folder.exists():
        return
    if not folder.is_dir():
        raise UserError(f"{folder} is not a folder; choose another --out.")
    names = {path.name for path in folder.iterdir()} - {LOCK}
    if names and FILE not in names:
        raise UserError(
            f"{folder} holds files that are not partial results of a study; move it away, or "
            "choose another --out."
        )
    for end in BESIDE:  # SQLite writes through a link, whoever owns what it points to
        path = folder / f"{FILE}{end}"
        if path.is_symlink() or path.exists() and not path.is_file():
            raise UserError(
                f"{path} is a link or no plain file, as no study writes it; move {folder} away, or "
                "choose another --out."
            )


def aside(path: Path) -> Path:
    """Give a damaged file and those beside it another name; the new path."""
    number = 1
    while (old := path.with_name(f"ledger.damaged-{number}.sqlite")).exists():
        number += 1
    for end in BESIDE:
        with contextlib.suppress(FileNotFoundError):
            path.with_name(path.name + end).rename(old.with_name(old.name + end))
    return old


# What SQLite calls a disk, a permission or another process that is in the way.
_OUTSIDE = ("FULL", "IOERR", "CANTOPEN", "BUSY", "LOCKED", "NOMEM", "PERM", "AUTH", "INTERRUPT")


def is_damage(path: Path, error: Exception) -> bool:
    """Whether the content of a file is wrong, and not the disk or a permission."""
    name = getattr(error, "sqlite_errorname", "").removeprefix("SQLITE_")
    if name.startswith("READONLY"):
        return os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)
    return not name.startswith(_OUTSIDE)


def unusable(path: Path, error: Exception) -> UserError:
    why = getattr(error, "strerror", None) or str(error)
    return UserError(
        f"{path} cannot be read or written ({why}). What it holds already stays; the same command "
        "resumes."
    )


@contextlib.contextmanager
def explained(folder: Path) -> Iterator[None]:
    """Failures of the disk as a sentence."""
    try:
        yield
    except OSError as error:
        raise unusable(Path(error.filename or folder), error) from None
    except sqlite3.OperationalError as error:
        raise unusable(folder / FILE, error) from None
