"""A scenario: everything that is declared of an invented nation and its system.

Frozen and strict: an unknown key is refused, every figure has a source. Rates are a year, unless
their name says otherwise, and are means over the adults who can act at all: foreign visits and
misread posts over members of platforms, purchases and joining over online shoppers, all others
over all adults. A probability is between 0 and 1; a value may change with dates (`Dated`).
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import Field, PrivateAttr, model_validator
from pydantic_core import PydanticCustomError

from underwatch.errors import UserError, shortened
from underwatch.scenario.checks import CHECKS, Check
from underwatch.scenario.data import SCENARIOS
from underwatch.scenario.keys import at, leaves, plain
from underwatch.scenario.sections.safeguards import Safeguards
from underwatch.scenario.sections.society import (
    Life,
    Opinion,
    Protest,
    Response,
    Society,
    Support,
    Ties,
)
from underwatch.scenario.sections.system import (
    Blacklist,
    Cameras,
    Companies,
    Files,
    Firewall,
    Naming,
    Neighbours,
    Platforms,
    Police,
    Precursor,
    Privileges,
    Redress,
    Registers,
    Restrictions,
    Review,
    Scoring,
    Tiers,
    Wall,
)
from underwatch.scenario.sections.values import Day, Section

if TYPE_CHECKING:
    from underwatch.scenario.loading import Loaded

_LIMIT_OF_DAYS = (
    "The days of a run and its longest restriction, list entry or ruling add up to at most 65,535."
)


class Scenario(Section):
    """An invented nation, its system of surveillance and scoring, and its dates.

    Examples
    --------
    >>> scenario = Scenario.load("atlantic-2018", ["society.citizens=2000"])
    >>> scenario
    <Scenario 'The system of the article': 2,000 citizens, seed 2018, 2014-06-14 to 2020-12-31>
    >>> milder = scenario.with_({"scoring.association": 0.1})
    >>> milder.diff(scenario)
    {'scoring.association': (0.1, 0.2)}
    """

    # The top-level keys whose numbers need no source: none.
    SOURCELESS: ClassVar[tuple[str, ...]] = ()
    CHECKS: ClassVar[tuple[Check, ...]] = CHECKS

    title: str
    text: str
    first_day: Day
    last_day: Annotated[Day, Field(description=_LIMIT_OF_DAYS)]
    society: Society
    life: Life
    protest: Protest
    firewall: Firewall
    platforms: Platforms
    companies: Companies
    cameras: Cameras
    registers: Registers
    neighbours: Neighbours
    files: Files
    tiers: Tiers
    wall: Wall
    scoring: Scoring
    precursor: Precursor
    blacklist: Blacklist
    restrictions: Restrictions
    review: Review
    police: Police
    naming: Naming
    privileges: Privileges
    redress: Redress
    safeguards: Safeguards
    response: Response
    support: Support
    opinion: Opinion
    ties: Ties

    # Where it is from; not a part of equality, dump or hash.
    _sources: dict[str, str] = PrivateAttr(default_factory=dict)
    _parent: str | None = PrivateAttr(default=None)

    @model_validator(mode="after")
    def _fits_together(self) -> "Scenario":
        faults = [
            sentence
            for check in self.CHECKS
            for sentence in check.faults(*(at(self, key) for key in check.keys))
        ]
        if faults:
            raise PydanticCustomError("cross_field", "{faults}", {"faults": " ".join(faults)})
        return self

    @classmethod
    def load(
        cls, name: str | Path, settings: Iterable[str] = (), over: Iterable[str] = ()
    ) -> "Scenario":
        """Read a shipped scenario by its name, or a file by its path.

        Parameters
        ----------
        name
            Such as "atlantic-2018" or "mine.yaml".
        settings
            "key=value", as on the command line; applied after the files.
        over
            Scenarios whose own figures are laid over the result, such as several `without-…`.

        Raises
        ------
        UserError
            Everything that is wrong with the files and settings, with file and line.
        """
        return reading(name, settings, over).value

    @property
    def sources(self) -> dict[str, str]:
        """Key → source: evidence keys, "assumption: …", or "set on the command line"."""
        return dict(self._sources)

    @property
    def parent(self) -> str | None:
        """The scenario that this one extends, as `load` takes it; None if it extends none."""
        return self._parent

    @property
    def days(self) -> int:
        """The number of days from the first to the last."""
        return (self.last_day - self.first_day).days + 1

    @property
    def hash(self) -> str:
        """SHA-256 of all that is declared, except title and text."""
        declared = self.model_dump(mode="json", exclude={"title", "text"})
        text = json.dumps(declared, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    def with_(self, changes: Mapping[str, Any]) -> "Scenario":
        """The same scenario with other values at some dotted keys, checked as a file is.

        changes: key → value, or a mapping of dates to values. A source is kept for every key
        that is not changed.

        Raises UserError with all that is wrong.

        Examples
        --------
        >>> Scenario.load("atlantic-2018").with_({"cameras.uptime": 1.3})
        Traceback (most recent call last):
        underwatch.errors.UserError: cameras.uptime is 1.3, but it is a probability between 0 and \
