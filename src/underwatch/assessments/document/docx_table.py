"""A table of a DOCX file: rules between rows, a head on every page, columns that fit."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any

from underwatch.assessments.document.blocks import Table

if TYPE_CHECKING:
    from docx.document import Document

MARGIN = 16  # millimetres at each side of the page
WIDTH = 210 - 2 * MARGIN
_PADDING, _LETTER = 4.0, 1.62  # millimetres, of a cell and of a letter; small type has less
_LONGEST = {False: 45, True: 32}  # letters on a line; numbers are broken later than words
_TOGETHER = 12  # rows; a longer table may go over the end of a page


def add_table(made: Document, block: Table) -> None:
    """Add a table with its caption, which is also what is read aloud first."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Mm, Pt

    made.add_paragraph(block.caption, style="Caption")
    table = made.add_table(rows=1 + len(block.rows), cols=len(block.head))
    table.autofit = False
    _rule(table, block.caption)
    widths = widths_of((block.head, *block.rows), block.numeric, block.small)
    together = len(block.rows) if len(block.rows) <= _TOGETHER else 2
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    for n, (row, texts) in enumerate(zip(table.rows, (block.head, *block.rows), strict=True)):
        _keep_whole(row, is_head=n == 0)
        for k, (cell, text) in enumerate(zip(row.cells, texts, strict=True)):
            cell.width = Mm(widths[k])
            paragraph = cell.paragraphs[0]
            paragraph.paragraph_format.space_after = Pt(0)
            paragraph.paragraph_format.keep_with_next = n < together
            run = paragraph.add_run(text)
            run.font.size, run.font.bold = Pt(7 if block.small else 8), n == 0
            if k in block.numeric:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    after = made.add_paragraph()  # a document may not end with a table
    after.paragraph_format.space_after = Pt(0)
    after.add_run().font.size = Pt(4)
    after.paragraph_format.line_spacing = Pt(6)


def widths_of(
    rows: Sequence[Sequence[str]], numeric: Collection[int] = (), small: bool = False
) -> list[float]:  # fmt: skip
    """The width of each column in millimetres: no word is broken, and long texts get the rest.

    Examples
    --------
    >>> widths_of([("Measure", "Value"), ("alerts raised a day", "1.7")], {1})
    [164.8, 13.2]
    """
    letter = _LETTER * (0.88 if small else 1)
    least, wanted = [], []
    for k, column in enumerate(zip(*rows, strict=True)):
        longest = max((len(word) for text in column for word in text.split()), default=1)
        least.append(_PADDING + letter * longest)
        wanted.append(min(max(map(len, column)), _LONGEST[k in numeric]) * letter)
    spare = WIDTH - sum(least)
    if spare <= 0:
        return [round(WIDTH * each / sum(least), 1) for each in least]
    more = [max(0.1, want - each) for want, each in zip(wanted, least, strict=True)]
    for k in numeric:  # first, so that no interval is broken
        taken = min(more[k], spare / max(1, len(numeric)))
        least[k] += taken
        spare -= taken
        more[k] = 0.1
    return [round(each + spare * one / sum(more), 1) for each, one in zip(least, more, strict=True)]


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
