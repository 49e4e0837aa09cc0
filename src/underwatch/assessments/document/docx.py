"""The document as a DOCX file that an analyst can edit."""

from __future__ import annotations

import io
from dataclasses import fields, is_dataclass, replace
from typing import TYPE_CHECKING, Any

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
from underwatch.assessments.document.docx_table import MARGIN, add_table, element
from underwatch.errors import printable
from underwatch.report.rendering import render_charts

if TYPE_CHECKING:
    from docx.document import Document

INCHES = 5.5  # of the chart
LANGUAGE = "en-GB"
FONT = "Calibri"
INK, QUIET, LINK = (0x1A, 0x1D, 0x21), (0x55, 0x5C, 0x63), (0x0B, 0x5C, 0xAD)


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

    made = docx.Document()
    _lay_out(made)
    _footer(made.sections[0].footer.paragraphs[0], content.stamp)
    made.core_properties.title, made.core_properties.comments = content.title, content.stamp
    made.core_properties.author, made.core_properties.language = "Underwatch", LANGUAGE
    made.add_paragraph(content.kind)
    made.add_heading(content.title, 0)
    _quiet(made, content.stamp)
    _contents(made, content)
    for k, part in enumerate(content.sections):
        _mark(made.add_heading(part.heading, 1), part.id, str(k))
        for block in part.blocks:
            _add(made, block)
    return made


def _lay_out(made: Document) -> None:
    """A4, one language for spelling and reading aloud, and styles that are legible in grey."""
    from docx.oxml.ns import qn
    from docx.shared import Mm, Pt, RGBColor

    page = made.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin = page.right_margin = Mm(MARGIN)
    page.top_margin = page.bottom_margin = Mm(14)
    page.footer_distance = Mm(8)
    defaults = made.styles.element.find(qn("w:docDefaults"))
    for language in defaults.iter(qn("w:lang")):
        language.set(qn("w:val"), LANGUAGE)
    normal = made.styles["Normal"]
    normal.font.size, normal.font.name = Pt(9), FONT
    normal.paragraph_format.space_after = Pt(3)
    for name, size, before in (
        ("Title", 20, 0), ("Heading 1", 14, 12), ("Heading 2", 10.5, 7), ("Heading 3", 10.5, 7),
        ("Caption", 9, 7),
    ):  # fmt: skip
        style = made.styles[name]
        style.font.size, style.font.name = Pt(size), FONT
        style.font.color.rgb = RGBColor(*INK)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for kind in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{kind}"), None)
        style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(3)
        style.paragraph_format.keep_with_next = True


def _footer(paragraph: Any, stamp: str) -> None:
    """The stamp, and the number of the page and of all pages."""
    from docx.shared import Pt

    paragraph.style.font.size = Pt(8)
    paragraph.add_run(f"{stamp} Page ")
    _field(paragraph, "PAGE")
    paragraph.add_run(" of ")
    _field(paragraph, "NUMPAGES")


def _field(paragraph: Any, code: str) -> None:
    """A number that the word processor fills in."""
    field = element("w:fldSimple", instr=code)
    run = paragraph.add_run("1")._r
    run.getparent().replace(run, field)
    field.append(run)
    paragraph._p.append(field)


def _contents(made: Document, content: Content) -> None:
    """The sections in one line, each a link to its heading."""
    from docx.shared import RGBColor

    line = made.add_paragraph("Contents: ")
    for k, part in enumerate(content.sections):
        if k:
            line.add_run(" · ")
        run = line.add_run(part.heading)
        run.font.underline, run.font.color.rgb = True, RGBColor(*LINK)
        link = element("w:hyperlink", anchor=part.id)
        link.append(run._r)
        line._p.append(link)


def _mark(heading: Any, name: str, number: str) -> None:
    """Let links lead to a heading."""
    heading._p.insert(1, element("w:bookmarkStart", id=number, name=name))
    heading._p.append(element("w:bookmarkEnd", id=number))


def _add(made: Document, block: Block) -> None:
    match block:
        case Paragraph(text, quiet):
            _quiet(made, text) if quiet else made.add_paragraph(text)
        case Points(items, ordered):
            for item in items:
                made.add_paragraph(item, style="List Number" if ordered else "List Bullet")
        case Table():
            add_table(made, block)
        case Line(text):
            made.add_paragraph().add_run(text).font.name = "Consolas"
        case Picture():
            _add_picture(made, block)
        case Answered():
            _add_field(made, block)


def _quiet(made: Document, text: str) -> Any:
    from docx.shared import Pt, RGBColor

    paragraph = made.add_paragraph()
    run = paragraph.add_run(text)
    run.font.size, run.font.color.rgb = Pt(8.5), RGBColor(*QUIET)
    return paragraph


def _add_field(made: Document, block: Answered) -> None:
    """The heading with the letter of its class, which the first lines of the section explain."""
    from docx.shared import RGBColor

    beside = f" (with {', '.join(block.beside)})" if block.beside else ""
    heading = made.add_heading(f"{block.id} {block.label}{beside}", 2)
    heading.add_run(f" – {block.cls}").font.color.rgb = RGBColor(*LINK)
    for text in block.paragraphs:
        made.add_paragraph(text)


def _add_picture(made: Document, block: Picture) -> None:
    """The chart as other documents have it; its title and caption are read aloud."""
    import vl_convert
    from docx.shared import Inches

    made.add_heading(block.title, 2)
    _quiet(made, block.caption).paragraph_format.keep_with_next = True
    (drawn,) = render_charts([block.spec | {"background": "white"}])
    image = vl_convert.svg_to_png(drawn, scale=2.5)
    shape = made.add_picture(io.BytesIO(image), width=Inches(INCHES))
    shape._inline.docPr.set("descr", f"{block.title}. {block.caption}")
