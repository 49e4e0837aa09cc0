"""Compiled code on disk, for the next process; storage/private.py says what is read.

What cannot be used is compiled again; what cannot be kept costs the next process its time, and no
run.
"""

import hashlib
import pickle
import re
from pathlib import Path

from numba.core.caching import _Cache
from numba.core.serialize import dumps

from underwatch.kernel.loaded import rebuilt, reduced, register_runtime
from underwatch.storage import write_whole
from underwatch.storage.private import Unusable, read_checked, say_once, sealed


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
        register_runtime()
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
        return dumps(reduced(compiled))

    def _rebuilt(self, target_context, kept):
        """The compiled function of which this was kept."""
        return rebuilt(target_context, kept)

    def _path(self, sig, codegen) -> Path:
        code = self._function.__code__
        plain = [c for c in code.co_consts if isinstance(c, int | float | str | bytes)]
        cells = [cell.cell_contents for cell in self._function.__closure__ or ()]
        key = repr((sig, codegen.magic_tuple(), code.co_code, code.co_names, plain)).encode()
        digest = hashlib.sha256(key + (dumps(tuple(cells)) if cells else b""))
        return self._folder / f"{self._stem}-{digest.hexdigest()[:16]}.nbc"


def _can_be_kept(compiled) -> bool:
    return not compiled.library.has_dynamic_globals and all(x.can_cache for x in compiled.lifted)


def any_usable(folder: str, pattern: str) -> bool:
    """Whether a folder holds a file of compiled code of such a name that can be used.

    A run asks several times, and to check a file takes some milliseconds: each is checked once.
    """
    for path in Path(folder).glob(pattern) if folder else ():
        if path in _checked:
            return True
        try:
            read_checked(path)
        except (Unusable, FileNotFoundError):
            continue
        _checked.add(path)
        return True
    return False


_checked: set[Path] = set()
