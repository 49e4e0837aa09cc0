"""What the keys of a scenario mean: the tables of the organ pages and of the model page."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

from underwatch.errors import printable
from underwatch.scenario.data import DATA
from underwatch.scenario.keys import in_words
from underwatch.scenario.safeguards import safeguards
from underwatch.scenario.sections.values import Section

PAGES = DATA / "pages"
ROW = re.compile(r"^\| `(\w+\.[\w.]+)` \| ([^|]+) \|$", re.M)


class Meaning(NamedTuple):
    """What a key of a scenario means; organs: the numbers of those whose pages list it."""

    text: str
    organs: tuple[str, ...]


@cache
def meanings() -> dict[str, Meaning]:
    """The meaning of every key that a page or a safeguard gives, by key."""
    texts = {
        "title": "title of the scenario",
        "text": "description of the scenario",
        "first_day": "first day of the simulation",
        "last_day": "last day of the simulation",
    }
    texts |= {f"safeguards.{guard.key}": guard.level for guard in safeguards()}
    on: dict[str, list[str]] = {}
    for path in [*sorted((PAGES / "organs").glob("M*.md"), key=_number), PAGES / "model.md"]:
        for key, meaning in ROW.findall(path.read_text("utf-8")):
            texts.setdefault(key, meaning)
            on.setdefault(key, []).extend([path.stem] * (path.stem != "model"))
    return {key: Meaning(text, tuple(on.get(key, ()))) for key, text in texts.items()}


def meaning_of(key: str) -> Meaning:
    """The meaning of a key; a part of a figure has that of the whole, with its own name."""
    whole, _, part = key.rpartition(".")
    known = meanings()
    if key in known or whole not in known:
        return known.get(key, Meaning("", ()))
    return known[whole]._replace(text=f"{known[whole].text}: {part}")


def _number(path: Path) -> int:
    return int(path.stem[1:])


def written(value: object) -> str:
    """A value of a scenario as readers expect it; the parts of a section with their names."""
    if isinstance(value, Section):
        return ", ".join(f"{name} {written(part)}" for name, part in value)
    return printable(in_words(value))
