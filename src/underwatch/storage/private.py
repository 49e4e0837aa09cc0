"""Files that a later process of this user reads without checking what they hold: if they are ours.

Compiled code is kept as a pickle, and a pickle from somebody else, or one with a flipped bit, can
do anything. So each file begins with the SHA-256 of its name and the rest, and is read only if it
belongs to this user, nobody else may write it, and the hash is right.
"""

import hashlib
import os
import stat
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

_MAGIC = b"underwatch private file 1\n"
_SHA = hashlib.sha256().digest_size
_REPORTED = "_UNDERWATCH_CACHE_REPORTED"  # in the environment, so that workers do not repeat it
_OPEN = os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK


class Unusable(Exception):
    """A private file or folder that must not be read; the text says why."""


def sealed(name: str, content: bytes) -> bytes:
    """Content as the private file of this name holds it; another name makes it invalid."""
    return _seal(name, content) + content


def _seal(name: str, content: bytes) -> bytes:
    digest = hashlib.sha256(os.fsencode(name) + b"\0")
    digest.update(content)
    return _MAGIC + digest.digest()


def read_checked(path: Path) -> bytes:
    """The content of a private file. Raises Unusable, or FileNotFoundError."""
    try:
        with open(os.open(path, _OPEN), "rb") as file:
            found = os.fstat(file.fileno())
            if not stat.S_ISREG(found.st_mode):
                raise Unusable("is not a file")
            _check_private(found)
            seal, content = file.read(len(_MAGIC) + _SHA), file.read()
    except FileNotFoundError:
        raise
    except OSError as error:  # a link, too, which might lead to a file of ours
        raise Unusable(f"cannot be read ({error.strerror or error})") from None
    if seal != _seal(path.name, content):
        raise Unusable("is damaged")
    return content


def _check_private(found: os.stat_result) -> None:
    if found.st_uid != os.geteuid():
        raise Unusable("belongs to another user")
    if found.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise Unusable("can be written by other users")


def cache_roots() -> tuple[str | None, str]:
    """Where a user's caches are: the folder for them if there is one, or that for other files."""
    home = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    known = None if home.startswith("~") else home  # a user without a home folder
    return known, tempfile.gettempdir()


def private_folder(roots: Iterable[str | os.PathLike[str] | None], name: str) -> str:
    """The first of underwatch/NAME below some roots that is ours and private; "" for none."""
    for root in roots:
        if not root:
            continue
        parent = Path(root) / "underwatch"
        if os.path.abspath(root) == os.path.abspath(tempfile.gettempdir()):
            parent = Path(root) / f"underwatch-{os.geteuid()}"  # a place that all users share
        try:
            Path(root).mkdir(parents=True, exist_ok=True)
            for folder in (parent, parent / name):
                folder.mkdir(mode=0o700, exist_ok=True)
                _check_private_folder(folder)
        except Unusable as reason:
            say_once(f"{folder} {reason}, so nothing is read from it or kept in it.")
            continue
        except OSError:
            continue
        if os.access(parent / name, os.W_OK | os.X_OK):
            return str(parent / name)
    return ""


def _check_private_folder(folder: Path) -> None:
    """Raise Unusable unless a folder, and the link to it if it is one, is ours and private."""
    found = folder.lstat()
    if stat.S_ISLNK(found.st_mode) and found.st_uid == os.geteuid():
        found = folder.stat()
    _check_private(found)


def say_once(sentence: str) -> None:
    """Print a note on standard error, the first one of this process and its workers only."""
    if _REPORTED not in os.environ:
        os.environ[_REPORTED] = "1"
        try:
            print(sentence, file=sys.stderr, flush=True)
        except (OSError, ValueError, AttributeError):
            pass  # standard error is closed, and a note is not worth a run
