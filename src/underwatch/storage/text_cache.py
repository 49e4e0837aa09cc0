"""A cache of what was worked out from texts, for later processes of this user.

Each entry is a private file (see private.py). Its name is a hash of the text, or of what stands for
it, and of the code that worked it out, so another version of either makes an entry of its own.
"""

import hashlib
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from underwatch.storage.files import write_whole
from underwatch.storage.private import (
    Unusable,
    cache_roots,
    private_folder,
    read_checked,
    say_once,
    sealed,
)


class TextCache:
    """Contents by text, in the folder underwatch/NAME among the user's caches.

    made_by: files of code, and versions of libraries, that contents depend on. most: entries that
    are kept; the oldest makes room for a new one.
    """

    def __init__(self, name: str, made_by: Sequence[Path | str], most: int = 500):
        self.name, self.most = name, most
        digest = hashlib.sha256(sys.version.encode())
        for each in made_by:
            digest.update(each.encode() if isinstance(each, str) else each.read_bytes())
        self.made_by = digest.digest()

    def find(self, text: str) -> bytes | None:
        """What an earlier process kept for a text, if it is whole; else None."""
        path = self._place(text)
        if path is None:
            return None
        try:
            return read_checked(path)
        except FileNotFoundError:
            return None
        except Unusable as reason:
            say_once(f"{path} {reason}; what it holds is worked out again.")
            return None

    def keep(self, text: str, content: bytes) -> None:
        """Keep what was worked out from a text for later processes, if that can be written."""
        path = self._place(text)
        if path is None:
            return
        try:
            self._make_room(path)
            write_whole(path, sealed(path.name, content), replace=True, private=True)
        except OSError:
            pass  # the next process works it out again

    def _make_room(self, path: Path) -> None:
        """Remove the oldest entries, if there are too many beside a new one."""
        entries = [*path.parent.iterdir()]
        if path in entries or len(entries) < self.most:
            return
        entries.sort(key=lambda each: each.stat().st_mtime)
        for each in entries[: len(entries) - self.most + 1]:
            each.unlink(missing_ok=True)

    def _place(self, text: str) -> Path | None:
        """The file of a text; None if there is no folder for it."""
        folder = _folder(cache_roots(), self.name)
        digest = hashlib.sha256(self.made_by + text.encode()).hexdigest()[:16]
        return Path(folder) / digest if folder else None


@cache
def _folder(roots: tuple[str | None, str], name: str) -> str:
    """The private folder of a name, looked for once."""
    return private_folder(roots, name)
