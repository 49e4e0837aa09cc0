"""A study as one page: prose, tables, charts, and what it was made of.

With the look of a run's page and its promises: a single file that asks nothing
of any other machine and reads on a phone, by keyboard, in the dark and on paper.
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
    """The page as text, to be written as it is; a blank line in `text` parts paragraphs.

    A table may be a plain tuple: (caption, head, rows, columns of numbers).
    """
    tables = [Table(*table) for table in tables]
    for table in tables:
        uneven = [row for row in table.rows if len(row) != len(table.head)]
        if uneven:
            columns = len(table.head)
            raise ValueError(f"{table.caption}: {columns} columns, but a row is {uneven[0]}")
    return page("study.html.j2", provenance, charts, title=title, text=text, tables=tables)
