"""A lock on a folder that names the process that holds it.

The system releases it when the process ends, however it ends.
"""

import fcntl
import os
import platform
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from underwatch.errors import UserError, printable, shortened


@contextmanager
def held_lock(file: Path, what: Path) -> Iterator[None]:
    """Hold a lock; its file is removed in the end.

    what: the folder that it guards, for the sentence that refuses a second process.

    Raises UserError if a living process holds it.
    """
    descriptor = _locked(file, what, needed=False)
    try:
        _sign(descriptor)
        yield
    finally:
        try:
            if _is_at(descriptor, file):
                file.unlink()
        except OSError:
            pass
        finally:
            os.close(descriptor)


def acquired(file: Path, what: Path) -> int:
    """A descriptor of the file, locked until it is closed; the file stays.

    Raises:
        UserError: a living process holds the lock.
        OSError: the file cannot be opened, locked or written.
    """
    descriptor = _locked(file, what, needed=True)
    try:
        _sign(descriptor)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def refuse_if_held(file: Path, what: Path) -> None:
    """Raise UserError if a living process holds this lock; nothing is written."""
    if file.exists():
        os.close(_locked(file, what, needed=False))


def _sign(descriptor: int) -> None:
    """Name this process in its lock."""
    since = datetime.now().astimezone().isoformat(" ", "seconds")
    text = f"process {os.getpid()} on {platform.node()}, since {since}"
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, text.encode("utf-8", "replace"), 0)


def _locked(file: Path, what: Path, needed: bool) -> int:
    """A descriptor of the file, locked. A file that its owner has just removed does not count.

    needed: whether a file system without locks is refused.
    """
    while True:
        descriptor = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o666)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            owner = printable(shortened(os.pread(descriptor, 200, 0).decode("utf-8", "replace")))
            os.close(descriptor)
            raise UserError(
                f"{what} is in use by {owner or 'another process'}; wait until it ends, or choose "
                "another folder."
            ) from None
        except OSError:  # a file system without locks
            if needed:
                os.close(descriptor)
                raise
        if _is_at(descriptor, file):
            return descriptor
        os.close(descriptor)


def _is_at(descriptor: int, file: Path) -> bool:
    try:
        there, here = file.stat(), os.fstat(descriptor)
    except FileNotFoundError:
        return False
    return (there.st_dev, there.st_ino) == (here.st_dev, here.st_ino)
