"""A study as one page: findings, one chart, the headline, more charts, and the rest folded.

The page has the look of a run's page and keeps its promises: one file that needs no network and
reads on a phone, by keyboard, in the dark and on paper.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from underwatch.report.findings import Finding
from underwatch.report.pairs import Pairs
from underwatch.report.parts import Fold, Table, report
from underwatch.report.scatter import Points
from underwatch.report.series import Series

__all__ = ["Finding", "Fold", "Points", "Table", "render_study"]


def render_study(
    title: str,
    text: str,
    tables: Sequence[Table | tuple],
    charts: Iterable[Series | Points | Pairs],
    provenance: dict,
    *,
    findings: Sequence[Finding | str] = (),
    headline: int = 1,
    **words: Any,
) -> str:
    """The page as text, to be written to a file as it is.

    title: the main finding. text: paragraphs, with a blank line between them. tables: a table
    may be a plain tuple of caption, head, rows and the columns of numbers; the first `headline`
    are shown, the others folded. charts: the first is the strong one. findings: sentences, the
    most important first. words: more for `parts.report`, such as `kicker`, `note` or `folds`.

    Errors: ValueError for a row that does not have as many cells as the head.
    """
    tables = [Table(*table) for table in tables]
    for table in tables:
        uneven = [row for row in table.rows if len(row) not in (1, len(table.head))]
        if uneven:
            columns = len(table.head)
            raise ValueError(f"{table.caption}: {columns} columns, but a row is {uneven[0]}")
    first, *others = [*charts] or [None]
    folded = [Fold(table.caption, [table]) for table in tables[headline:]]
    return report(
        provenance, title=title, text=text, hero=first, charts=others,
        findings=[f if isinstance(f, Finding) else Finding(f) for f in findings],
        headline=tables[:headline], **{"folds": folded, **words},
    )  # fmt: skip
