"""The ledger of a study: its finished and failed runs, so that it resumes wherever it was killed.

It is one SQLite file in a folder of its own (write-ahead log, one transaction for each run), so a
run is in it whole or not at all. Each entry has a checksum over all that it holds, its study
included: what has changed since is found and named, and its run is simulated again. The folder is
locked while a process works on the study; the system lets go of the lock when that process ends.
Nothing in it is executed when it is read.
"""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from underwatch.errors import UserError, shortened
from underwatch.results.folder import as_path
from underwatch.results.ledger_files import (
    BESIDE,
    DAMAGED,
    FILE,
    LOCK,
    aside,
    explained,
    is_damage,
    refuse_foreign,
    unusable,
)
from underwatch.results.ledger_rows import (
    COLUMNS,
    DONE,
    FAILED,
    FORMAT,
    TABLES,
    Entry,
    checked,
    decoded,
    digest,
    reading,
    refuse_later,
    rows_of,
    signature_of,
    study_of,
    transaction,
)
from underwatch.results.records import encode
from underwatch.storage import acquired, refuse_if_held

_WANTED = {f"CREATE TABLE {name} ({columns})" for name, columns in TABLES.items()}


class Ledger:
    """The runs of one study by key; without a folder, they are kept in memory only by the caller.

    study: identifies the study; another one's folder is refused. code: the digest of the code
    that runs it. about: a description of the study for readers of the folder, as JSON.

    A context manager that holds the lock. `notes` has a sentence for everything in the folder
    that was damaged.

    Raises UserError if the folder belongs to another study, to other code, to a process that is
    working on it, or to a later version of the software.
    """

    def __init__(
        self,
        folder: str | Path | None,
        study: str,
        code: str = "",
        about: Mapping[str, Any] | None = None,
    ):
        self.folder = None if folder is None else as_path(folder)
        self.study, self.code, self.about = study, code, dict(about or {})
        self._signature = signature_of(study, code)
        self.notes: list[str] = []
        self._lock: int | None = None
        self._db: sqlite3.Connection | None = None

    def __enter__(self) -> Ledger:
        if self.folder is not None and self._db is None:
            with explained(self.folder):
                refuse_foreign(self.folder)
                refuse_later(self._path)
                self.folder.mkdir(parents=True, exist_ok=True)
                self._lock = acquired(self.folder / LOCK, self.folder)
                try:
                    self._open()
                except BaseException:
                    self.close()
                    raise
        return self

    def check(self) -> None:
        """Refuse what entering would refuse; nothing is written.

        Raises UserError.
        """
        if self.folder is not None:
            with explained(self.folder):
                refuse_foreign(self.folder)
                refuse_later(self._path)
                refuse_if_held(self.folder / LOCK, self.folder)
            self._refuse_other(facts(self.folder) or {})

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file and let go of the lock."""
        if self._db is not None:
            with contextlib.suppress(sqlite3.Error):
                self._db.close()
            self._db = None
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    # --- Entries

    def get(self, key: str) -> Entry | None:
        """The entry of a run; None if it is not finished, or not as it was written."""
        if self._db is None:
            return None
        query = f"SELECT {COLUMNS} FROM runs WHERE key = ?"
        for _ in range(2):
            try:
                row = self._db.execute(query, (key,)).fetchone()
                break
            except DAMAGED as error:
                self._mend(error)
        else:
            row = None
        if row is None:
            return None
        found = checked(self._signature, row)
        if found is None:
            self.notes.append(
                f"{self._path}: the entry of run {shortened(key)} has changed since it was "
                "written; the run is done again."
            )
        return found

    def put(self, key: str, content: Any) -> None:
        """Keep a finished run, whole or not at all."""
        self.put_all({key: content})

    def put_all(
        self, contents: Mapping[str, Any], failures: Mapping[str, str] | None = None
    ) -> None:
        """Keep some finished runs, and the messages of some that failed, in one transaction."""
        if self._db is None:
            return
        rows = [(key, DONE, "", encode(content)) for key, content in contents.items()]
        rows += [(key, FAILED, message, b"") for key, message in (failures or {}).items()]
        signed = [(*row, digest(self._signature, *row)) for row in rows]
        for _ in range(2):
            try:
                with transaction(self._db):
                    self._db.executemany(
                        f"INSERT OR REPLACE INTO runs ({COLUMNS}) VALUES (?, ?, ?, ?, ?)", signed
                    )
                return
            except DAMAGED as error:
                self._mend(error)
        raise UserError(f"{self._path} cannot be written; copy it away and start again.")

    # --- The file

    @property
    def _path(self) -> Path:
        assert self.folder is not None
        return self.folder / FILE

    def _open(self) -> None:
        was_there = self._path.exists()
        try:
            self._connect()
        except DAMAGED as error:
            self._mend(error)
        stated = study_of(self._db)
        if stated is None:
            self.notes.append(f"{self._path}: the name of its study has changed; it is renewed.")
        elif not stated and was_there and not self.notes:
            self.notes.append(f"{self._path} was empty; all runs are done again.")
        self._refuse_other(stated or {})
        if not stated:
            facts = {"study": self.study, "code": self.code, "about": self.about, "format": FORMAT}
            with transaction(self._db) as db:
                for name, value in facts.items():
                    text = json.dumps(value)
                    row = (name, text, digest(name, text))
                    db.execute("INSERT OR REPLACE INTO study VALUES (?, ?, ?)", row)

    def _refuse_other(self, stated: Mapping[str, Any]) -> None:
        """Refuse a file that states another study, or other code."""
        if stated.get("study", self.study) != self.study:
            raise UserError(
                f"{self.folder} holds the partial results of a study with other scenarios, "
                "sizes, days or seeds; resume that study, or choose another --out."
            )
        if stated.get("code", self.code) != self.code:
            raise UserError(
                f"{self.folder} holds the partial results of this study by another version of the "
                "code; finish it with that version, or choose another --out."
            )

    def _connect(self) -> None:
        db = self._db = sqlite3.connect(self._path, isolation_level=None, timeout=30)
        db.text_factory = decoded
        db.execute("PRAGMA journal_mode=WAL")  # where that cannot be, SQLite's own journal
        db.execute("PRAGMA synchronous=FULL")
        for name, columns in TABLES.items():
            db.execute(f"CREATE TABLE IF NOT EXISTS {name} ({columns})")
        ((answer, *_), *_) = db.execute("PRAGMA integrity_check").fetchall()
        declared = {sql for (sql,) in db.execute("SELECT sql FROM sqlite_schema") if sql}
        if answer != "ok" or declared != _WANTED:
            raise sqlite3.DatabaseError("damaged")

    def _mend(self, error: Exception) -> None:
        """Start a new file with the good entries of a damaged one, which is kept beside it.

        Raises UserError if the file is not damaged, but cannot be read or written.
        """
        if not is_damage(self._path, error):
            raise unusable(self._path, error) from None
        if self._db is not None:
            with contextlib.suppress(sqlite3.Error):
                self._db.close()
        old = aside(self._path)
        self._connect()
        assert self._db is not None
        kept = [row for row in rows_of(old) if checked(self._signature, row) is not None]
        with transaction(self._db):
            self._db.executemany(
                f"INSERT OR REPLACE INTO runs ({COLUMNS}) VALUES (?, ?, ?, ?, ?)", kept
            )
        self.notes.append(
            f"{self._path} was damaged and is kept as {old.name}; {len(kept):,} runs could be "
            "read, the others are done again."
        )


def is_ledger(folder: Path) -> bool:
    """Whether a folder holds the ledger of a study."""
    try:
        return (folder / FILE).is_file()
    except OSError:  # no file can have such a name
        return False


def facts(folder: Path) -> dict[str, Any] | None:
    """What a ledger says of its study: study, code and about; None if there is none to be read."""
    with contextlib.suppress(sqlite3.DatabaseError, OSError, ValueError):
        with reading(as_path(folder) / FILE) as db:
            return study_of(db) or None
    return None


def entries(folder: Path) -> dict[str, Entry]:
    """The entries of a ledger that are as they were written, also while a study adds to it."""
    path = as_path(folder) / FILE
    refuse_later(path)
    stated = facts(folder)
    if stated is None:
        raise UserError(f"{path} is not the ledger of a study.")
    signature = signature_of(str(stated.get("study")), str(stated.get("code")))
    found = (checked(signature, row) for row in rows_of(path))
    return {entry.key: entry for entry in found if entry is not None}


def discard(folder: Path) -> None:
    """Remove the ledger of a finished study, and its folder if that holds nothing else."""
    with contextlib.suppress(OSError):
        for end in BESIDE:
            (folder / f"{FILE}{end}").unlink(missing_ok=True)
        for old in folder.glob("ledger.damaged-*.sqlite*"):
            old.unlink(missing_ok=True)
        (folder / LOCK).unlink(missing_ok=True)
        folder.rmdir()
