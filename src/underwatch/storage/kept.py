"""What an earlier process of this user worked out from a text that comes with the software.

It is a private file (see private.py), named by what it was worked out from and by the code that
did so: nothing that is kept can be out of date.
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


class Kept:
    """Contents by the text that they were worked out from, in underwatch/NAME among the caches.

    made_by: files of code, and versions of libraries, that contents depend on. most: where so many
    are kept, no more are.
    """

    def __init__(self, name: str, made_by: Sequence[Path | str], most: int = 10_000):
        self.name, self.most = name, most
        digest = hashlib.sha256(sys.version.encode())
        for each in made_by:
            digest.update(each.encode() if isinstance(each, str) else each.read_bytes())
        self.made_by = digest.digest()

    def find(self, text: str) -> bytes | None:
        """What an earlier process kept of a text, if it is whole; else None."""
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
            if not path.exists() and sum(1 for _ in path.parent.iterdir()) >= self.most:
                return
            write_whole(path, sealed(path.name, content), replace=True, private=True)
        except OSError:
            pass  # the next process works it out again

    def _place(self, text: str) -> Path | None:
        """The file of a text; None if there is no folder for it."""
        folder = _folder(cache_roots(), self.name)
        digest = hashlib.sha256(self.made_by + text.encode()).hexdigest()[:16]
        return Path(folder) / digest if folder else None


@cache
def _folder(roots: tuple[str | None, str], name: str) -> str:
    """The private folder of a name, looked for once."""
    return private_folder(roots, name)
