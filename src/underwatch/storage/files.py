"""One file, written whole or not at all, and flushed to disk."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def write_whole(path: Path, data: bytes, *, replace: bool = False, private: bool = False) -> None:
    """Write a file under a temporary name beside it, flush it, and give it its name.

    replace: whether a file of this name, which must be ours, is replaced.
    private: whether it is a file that only this user can read.

    Raises:
        FileExistsError: something has this name, and replace is False.
        OSError: the file could not be written; nothing was changed.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as place:
    ...     write_whole(Path(place) / "note.txt", b"whole")
    ...     (Path(place) / "note.txt").read_text()
    'whole'
    """
    part = path.parent / f".{secrets.token_hex(8)}.part"
    mode = 0o600 if private else 0o666  # less what the user's umask takes away
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if replace:
            os.replace(part, path)
        else:
            _rename_if_free(part, path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    sync(path.parent)


def _rename_if_free(part: Path, path: Path) -> None:
    """Rename a file; a link refuses a name that is taken, where a rename would replace it."""
    try:
        os.link(part, path)
    except FileExistsError:
        raise
    except OSError:  # a file system without links
        if os.path.lexists(path):
            raise FileExistsError(f"{path} already exists") from None
        os.rename(part, path)
    else:
        part.unlink()


def sync_files(folder: Path) -> None:
    """Flush a folder and every file in it to disk, so that a power cut leaves no empty file."""
    for place, _, files in os.walk(folder):
        for name in files:
            sync(Path(place) / name)
        sync(Path(place))


def sync(path: Path) -> None:
    """Flush one file or folder to disk."""
    with opened(path) as descriptor:
        os.fsync(descriptor)


@contextmanager
def opened(path: Path) -> Iterator[int]:
    """A file descriptor of a file or folder, for locks and for fsync."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        yield descriptor
    finally:
        os.close(descriptor)
