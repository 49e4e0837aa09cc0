"""An assessment as a document: a page to read and print, or a file to edit."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from underwatch.assessments.document.content import content
from underwatch.assessments.document.html import html
from underwatch.assessments.result import Assessed
from underwatch.errors import UserError, shortened
from underwatch.report.rendering import Render, render_charts
from underwatch.results.folder import as_path
from underwatch.results.single_file import write_file


def document_html(assessed: Assessed, renderer: Render = render_charts) -> str:
    """The document as one HTML page that needs no network."""
    return html(content(assessed), renderer)


def write_document(assessed: Assessed, path: str | Path) -> Path:
    """Write the document; the ending of the path chooses the format, .html or .docx.

    A file that exists is replaced. Raises UserError for any other ending.
    """
    file = as_path(path)
    if file.suffix == ".html":
        write_file(file, document_html(assessed), replace=True)
    elif file.suffix == ".docx":
        if find_spec("docx") is None:
            raise UserError("A .docx needs the library python-docx.")
        from underwatch.assessments.document.docx import docx_bytes

        write_file(file, docx_bytes(content(assessed)), replace=True)
    else:
        name = shortened(file.name)
        raise UserError(f"{name} is neither .html nor .docx; a document is one of these.")
    return file
