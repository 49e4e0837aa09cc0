"""What a command prints at its end: at most twelve lines, or with --all every measure.

Where the rows of the table are what was asked for, all of them are printed.
"""

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from underwatch.cli import tables

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from underwatch.report.findings import Finding

MOST_LINES = 12
FINDINGS = 3  # at most; fewer if they leave no room for the table


def print_brief(
    console: "Console", head: object, findings: "Sequence[Finding]", rows: "Table | None",
    last: Sequence[str], whole: bool = False,
) -> None:  # fmt: skip
    """The head, the first findings, as much of the table as has room, and the last lines.

    rows: the table that is cut; its first row is kept. last: lines on sources and the folder.
    whole: print the whole table, because its rows are what was asked for.
    """
    shown = list(findings[:FINDINGS])
    most = sys.maxsize if whole else MOST_LINES
    while len(shown) > 1 and _lines(console, head, *map(str, shown), *last) > most - 2:
        shown.pop()
    used = _lines(console, head, *map(str, shown), *last)
    console.print(head)
    for finding in shown:
        console.print(str(finding))
    if rows is not None and rows.row_count:
        console.print(_cut(console, rows, most - used))
    for line in last:
        console.print(line)


def _cut(console: "Console", rows: "Table", most: int) -> "Table":
    """The table with as many of its first rows as there are lines for."""
    kept = rows.row_count
    while kept > 1 and _lines(console, _first(rows, kept)) > most:
        kept -= 1
    return _first(rows, kept)


def _first(rows: "Table", count: int) -> "Table":
    made = tables.table(*(str(column.header) for column in rows.columns))
    for new, old in zip(made.columns, rows.columns, strict=True):
        new.justify, new.max_width = old.justify, old.max_width
    cells = [list(column.cells)[:count] for column in rows.columns]
    for row in zip(*cells, strict=True):
        made.add_row(*row)
    return made


def _lines(console: "Console", *parts: object) -> int:
    """How many lines these take on the console."""
    with console.capture() as captured:
        for part in parts:
            console.print(part)
    return captured.get().count("\n")
