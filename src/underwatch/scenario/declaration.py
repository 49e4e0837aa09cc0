"""What a scenario declares of an invented nation and its system.

Frozen and strict: an unknown key is refused, every figure has a source. Rates are a year, unless
their name says otherwise, and are means over the adults who can act at all: foreign visits and
misread posts over members of platforms, purchases and joining over online shoppers, all others
over all adults. A probability is between 0 and 1; a value may change with dates (`Dated`).
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Annotated, ClassVar, NamedTuple

from pydantic import Field, PrivateAttr, model_validator

from underwatch.errors import shortened
from underwatch.scenario.checks import CHECKS, Check, refuse_misfits
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
    Credit,
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

_LIMIT_OF_DAYS = (
    "The days of a run and its longest restriction, list entry or ruling add up to at most 65,535."
)


class Origin(NamedTuple):
    """From what a scenario was derived in Python: its name or path, its title, and the changes.

    changes: dotted key -> the new value in words.
    """

    parent: str | None
    title: str
    changes: Mapping[str, str]

    def words(self) -> str:
        """The changes in words: the first two, and how many more there are.

        Examples
        --------
        >>> Origin(None, "A", {"cameras.uptime": "0.5", "files.on": "false"}).words()
        'cameras.uptime 0.5, files.on false'
        >>> Origin(None, "A", dict.fromkeys(["a", "b", "c"], "0")).words()
        'a 0, b 0 and 1 more change'
        """
        shown = ", ".join(f"{key} {shortened(value, 40)}" for key, value in
                          list(self.changes.items())[:2])  # fmt: skip
        more = len(self.changes) - 2
        return f"{shown} and {more:,} more change{'s' * (more > 1)}" if more > 0 else shown


class Declaration(Section):
    """The sections of a scenario and its dates, and where each value is from."""

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
    credit: Credit
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
    _file: str | None = PrivateAttr(default=None)  # the name or the path that was read
    _census: str | None = PrivateAttr(default=None)  # the census from which its margins are
    _origin: Origin | None = PrivateAttr(default=None)  # if it was derived in Python

    @model_validator(mode="after")
    def _fits_together(self) -> "Declaration":
        refuse_misfits(self, self.CHECKS)
        return self

    @property
    def sources(self) -> dict[str, str]:
        """Key → source: evidence keys, "assumption: …", or "set on the command line"."""
        return dict(self._sources)

    @property
    def parent(self) -> str | None:
        """The scenario that this one extends, as `load` takes it; None if it extends none."""
        return self._parent

    @property
    def census(self) -> str | None:
        """The census from which its margins are, by name or path; None if it names none."""
        return self._census

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

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Declaration) and self.__dict__ == other.__dict__

    def __hash__(self) -> int:
        return hash(self.hash)
