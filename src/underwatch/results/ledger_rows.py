"""The entries of a ledger as rows of SQLite, each with a checksum over all that it holds."""

from __future__ import annotations

import contextlib
import hashlib
import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from underwatch.errors import UserError
from underwatch.results.ledger_files import DAMAGED
from underwatch.results.records import decode

DONE, FAILED = "done", "failed"
COLUMNS = "key, status, message, content, sha256"
FORMAT = 1
TABLES = {
    "study": "name TEXT PRIMARY KEY, value TEXT, sha256 TEXT",
    "runs": "id INTEGER PRIMARY KEY, key TEXT UNIQUE, status TEXT, message TEXT, content BLOB, "
    "sha256 TEXT",
}
_GAP = 1000  # numbers of entries without one, after which no more are looked for


class Entry(NamedTuple):
    """One run of a study. content: None for a run that failed, whose message says why."""

    key: str
    content: Any
    message: str

    @property
    def failed(self) -> bool:
        """Whether the run failed."""
        return bool(self.message)


def digest(*parts: str | bytes) -> str:
    """SHA-256 of some parts, each with its length before it."""
    digest = hashlib.sha256()
    for part in parts:
        data = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        digest.update(b"%d " % len(data) + data)
    return digest.hexdigest()


def signature_of(study: str, code: str) -> str:
    """What the checksum of every entry holds besides the entry."""
    return f"{study} {code}"


def checked(signature: str, row: tuple[Any, ...]) -> Entry | None:
    """The entry of a row if it is as it was written."""
    try:
        key, status, message, content, sha256 = row
        if digest(signature, key, status, message, content) != sha256:
            return None
        return Entry(key, decode(content) if status == DONE else None, message)
    except (AttributeError, TypeError, ValueError):
        return None


def study_of(db: sqlite3.Connection | None) -> dict[str, Any] | None:
    """The study of a ledger; empty for a new one, None if it is not as it was written."""
    assert db is not None
    rows = db.execute("SELECT name, value, sha256 FROM study").fetchall()
    try:
        if any(digest(name, value) != sha256 for name, value, sha256 in rows):
            return None
        return {name: json.loads(value) for name, value, _ in rows}
    except (AttributeError, TypeError, ValueError):
        return None


def rows_of(path: Path) -> Iterator[tuple[Any, ...]]:
    """Every row of a file that can be read, one by one if need be."""
    with contextlib.suppress(*DAMAGED), reading(path) as db:
        try:
            yield from db.execute(f"SELECT {COLUMNS} FROM runs ORDER BY id").fetchall()
            return
        except DAMAGED:
            pass
        number, missing = 0, 0
        while missing < _GAP:
            number, missing = number + 1, missing + 1
            with contextlib.suppress(*DAMAGED):
                query = f"SELECT {COLUMNS} FROM runs WHERE id = ?"
                if (row := db.execute(query, (number,)).fetchone()) is not None:
                    missing = 0
                    yield row


@contextlib.contextmanager
def transaction(db: sqlite3.Connection | None) -> Iterator[sqlite3.Connection]:
    assert db is not None
    db.execute("BEGIN IMMEDIATE")
    try:
        yield db
        db.execute("COMMIT")
    except BaseException:
        with contextlib.suppress(sqlite3.Error):
            db.execute("ROLLBACK")
        raise


@contextlib.contextmanager
def reading(path: Path) -> Iterator[sqlite3.Connection]:
    """A file opened for reading only."""
    db = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=30)
    try:
        db.text_factory = decoded
        db.execute("PRAGMA query_only=ON")
        yield db
    finally:
        db.close()


def decoded(text: bytes) -> str:
    return text.decode("utf-8", "replace")  # a checksum shows what has changed


def refuse_later(path: Path) -> None:
    """Refuse a ledger whose format is that of a later version, without writing to it.

    Later versions keep the row "format" of the table of the study. Tables or columns beside all
    of ours are of a later version, too: no damage adds any.

    Raises UserError.
    """
    with contextlib.suppress(*DAMAGED, OSError), reading(path) as db:
        if _is_later(db):
            raise UserError(
                f"{path} is in the format of a later version of the software, which this version "
                "cannot read; finish the study with that version, or choose another --out."
            )


def _is_later(db: sqlite3.Connection) -> bool:
    rows = db.execute("SELECT value, sha256 FROM study WHERE name = 'format'").fetchall()
    for value, sha256 in rows:
        intact = isinstance(value, str) and digest("format", value) == sha256
        if intact and value != json.dumps(FORMAT):
            return True
    there = {name for (name,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
    more = there > TABLES.keys()
    for table, declared in TABLES.items():
        ours = {column.split()[0] for column in declared.split(", ")}
        found = {row[1] for row in db.execute(f"PRAGMA table_info({table})")}
        if not found >= ours:
            return False
        more = more or found > ours
    return more
