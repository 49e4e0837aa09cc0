"""The document of an assessment: 4 to 6 pages that an analyst hands in, as HTML or DOCX."""

from underwatch.assessments.document.write import document_html as document_html
from underwatch.assessments.document.write import write_document as write_document

__all__ = ["document_html", "write_document"]
