"""What an export is: a text, and what to say of it."""

from __future__ import annotations

from typing import NamedTuple


class Exported(NamedTuple):
    """text: of the whole file. note: for the console."""

    text: str
    note: str
