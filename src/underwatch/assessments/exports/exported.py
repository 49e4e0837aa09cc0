"""What an export is: a text, the ending of its file, and what to say of it."""

from __future__ import annotations

from typing import NamedTuple


class Exported(NamedTuple):
    """text: of the whole file. suffix: of its name, such as ".json". note: for the console."""

    text: str
    suffix: str
    note: str
