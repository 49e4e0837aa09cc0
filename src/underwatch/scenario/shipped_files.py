"""Shipped files as an earlier process read them: to read the YAML of a scenario takes 0.08 s.

A user's own file is read each time, as it changes.
"""

import pickle
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from underwatch.scenario.data import DATA
from underwatch.storage.text_cache import TextCache


def is_shipped(path: Path | None) -> bool:
    """Whether a file comes with the software."""
    return path is not None and path.is_relative_to(DATA.resolve())


def read_toml(path: Path) -> dict[str, Any]:
    """A shipped file of TOML, of which Python itself reads 10 KB in a millisecond."""
    text = path.read_text("utf-8")
    found: dict[str, Any] | None = held(text, "tomllib")
    if found is None:
        found = tomllib.loads(text)
        keep(text, "tomllib", found)
    return found


def held(text: str, reader: str) -> Any:
    """What a shipped text holds, if an earlier process kept it; else None.

    reader: what it depends on how the text is read, beside the version of Python.
    """
    content = _cache(reader).find(text)
    return None if content is None else pickle.loads(content)


def keep(text: str, reader: str, root: Any) -> None:
    """Keep what a shipped text holds for later processes, if that can be written."""
    _cache(reader).keep(text, pickle.dumps(root))


@cache
def _cache(reader: str) -> TextCache:
    return TextCache("shipped", (reader,))