1. For 1.3 % write 0.013.
        """
        from underwatch.scenario.loading import changed

        loaded = changed(self, self._sources, changes)
        loaded.value._sources, loaded.value._parent = loaded.sources, self._parent
        return loaded.value

    def diff(self, other: "Scenario") -> dict[str, tuple[Any, Any]]:
        """Key → (value here, value there) for every figure that differs; titles aside.

        Raises UserError if `other` is no Scenario.
        """
        if not isinstance(other, Scenario):
            raise UserError(f"{shortened(repr(other))} is not a Scenario; see Scenario.load.")
        theirs = dict(leaves(other))
        return {
            key: (plain(value), plain(theirs[key]))
            for key, value in leaves(self)
            if key not in ("title", "text") and value != theirs[key]
        }

    def to_yaml(self) -> str:
        """A file that loads to an equal scenario, complete and with every source."""
        from underwatch.scenario.writing import to_yaml

        return to_yaml(self)

    def describe(self) -> str:
        """Text for people: dates, every figure with its source, and what differs from `parent`."""
        from underwatch.scenario.writing import describe

        return describe(self)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Scenario) and self.__dict__ == other.__dict__

    def __hash__(self) -> int:
        return hash(self.hash)

    def __repr__(self) -> str:
        from underwatch.errors import printable

        return (
            f"<Scenario '{printable(shortened(self.title))}': {self.society.citizens:,} citizens, "
            f"seed {self.society.seed}, {self.first_day} to {self.last_day}>"
        )

    __str__ = __repr__

    def _repr_html_(self) -> str:
        facts = {
            "citizens": f"{self.society.citizens:,}",
            "seed": str(self.society.seed),
            "days": f"{self.days:,}, from {self.first_day} to {self.last_day}",
            "extends": self._parent or "nothing",
        }
        rows = "".join(
            f"<tr><th style='text-align:left;font-weight:400;padding-right:1em'>{label}</th>"
            f"<td style='text-align:left'>{escape(fact)}</td></tr>"
            for label, fact in facts.items()
        )
        return (
            "<div style='border:1px solid #ccc;border-radius:4px;padding:.6em 1em;max-width:44em'>"
            f"<strong>{escape(self.title)}</strong> <span style='color:#555'>Scenario</span>"
            f"<p>{escape(self.text)}</p><table>{rows}</table></div>"
        )


def reading(
    name: str | Path, settings: Iterable[str] = (), over: Iterable[str] = ()
) -> "Loaded[Scenario]":
    """A scenario with the sources and lines of its figures; see `underwatch.scenario.loading`."""
    from underwatch.scenario.loading import read

    loaded = read(name, Scenario, settings, SCENARIOS, over)
    loaded.value._sources, loaded.value._parent = loaded.sources, loaded.parent
    return loaded


def shipped() -> list[str]:
    """The names of the scenarios that come with the software."""
    return sorted(path.stem for path in SCENARIOS.glob("*.yaml"))
