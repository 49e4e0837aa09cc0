"""What a document is made of, for HTML and DOCX alike."""

from __future__ import annotations

from dataclasses import dataclass, field

from underwatch.report.rendering import Spec


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of prose. quiet: of less weight, such as a stamp or a note."""

    text: str
    quiet: bool = False


@dataclass(frozen=True)
class Points:
    """A list; ordered where the order matters."""

    items: tuple[str, ...]
    ordered: bool = False


@dataclass(frozen=True)
class Table:
    """Rows of texts; the first cell names its row. numeric: the columns of numbers.

    small: in small type, for a long table of reference.
    """

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: frozenset[int] = frozenset()
    small: bool = False


@dataclass(frozen=True)
class Picture:
    """A chart, the sentence that it shows, and its numbers as a table."""

    title: str
    caption: str
    spec: Spec
    table: Table


@dataclass(frozen=True)
class Answered:
    """A field of a form. cls: "R", "D" or "A"; beside: fields of another form that ask the same."""

    id: str
    label: str
    cls: str
    beside: tuple[str, ...]
    paragraphs: tuple[str, ...]


@dataclass(frozen=True)
class Line:
    """A command, on a line of its own."""

    text: str


Block = Paragraph | Points | Table | Picture | Answered | Line


@dataclass(frozen=True)
class Section:
    """A heading and what stands below it; id: an anchor of the page."""

    id: str
    heading: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Content:
    """The whole document. stamp: stands on every page."""

    title: str
    kind: str
    stamp: str
    sections: tuple[Section, ...] = field(default=())
