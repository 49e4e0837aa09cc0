"""Tables for people, on a terminal or in a pipe."""

import sys
from pathlib import Path


def console(stream=sys.stdout, width: int = 110):
    """Where tables are told; a pipe is as wide as a page."""
    from rich.console import Console

    return Console(file=stream, width=None if stream.isatty() else width, highlight=False)


def table(*columns: str, right: bool = True):
    """A table without lines; all columns but the first lean right, unless told otherwise."""
    from rich.table import Table

    made = Table(*columns, box=None, pad_edge=False)
    for column in made.columns[1:] if right else ():
        column.justify = "right"
    return made


def figure(value: float | None) -> str:
    """A number as people read it; – for what cannot be told."""
    if value is None:
        return "–"
    return f"{value:,}" if isinstance(value, int) else f"{value:,.2f}"


def signed(value: float | None) -> str:
    """A difference, with its sign; nought has none."""
    if value is None:
        return "–"
    return f"{value:+,.2f}" if value else "0"


def assumed(sources: dict, what: str) -> str:
    """How many figures rest on no source."""
    count = sum(str(s).startswith("assumption") for s in sources.values())
    return f"{count} of {len(sources)} figures of this {what} are assumptions"


def where(folder: Path, sources: dict) -> str:
    """Where a run or study lies, and what its report marks."""
    told = assumed(sources, "scenario")
    return f"{told}; the report marks them.\nFolder and report: {folder}"
