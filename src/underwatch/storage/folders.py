"""A folder, written whole or not at all.

It is written under a hidden name that nobody can guess, beside the name that it gets
when it is complete. While it is written it is locked and holds a small file that
names its own inode: a folder left by a writer that was killed is known by both, and
is removed by the next writer; no other folder is, whatever its name.
"""

import fcntl
import os
import re
import secrets
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from underwatch.storage.files import opened, sync
from underwatch.storage.manifest import hash_files, seal

_MINE = ".underwatch-part"  # in a folder that is being written


@contextmanager
def whole_folder(folder: Path) -> Iterator[Path]:
    """A hidden folder to write into; without an error it gets its manifest and its name.

    Raises:
        OSError: a file could not be written, or something has this name by now. Then
            nothing is left, and nothing that was there has changed.

    Examples
    --------
    >>> import tempfile
    >>> from underwatch.storage import check_folder
    >>> with tempfile.TemporaryDirectory() as place:
    ...     with whole_folder(Path(place) / "result") as part:
    ...         _ = (part / "note.txt").write_text("whole")
    ...     sorted(check_folder(Path(place) / "result"))
    ['note.txt']
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    _remove_left_behind(folder)
    with _part(folder) as part:
        yield part
        hashes = hash_files(part)
        del hashes[_MINE]
        seal(part, hashes)
        (part / _MINE).unlink()
        sync(part)
        os.rename(part, folder)  # refused by the system if the folder holds anything
    sync(folder.parent)


@contextmanager
def _part(folder: Path) -> Iterator[Path]:
    """A new, locked folder beside the final name; removed in the end unless it was renamed."""
    part = folder.parent / f".{folder.name}.part-{secrets.token_hex(8)}"
    part.mkdir()
    try:
        with opened(part) as held:
            fcntl.flock(held, fcntl.LOCK_EX)
            (part / _MINE).write_text(str(part.stat().st_ino))
            yield part
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _remove_left_behind(folder: Path) -> None:
    """Remove what writers of this folder left when they were killed."""
    pattern = re.compile(rf"\.{re.escape(folder.name)}\.part-[0-9a-f]{{16}}")
    for entry in os.scandir(folder.parent):
        if pattern.fullmatch(entry.name) and _is_ours(Path(entry.path)):
            # Its writer may be running, or another process may remove it at the same time.
            with suppress(OSError), opened(Path(entry.path)) as held:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(entry.path)


def _is_ours(part: Path) -> bool:
    """Whether a writer of ours made this folder: it names its own inode, as no copy does."""
    try:
        found = part.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
            return False
        mark = part / _MINE
        return stat.S_ISREG(mark.lstat().st_mode) and mark.read_text() == str(found.st_ino)
    except (OSError, ValueError):
        return False
