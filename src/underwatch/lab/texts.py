"""Every English sentence of the pages and their scripts, by key, from one file."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent.parent / "data" / "lab"
LANGUAGE = "en"


class Texts:
    """The texts of one language.

    Examples
    --------
    >>> texts()("nav.worlds")
    'Two worlds'
    """

    def __init__(self, language: str, table: Mapping[str, Any]):
        self.language, self._table = language, table

    def __call__(self, key: str, **values: Any) -> str:
        """The text of a dotted key, with {values} filled in."""
        found: Any = self._table
        for name in key.split("."):
            found = found[name]
        return str(found).format(**values) if values else str(found)

    def section(self, *names: str) -> dict[str, Any]:
        """Whole sections by name, for the scripts of a page."""
        return {name: self._table[name] for name in names}


@cache
def texts(language: str = LANGUAGE) -> Texts:
    """The texts of a language."""
    file = DATA / f"texts.{language}.toml"
    return Texts(language, tomllib.loads(file.read_text("utf-8")))
