"""The organs of the article, M1 to M25: how each is switched, and what it moves."""

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from underwatch.scenario.changes import changes
from underwatch.scenario.data import DATA
from underwatch.scenario.dated import Dated
from underwatch.scenario.sections.values import Section

TABLE = DATA / "organs.toml"


@dataclass(frozen=True)
class Organ:
    """One organ.

    switch, needs: scenario keys; it is on if any of each holds something. moves:
    names of measures. files: of its law. without: the scenario without it alone.
    """

    number: str
    name: str
    article: str
    switch: tuple[str, ...]
    needs: tuple[str, ...]
    moves: tuple[str, ...]
    files: tuple[str, ...]
    without: str | None

    @property
    def page(self) -> str:
        """Path of its page, from the top of the package."""
        return f"data/pages/organs/{self.number}.md"

    def is_on(self, scenario, day: date) -> bool:
        """Whether it works on a day of a scenario; what no scenario switches is always on."""
        return all(
            any(_holds(_at(scenario, key), day) for key in keys)
            for keys in (self.switch, self.needs)
            if keys
        )

    def history(self, scenario) -> list[tuple[date, bool]]:
        """The days on which it goes on or off, the first day before all."""
        found: list[tuple[date, bool]] = []
        for day in changes(scenario):
            on = self.is_on(scenario, day)
            if not found or found[-1][1] != on:
                found.append((day, on))
        return found


def _at(scenario, key: str) -> Any:
    value = scenario
    for name in key.split("."):
        value = getattr(value, name)
    return value


def _holds(value: Any, day: date) -> bool:
    """Whether a value is something other than nothing."""
    if isinstance(value, Dated):
        value = value.on(day)
    if isinstance(value, Section):
        return any(_holds(part, day) for _, part in value)
    return bool(value)


@cache
def organs() -> tuple[Organ, ...]:
    """All twenty-five, in their order."""
    table = tomllib.loads(TABLE.read_text("utf-8"))
    return tuple(
        Organ(
            number, told["name"], told["article"], tuple(told["switch"]),
            tuple(told.get("needs", ())), tuple(told["moves"]), tuple(told["files"]),
            told.get("without"),
        )
        for number, told in table.items()
    )  # fmt: skip
