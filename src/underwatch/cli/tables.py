"""Tables for people, on a terminal or in a pipe. Text of users is never read as markup."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from underwatch.errors import printable

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from underwatch.report.bands import Bands
    from underwatch.scenario import Scenario


def console(stream=None, width: int = 110) -> "Console":
    """Where tables are printed; a pipe is as wide as `width`.

    Brackets in text stand for themselves, and control characters are made visible.
    For bold text, see `bold`.
    """
    from rich.console import Console

    class Plain(Console):
        def render_str(self, text: str, **options):
            return super().render_str(printable(text, newlines=True), **options)

    stream = sys.stdout if stream is None else stream
    wide = None if stream.isatty() else width
    return Plain(file=stream, width=wide, highlight=False, markup=False, emoji=False)


def bold(text: object, rest: object = "") -> "Text":
    """Text in bold, followed by the rest in plain type."""
    from rich.text import Text

    return Text.assemble((printable(text, newlines=True), "bold"), printable(rest, newlines=True))


def table(*columns: str, right: bool = True) -> "Table":
    """A table without lines; right: align all columns but the first to the right."""
    from rich.table import Table

    made = Table(*columns, box=None, pad_edge=False)
    for column in made.columns[1:] if right else ():
        column.justify = "right"
    return made


def figure(value: float | None) -> str:
    """A number for readers; – where the measure is not defined."""
    from underwatch.report.numbers import format_value

    return "–" if value is None else format_value(value)


def signed(value: float | None) -> str:
    """A difference with its sign; zero has none."""
    from underwatch.report.numbers import format_value

    return "–" if value is None else format_value(value, signed=bool(value))


def assumed(sources: dict, what: str) -> str:
    """How many figures rest on no source."""
    from underwatch.scenario.evidence import assumptions

    return assumptions(sources).sentence(what)


class BandColumn(NamedTuple):
    """A column of what the assumptions leave; without results it has no head and no cells."""

    head: "list[str]"
    cell: "Callable[[str], list[str]]"


def bands(held: "Bands | str") -> BandColumn:
    """The column for results that hold, or for the sentence in place of them."""
    if isinstance(held, str):
        return BandColumn([], lambda measure: [])
    return BandColumn([held.head], lambda measure: [held.band(measure)])


def notes(scenario: "Scenario") -> str:
    """Sentences on figures that a scenario asks for and cannot reach; empty if there are none."""
    from underwatch.model.parameters.sensors import note_on_groups

    note = note_on_groups(scenario, scenario.last_day)
    return f"Note: {note}" if note else ""


def where(
    folder: Path, sources: dict, everything: bool = True, what: str = "scenario"
) -> list[str]:
    """Lines: how much is assumed, where every measure is, and where the result is."""
    more = "" if everything else " --all prints every measure."
    return [
        f"{assumed(sources, what)}; the report marks them.{more}",
        f"Folder and report: {folder}",
    ]
