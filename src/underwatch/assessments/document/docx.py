"""The document as a DOCX file that an analyst can edit."""

from __future__ import annotations

import io
from dataclasses import fields, is_dataclass, replace
from typing import TYPE_CHECKING, Any

from underwatch.assessments.answers.answer import CLASSES
from underwatch.assessments.document.blocks import (
    Answered,
    Block,
    Content,
    Line,
    Paragraph,
    Picture,
    Points,
    Table,
)
from underwatch.errors import printable
from underwatch.report.rendering import drawable

if TYPE_CHECKING:
    from docx.document import Document

INCHES = 5.5  # of the chart; between the margins of an A4 page are 6.8


def docx_bytes(content: Content) -> bytes:
    """The document as the bytes of a DOCX file."""
    stream = io.BytesIO()
    _document(_printable(content)).save(stream)
    return stream.getvalue()


def _printable(part: Any) -> Any:
    """A part of a document without control characters, which no XML can hold."""
    if isinstance(part, str):
        return printable(part, newlines=True)
    if isinstance(part, tuple):
        return tuple(map(_printable, part))
    if is_dataclass(part) and not isinstance(part, type):
        parts = {one.name: _printable(getattr(part, one.name)) for one in fields(part)}
        return replace(part, **parts)
    return part


def _document(content: Content) -> Document:
    import docx
    from docx.shared import Mm, Pt

    made = docx.Document()
    page = made.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin = page.right_margin = Mm(18)
    page.top_margin = page.bottom_margin = Mm(15)
    normal = made.styles["Normal"]
    normal.font.size, normal.font.name = Pt(9), "Calibri"
    normal.paragraph_format.space_after = Pt(3)
    for level, size in ((1, 13), (2, 10), (3, 10)):
        heading = made.styles[f"Heading {level}"]
        heading.font.size = Pt(size)
        heading.paragraph_format.space_before = Pt(14 - 4 * level if level < 3 else 6)
    page.footer.paragraphs[0].text = content.stamp
    page.footer.paragraphs[0].style.font.size = Pt(8)
    made.core_properties.title, made.core_properties.comments = content.title, content.stamp
    made.core_properties.author = "Underwatch"
    made.add_paragraph(content.kind)
    made.add_heading(content.title, 0)
    _quiet(made, content.stamp)
    for part in content.sections:
        made.add_heading(part.heading, 1)
        for block in part.blocks:
            _add(made, block)
    return made


def _add(made: Document, block: Block) -> None:
    match block:
        case Paragraph(text, quiet):
            _quiet(made, text) if quiet else made.add_paragraph(text)
        case Points(items, ordered):
            for item in items:
                made.add_paragraph(item, style="List Number" if ordered else "List Bullet")
        case Table():
            _add_table(made, block)
        case Line(text):
            made.add_paragraph().add_run(text).font.name = "Consolas"
        case Picture():
            _add_picture(made, block)
        case Answered():
            _add_field(made, block)


def _quiet(made: Document, text: str) -> None:
    from docx.shared import Pt, RGBColor

    run = made.add_paragraph().add_run(text)
    run.font.size, run.font.color.rgb = Pt(8), RGBColor(0x55, 0x5C, 0x63)


def _add_field(made: Document, block: Answered) -> None:
    beside = f" (with {', '.join(block.beside)})" if block.beside else ""
    made.add_heading(f"{block.id} {block.label}{beside}", 2)
    _quiet(made, f"{CLASSES[block.cls].capitalize()}.")
    for text in block.paragraphs:
        made.add_paragraph(text)


def _add_picture(made: Document, block: Picture) -> None:
    import vl_convert
    from docx.shared import Inches

    made.add_heading(block.title, 3)
    _quiet(made, block.caption)
    spec = drawable(block.spec | {"background": "white"})
    image = vl_convert.vegalite_to_png(spec, scale=2.5)
    shape = made.add_picture(io.BytesIO(image), width=Inches(INCHES))
    shape._inline.docPr.set("descr", f"{block.title}. {block.caption}")  # read aloud


def _add_table(made: Document, block: Table) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    made.add_paragraph(block.caption, style="Caption")
    table = made.add_table(rows=1 + len(block.rows), cols=len(block.head))
    table.style = "Light Grid Accent 1"
    _repeat_head(table.rows[0])
    for row, texts in zip(table.rows, (block.head, *block.rows), strict=True):
        for k, (cell, text) in enumerate(zip(row.cells, texts, strict=True)):
            paragraph = cell.paragraphs[0]
            paragraph.paragraph_format.space_after = Pt(0)
            paragraph.add_run(text).font.size = Pt(6.5 if block.small else 7.5)
            if k in block.numeric:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    made.add_paragraph()


def _repeat_head(row: Any) -> None:
    """Repeat the first row of a table on each page."""
    from docx.oxml.ns import qn
    from docx.oxml.parser import OxmlElement

    mark = OxmlElement("w:tblHeader")
    mark.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(mark)
