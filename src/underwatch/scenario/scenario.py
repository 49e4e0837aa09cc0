"""A scenario: everything that is declared of an invented nation and its system.

Frozen and strict: an unknown key is refused, every figure has a source. Rates
are a year, unless their name says otherwise, and means over the adults who can
do the thing at all: looks and misread posts over members of platforms, purchases
and joining over those who shop online, all else over all adults. A probability is between 0
and 1; a value may change with dates (`Dated`).
"""

import hashlib
import json
from datetime import date
from pathlib import Path
from typing import ClassVar

from underwatch.scenario.data import SCENARIOS
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
from underwatch.scenario.sections.values import Section


class Scenario(Section):
    """A nation, its system and its dates. `Scenario.load("atlantic-2018")` reads one."""

    # No figure of the world stands in these; the others need a source each.
    SOURCELESS: ClassVar[tuple[str, ...]] = ()

    title: str
    text: str
    first_day: date
    last_day: date
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

    @classmethod
    def load(cls, name: str | Path, settings=(), over=()) -> "Scenario":
        """Read a shipped scenario by its name, or a file by its path.

        settings: "key=value", as on the command line. over: scenarios whose own
        words are laid over it, such as several `without-…` at once.
        """
        return reading(name, settings, over).value

    @property
    def days(self) -> int:
        """How many days it lasts."""
        return (self.last_day - self.first_day).days + 1

    @property
    def hash(self) -> str:
        """SHA-256 of all that is declared; titles and texts aside."""
        declared = self.model_dump(mode="json", exclude={"title", "text"})
        text = json.dumps(declared, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


def reading(name: str | Path, settings=(), over=()):
    """A scenario with the sources and lines of its figures; see `underwatch.reading`."""
    from underwatch.scenario.loading import read

    return read(name, Scenario, settings, SCENARIOS, over)


def shipped() -> list[str]:
    """The names of the scenarios that come with the software."""
    return sorted(path.stem for path in SCENARIOS.glob("*.yaml"))
