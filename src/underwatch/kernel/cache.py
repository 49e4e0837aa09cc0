"""Compiled code on disk, for the next process: used only if it is ours, private and intact.

A compiled function is kept as a pickle, and a pickle from somebody else, or one
with a flipped bit, can do anything. So each file begins with the SHA-256 of its
name and the rest, and is read only if it belongs to this user, nobody else may
write it, and the hash is right. What cannot be used is compiled again; what cannot be kept
costs the next process its time, and no run.
"""

import hashlib
import os
import pickle
import re
import stat
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from numba.core.caching import CompileResultCacheImpl, _Cache
from numba.core.runtime import rtsys
from numba.core.serialize import dumps

from underwatch.storage import write_whole

_MAGIC = b"underwatch compiled code 1\n"
_SHA = hashlib.sha256().digest_size
_REPORTED = "_UNDERWATCH_CACHE_REPORTED"  # in the environment, so that workers do not repeat it
_OPEN = os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK


class Unusable(Exception):
    """A file or folder of compiled code that must not be read; the text says why."""


class CheckedCache(_Cache):
    """Numba's cache of one function, with one file for each signature in a private folder."""

    def __init__(self, function, folder: str):
        self._function, self._folder = function, Path(folder)
        self._enabled = True
        name = f"{function.__module__.rpartition('.')[2]}.{function.__qualname__}"
        self._stem = re.sub(r"[^\w.]", "_", name)[:150]

    @property
    def cache_path(self) -> str:
        """The folder."""
        return str(self._folder)

    def enable(self) -> None:
        """Read and write files again."""
        self._enabled = True

    def disable(self) -> None:
        """Neither read nor write files."""
        self._enabled = False

    def flush(self) -> None:
        """Nothing to forget: a file that is out of date has another name."""

    def load_overload(self, sig, target_context):
        """The compiled function, or None if it must be compiled."""
        if not self._enabled:
            return None
        # Numba's own cache refreshes the context here: it imports all that can be compiled, in a
        # tenth of a second. Compiled code calls no more than this, and compiling refreshes anyway.
        rtsys.initialize(target_context)
        path = self._path(sig, target_context.codegen())
        try:
            return self._rebuilt(target_context, pickle.loads(read_checked(path)))
        except FileNotFoundError:
            return None
        except Unusable as reason:
            say_once(f"{path} {reason}; it is compiled again.")
        except Exception as error:  # of another version of a library, and it can raise anything
            say_once(f"{path} cannot be used ({type(error).__name__}); it is compiled again.")
        return None

    def save_overload(self, sig, data) -> None:
        """Keep a compiled function; a disk that is full costs the cache only."""
        content = self._content(data) if self._enabled else None
        if content is None:
            return
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            path = self._path(sig, data.codegen)
            write_whole(path, sealed(path.name, content), replace=True, private=True)
        except OSError as error:
            say_once(
                f"Compiled code cannot be kept in {self._folder} ({error.strerror or error}); the "
                "next run compiles it again."
            )

    def _content(self, compiled) -> bytes | None:
        """What is kept of a compiled function; None if it cannot be kept."""
        if not _can_be_kept(compiled):
            return None
        return dumps(CompileResultCacheImpl.reduce(None, compiled))

    def _rebuilt(self, target_context, kept):
        """The compiled function of which this was kept."""
        return CompileResultCacheImpl.rebuild(None, target_context, kept)

    def _path(self, sig, codegen) -> Path:
        code = self._function.__code__
        plain = [c for c in code.co_consts if isinstance(c, int | float | str | bytes)]
        cells = [cell.cell_contents for cell in self._function.__closure__ or ()]
        key = repr((sig, codegen.magic_tuple(), code.co_code, code.co_names, plain)).encode()
        digest = hashlib.sha256(key + (dumps(tuple(cells)) if cells else b""))
        return self._folder / f"{self._stem}-{digest.hexdigest()[:16]}.nbc"


def _can_be_kept(compiled) -> bool:
    return not compiled.library.has_dynamic_globals and all(x.can_cache for x in compiled.lifted)


def sealed(name: str, content: bytes) -> bytes:
    """Content as the file of the cache of this name holds it; another name makes it invalid."""
    return _MAGIC + hashlib.sha256(os.fsencode(name) + b"\0" + content).digest() + content


def read_checked(path: Path) -> bytes:
    """The content of a file of the cache. Raises Unusable, or FileNotFoundError."""
    try:
        with open(os.open(path, _OPEN), "rb") as file:
            found = os.fstat(file.fileno())
            if not stat.S_ISREG(found.st_mode):
                raise Unusable("is not a file")
            _check_private(found)
            whole = file.read()
    except FileNotFoundError:
        raise
    except OSError as error:  # a link, too, which might lead to a file of ours
        raise Unusable(f"cannot be read ({error.strerror or error})") from None
    content = whole[len(_MAGIC) + _SHA :]
    if whole != sealed(path.name, content):
        raise Unusable("is damaged")
    return content


def _check_private(found: os.stat_result) -> None:
    if found.st_uid != os.geteuid():
        raise Unusable("belongs to another user")
    if found.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise Unusable("can be written by other users")


def private_folder(roots: Iterable[str | os.PathLike | None], name: str) -> str:
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
            say_once(f"{folder} {reason}, so no compiled code is read from it or kept in it.")
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


def any_usable(folder: str, pattern: str) -> bool:
    """Whether a folder holds a file of compiled code of such a name that can be used."""
    for path in Path(folder).glob(pattern) if folder else ():
        try:
            read_checked(path)
            return True
        except (Unusable, FileNotFoundError):
            continue
    return False
