"""Shipped files as an earlier process read them: to read the YAML of a scenario takes 0.08 s.

A user's own file is read each time, as it changes.
"""

import pickle
from functools import cache
from pathlib import Path
from typing import Any

import ruamel.yaml

from underwatch.scenario.data import DATA
from underwatch.storage.kept import Kept

_READER = Path(__file__).with_name("documents.py")


def is_shipped(path: Path | None) -> bool:
    """Whether a file comes with the software."""
    return path is not None and path.is_relative_to(DATA.resolve())


def held(text: str) -> Any:
    """What a shipped text holds, if an earlier process kept it; else None."""
    content = _kept().find(text)
    return None if content is None else pickle.loads(content)


def keep(text: str, root: Any) -> None:
    """Keep what a shipped text holds for later processes, if that can be written."""
    _kept().keep(text, pickle.dumps(root))


@cache
def _kept() -> Kept:
    return Kept("shipped", (ruamel.yaml.__version__, _READER))
