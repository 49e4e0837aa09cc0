"""Shipped files as an earlier process read them: to read the YAML of a scenario takes 0.08 s.

What a text holds is kept in a private file that is named by the text and by the code that read it.
A user's own file is read each time, as it changes.
"""

import hashlib
import pickle
import sys
from pathlib import Path
from typing import Any

import ruamel.yaml

from underwatch.scenario.data import DATA
from underwatch.storage import write_whole
from underwatch.storage.private import (
    Unusable,
    cache_roots,
    private_folder,
    read_checked,
    say_once,
    sealed,
)

_READER = Path(__file__).with_name("documents.py")


def is_shipped(path: Path | None) -> bool:
    """Whether a file comes with the software."""
    return path is not None and path.is_relative_to(DATA.resolve())


def held(text: str) -> Any:
    """What a shipped text holds, if an earlier process kept it; else None."""
    path = _place(text)
    if path is None:
        return None
    try:
        return pickle.loads(read_checked(path))
    except FileNotFoundError:
        return None
    except Unusable as reason:
        say_once(f"{path} {reason}; the shipped file is read again.")
        return None


def keep(text: str, root: Any) -> None:
    """Keep what a shipped text holds for later processes, if that can be written."""
    path = _place(text)
    if path is None:
        return
    try:
        write_whole(path, sealed(path.name, pickle.dumps(root)), replace=True, private=True)
    except OSError:
        pass  # the next process reads the text


def _place(text: str) -> Path | None:
    """The private file of a text; None if there is no folder for it."""
    folder = private_folder(cache_roots(), "shipped")
    code = repr((ruamel.yaml.__version__, sys.version)).encode() + _READER.read_bytes()
    digest = hashlib.sha256(code + text.encode()).hexdigest()[:16]
    return Path(folder) / f"{digest}.pickle" if folder else None
