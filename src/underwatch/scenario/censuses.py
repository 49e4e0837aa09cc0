"""The shipped censuses as a list, and one census as text with its sources."""

import textwrap
from pathlib import Path
from typing import NamedTuple

from underwatch.errors import printable
from underwatch.scenario.census import Census, shipped_censuses
from underwatch.scenario.data import CENSUSES
from underwatch.scenario.evidence import sources_in_words
from underwatch.scenario.keys import in_words, leaves
from underwatch.scenario.loading import Loaded, read
from underwatch.scenario.sections.society import Margins


class Listed(NamedTuple):
    """A shipped census, for lists."""

    name: str
    title: str
    text: str


def read_census(name: str | Path) -> Loaded[Census]:
    """A census with the sources and lines of its figures, as `Loaded`.

    name: of a shipped census, or the path of a .yaml file. Raises UserError with all that is
    wrong.

    Examples
    --------
    >>> read_census("eu-27-2021").value.share_under_15
    0.151
    """
    return read(name, Census, (), CENSUSES)


def describe(name: str | Path) -> str:
    """Text for people: every margin of a census with its source.

    Examples
    --------
    >>> print(describe("china-2020").splitlines()[0])
    China, census of 2020
    """
    loaded = read_census(name)
    census = loaded.value
    lines = [census.title, "", *textwrap.wrap(" ".join(census.text.split()), 96), ""]
    for key, value in leaves(census):
        if key in Margins.model_fields:
            lines.append(f"{key} = {in_words(value)}")
            lines.append(f"    {sources_in_words(loaded.sources[key])}")
    return "\n".join(printable(line) for line in lines) + "\n"


def censuses() -> list[Listed]:
    """The shipped censuses, by name."""
    found = []
    for name in shipped_censuses():
        census = read_census(name).value
        found.append(Listed(name, census.title, census.text))
    return found
