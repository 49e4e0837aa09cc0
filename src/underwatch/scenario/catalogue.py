"""Catalogues: what there is to choose from, by key."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from underwatch.scenario.data import SCENARIOS
from underwatch.scenario.keyed import Keyed
from underwatch.scenario.organs import Organ
from underwatch.scenario.organs import organs as _organs
from underwatch.scenario.safeguards import Safeguard
from underwatch.scenario.safeguards import safeguards as _safeguards

if TYPE_CHECKING:
    import pandas as pd

Entry = TypeVar("Entry")
_CARD_WIDTH = 90  # characters of a cell in a notebook


class Catalogue(Keyed[Entry], Generic[Entry]):
    """Entries by key: a mapping with a short `repr`, a table in notebooks, and a data frame.

    Parameters
    ----------
    what
        What the entries are, in the plural, such as "organs".
    entries
        Key → entry; each entry is a dataclass or a named tuple.

    Examples
    --------
    >>> organs()["M12"].name
    'Face matching'
    >>> organs()
    <Catalogue of 27 organs: M1, M2, M3, M4, M5, M6, …>
    """

    def __init__(self, what: str, entries: Mapping[str, Entry]):
        super().__init__(entries)
        self.what = what

    def _unknown(self, key: object) -> str:
        return f"{key} is not one of the {self.what}"

    def __repr__(self) -> str:
        return f"<Catalogue of {len(self)} {self.what}: {self._first(6)}>"

    def to_dataframe(self) -> pd.DataFrame:
        """One row per entry, indexed by its key; lists become text with commas."""
        import pandas as pd

        rows = [{name: _cell(value) for name, value in _parts(entry)} for entry in self.values()]
        return pd.DataFrame(rows, index=pd.Index(list(self), name="key"))

    def _repr_html_(self) -> str:
        names = list(dict.fromkeys(name for entry in self.values() for name, _ in _parts(entry)))
        head = "".join(f"<th style='text-align:left'>{escape(name)}</th>" for name in names)
        rows = []
        for key, entry in self.items():
            parts = dict(_parts(entry))
            cells = "".join(f"<td>{_short(_cell(parts.get(name)))}</td>" for name in names)
            rows.append(f"<tr><th style='text-align:left'>{escape(key)}</th>{cells}</tr>")
        return (
            f"<table style='text-align:left'><caption>{len(self)} {escape(self.what)}</caption>"
            f"<thead><tr><th></th>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"
        )


@dataclass(frozen=True)
class ShippedScenario:
    """A scenario that comes with the software; `Scenario.load` reads it by its name."""

    name: str
    title: str
    text: str
    extends: str | None


@cache
def scenarios() -> Catalogue[ShippedScenario]:
    """The scenarios that come with the software, by name.

    Examples
    --------
    >>> scenarios()["unwatched"].title
    'The same people, unwatched'
    """
    found = [_head(path) for path in sorted(SCENARIOS.glob("*.yaml"))]
    return Catalogue("scenarios", {entry.name: entry for entry in found})


@cache
def organs() -> Catalogue[Organ]:
    """The organs of surveillance and scoring, M1 to M27, by number.

    Examples
    --------
    >>> organs()["M10"].switch
    ('scoring.association',)
    """
    return Catalogue("organs", {organ.number: organ for organ in _organs()})


@cache
def safeguards() -> Catalogue[Safeguard]:
    """The safeguards by key.

    Examples
    --------
    >>> safeguards()["notice"].between
    'decide and respond'
    """
    return Catalogue("safeguards", {guard.key: guard for guard in _safeguards()})


def _head(path: Path) -> ShippedScenario:
    """The title and text of a file, read without the rest of it."""
    from ruamel.yaml import YAML

    lines = []
    for line in path.read_text("utf-8").splitlines():
        if re.match(r"[a-z_]+:", line) and not re.match(r"(extends|title|text):", line):
            break
        lines.append(line)
    head = YAML(typ="safe", pure=True).load("\n".join(lines))
    text = " ".join(str(head["text"]).split())
    return ShippedScenario(path.stem, str(head["title"]), text, head.get("extends"))


def _parts(entry: Any) -> list[tuple[str, Any]]:
    """The named values of an entry."""
    names = entry._fields if hasattr(entry, "_fields") else [f.name for f in fields(entry)]
    return [(name, getattr(entry, name)) for name in names]


def _cell(value: Any) -> Any:
    return ", ".join(map(str, value)) if isinstance(value, (tuple, list)) else value


def _short(value: Any) -> str:
    text = "" if value is None else str(value)
    return escape(text if len(text) <= _CARD_WIDTH else f"{text[: _CARD_WIDTH - 1]}…")
