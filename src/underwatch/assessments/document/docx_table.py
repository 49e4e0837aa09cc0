"""A table of a DOCX file: rules between rows, a head on every page, columns that fit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from underwatch.assessments.document.blocks import Table

if TYPE_CHECKING:
    from docx.document import Document

MARGIN = 18  # millimetres at each side of the page
WIDTH = 210 - 2 * MARGIN
_LONGEST = 45  # letters; a column with longer texts breaks them


def add_table(made: Document, block: Table) -> None:
    """Add a table with its caption, which is also what is read aloud first."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Mm, Pt

    made.add_paragraph(block.caption, style="Caption")
    table = made.add_table(rows=1 + len(block.rows), cols=len(block.head))
    table.autofit = False
    _rule(table, block.caption)
    widths = widths_of((block.head, *block.rows))
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    for n, (row, texts) in enumerate(zip(table.rows, (block.head, *block.rows), strict=True)):
        _keep_whole(row, is_head=n == 0)
        for k, (cell, text) in enumerate(zip(row.cells, texts, strict=True)):
            cell.width = Mm(widths[k])
            paragraph = cell.paragraphs[0]
            paragraph.paragraph_format.space_after = Pt(0)
            paragraph.paragraph_format.keep_with_next = n < min(2, len(block.rows))
            run = paragraph.add_run(text)
            run.font.size, run.font.bold = Pt(7 if block.small else 8), n == 0
            if k in block.numeric:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    made.add_paragraph().paragraph_format.space_after = Pt(0)


def widths_of(rows: Sequence[Sequence[str]]) -> list[float]:
    """The width of each column in millimetres: by its longest text, but no word is broken.

    Examples
    --------
    >>> widths_of([("Measure", "Value"), ("alerts a day", "1.7")])
    [122.8, 51.2]
    """
    longest = [max(len(text) for text in column) for column in zip(*rows, strict=True)]
    words = [max(len(word) for text in column for word in text.split() or [""])
             for column in zip(*rows, strict=True)]  # fmt: skip
    wanted = [max(word, min(length, _LONGEST)) for word, length in zip(words, longest, strict=True)]
    return [round(WIDTH * each / sum(wanted), 1) for each in wanted]


def _rule(table: Any, caption: str) -> None:
    """Thin rules between rows, and the caption as the table's title."""
    from docx.oxml.ns import qn

    properties = table._tbl.tblPr
    borders = element("w:tblBorders")
    for side in ("top", "bottom", "insideH"):  # the order that the format asks for
        borders.append(element(f"w:{side}", val="single", sz="4", space="0", color="9AA0A6"))
    properties.find(qn("w:tblLayout")).addprevious(borders)
    properties.append(element("w:tblCaption", val=caption))


def _keep_whole(row: Any, is_head: bool) -> None:
    """No row is broken between pages, and the first is repeated on each."""
    properties = row._tr.get_or_add_trPr()
    properties.append(element("w:cantSplit", val="true"))
    if is_head:
        properties.append(element("w:tblHeader", val="true"))


def element(tag: str, **attributes: str) -> Any:
    """A part of a document that the library has no words for."""
    from docx.oxml.ns import qn
    from docx.oxml.parser import OxmlElement

    made = OxmlElement(tag)
    for key, value in attributes.items():
        made.set(qn(f"w:{key}"), value)
    return made
