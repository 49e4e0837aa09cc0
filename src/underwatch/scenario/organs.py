"""The organs, M1 to M27: how each is switched on, and which measures it moves."""

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any

from underwatch.scenario.changes import changes
from underwatch.scenario.data import DATA
from underwatch.scenario.dated import Dated
from underwatch.scenario.keys import at
from underwatch.scenario.sections.values import Section

if TYPE_CHECKING:
    from underwatch.scenario.declaration import Declaration

TABLE = DATA / "organs.toml"


@dataclass(frozen=True)
class Organ:
    """One organ of surveillance and scoring.

    switch, needs: keys of a scenario. The organ is on where any key of `switch` and, if there
    are any, any key of `needs` holds something other than 0, false or an empty list. moves:
    names of measures. files: where it is implemented. without: the scenario that lacks it alone.
    deployment: the kind of deployment file that it serves, if it is outside the day of a nation.
    """

    number: str
    name: str
    article: str
    switch: tuple[str, ...]
    needs: tuple[str, ...]
    moves: tuple[str, ...]
    files: tuple[str, ...]
    without: str | None
    deployment: str | None = None

    @property
    def page(self) -> str:
        """Path of its page, from the top of the package."""
        return f"data/pages/organs/{self.number}.md"

    def is_on(self, scenario: "Declaration", day: date) -> bool:
        """Whether it is on at a day of a scenario; an organ without a switch is always on."""
        return all(
            any(_holds(at(scenario, key), day) for key in keys)
            for keys in (self.switch, self.needs)
            if keys
        )

    def history(self, scenario: "Declaration") -> list[tuple[date, bool]]:
        """The days on which it is switched on or off, beginning with the first day."""
        found: list[tuple[date, bool]] = []
        for day in changes(scenario):
            on = self.is_on(scenario, day)
            if not found or found[-1][1] != on:
                found.append((day, on))
        return found


def _holds(value: Any, day: date) -> bool:
    """Whether a value is something other than 0, false or empty."""
    if isinstance(value, Dated):
        value = value.on(day)
    if isinstance(value, Section):
        return any(_holds(part, day) for _, part in value)
    return bool(value)


@cache
def organs() -> tuple[Organ, ...]:
    """All organs in the order of their numbers."""
    table = tomllib.loads(TABLE.read_text("utf-8"))
    return tuple(
        Organ(
            number, entry["name"], entry["article"], tuple(entry["switch"]),
            tuple(entry.get("needs", ())), tuple(entry["moves"]), tuple(entry["files"]),
            entry.get("without"), entry.get("deployment"),
        )
        for number, entry in table.items()
    )  # fmt: skip
