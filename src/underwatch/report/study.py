"""A study as one page: text, tables, charts, sources and provenance.

The page has the look of a run's page and keeps its promises: one file that needs no network and
reads on a phone, by keyboard, in the dark and on paper.
"""

from collections.abc import Iterable, Sequence

from underwatch.report.parts import Table, page
from underwatch.report.series import Series

__all__ = ["Table", "render_study"]


def render_study(
    title: str,
    text: str,
    tables: Sequence[Table | tuple],
    charts: Iterable[Series],
    provenance: dict,
) -> str:
    """The page as text, to be written to a file as it is.

    text: paragraphs, with a blank line between them. tables: a table may be a plain tuple of
    caption, head, rows and the columns of numbers. Errors: ValueError for a row that does not
    have as many cells as the head.
    """
    tables = [Table(*table) for table in tables]
    for table in tables:
        uneven = [row for row in table.rows if len(row) != len(table.head)]
        if uneven:
            columns = len(table.head)
            raise ValueError(f"{table.caption}: {columns} columns, but a row is {uneven[0]}")
    return page("study.html.j2", provenance, charts, title=title, text=text, tables=tables)
