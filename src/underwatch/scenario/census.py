"""Censuses: margins of a population, each with its source, in files that scenarios name.

A scenario that states `society: {census: china-2020}` has every margin of that file; what it
states itself beside the name replaces the census's figure. A census holds shares of aggregates
and nothing else: a row about a person has no place in it.
"""

from pathlib import Path
from typing import ClassVar

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
    """The margins of one population."""

    CHECKS: ClassVar[tuple[Check, ...]] = _own_checks()

    title: str = Field(min_length=1)
    text: str

    @model_validator(mode="after")
    def _fits_together(self) -> "Census":
        refuse_misfits(self, self.CHECKS)
        return self


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
