"""Censuses: margins of a population, each with its source, in files that scenarios name.

A scenario that states `society: {census: china-2020}` has every margin of that file; what it
states itself beside the name replaces the census's figure. A census holds shares of aggregates
and nothing else: a row about a person has no place in it.
"""

from pathlib import Path
from typing import ClassVar, NamedTuple

from pydantic import Field, model_validator

from underwatch.errors import UserError
from underwatch.scenario.checks import CHECKS, Check, refuse_misfits
from underwatch.scenario.data import CENSUSES
from underwatch.scenario.sections.society import Margins

KEY = "society.census"  # where a scenario names its census
_SECTION = "society."


def _own_checks() -> tuple[Check, ...]:
    """The cross-field checks of a scenario that read margins only, in the keys of a census."""

    def own(check: Check) -> Check:
        def faults(*values):
            return (sentence.replace(_SECTION, "") for sentence in check.faults(*values))

        return Check(tuple(key.removeprefix(_SECTION) for key in check.keys), faults)

    names = {f"{_SECTION}{name}" for name in Margins.model_fields}
    return tuple(own(check) for check in CHECKS if names.issuperset(check.keys))


class Census(Margins):
    """The margins of one population.

    Examples
    --------
    >>> read_census("eu-27-2021").value.share_under_15
    0.151
    """

    CHECKS: ClassVar[tuple[Check, ...]] = _own_checks()

    title: str = Field(min_length=1)
    text: str

    @model_validator(mode="after")
    def _fits_together(self) -> "Census":
        refuse_misfits(self, self.CHECKS)
        return self


class Listed(NamedTuple):
    """A shipped census, for lists."""

    name: str
    title: str
    text: str


def read_census(name: str | Path):
    """A census with the sources and lines of its figures, as `Loaded`.

    name: of a shipped census, or the path of a .yaml file. Raises UserError with all that is
    wrong.
    """
    from underwatch.scenario.loading import read

    return read(name, Census, (), CENSUSES)


def describe(name: str | Path) -> str:
    """Text for people: every margin of a census with its source.

    Examples
    --------
    >>> print(describe("china-2020").splitlines()[0])
    China, census of 2020
    """
    import textwrap

    from underwatch.errors import printable
    from underwatch.scenario.evidence import sources_in_words
    from underwatch.scenario.keys import in_words, leaves

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


def shipped_censuses() -> list[str]:
    """The names of the censuses that come with the software."""
    return sorted(path.stem for path in CENSUSES.glob("*.yaml"))


def check_name(wanted: object) -> str:
    """The name or path of a census as written in a scenario.

    Raises UserError if it is something else.
    """
    if isinstance(wanted, Path):
        wanted = str(wanted)
    if not isinstance(wanted, str) or not wanted.strip():
        example = next(iter(shipped_censuses()), "china-2020")
        raise UserError(
            f"{KEY} does not name a census; write the name of one, such as {example}, or the "
            "path of a .yaml file."
        )
    return wanted
