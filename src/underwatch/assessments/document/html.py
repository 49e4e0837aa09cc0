"""The document as one HTML page that needs no network and prints on A4."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import jinja2
from markupsafe import Markup, escape

from underwatch.assessments.answers.answer import CLASSES
from underwatch.assessments.document.blocks import Content, Picture
from underwatch.report import charts, templates
from underwatch.report.rendering import Render, render_charts


def html(content: Content, renderer: Render = render_charts) -> str:
    """The page as text. renderer: renders charts to SVG."""
    drawn = [
        block for part in content.sections for block in part.blocks if isinstance(block, Picture)
    ]
    images = renderer([each.spec for each in drawn])
    svg = {
        each.title: charts.inline(image, each.title)
        for each, image in zip(drawn, images, strict=True)
    }
    return _template().render(content=content, svg=svg, classes=CLASSES)


def unbroken(cell: str) -> Markup:
    """A figure in which no line ends inside its interval.

    >>> unbroken("1.7 per day (0.2 to 5.0)")
    Markup('1.7 per day <span class="whole">(0.2 to 5.0)</span>')
    """
    return Markup(_INTERVAL.sub(r'<span class="whole">\g<0></span>', str(escape(cell))))


_INTERVAL = re.compile(r"\([^()]{1,26}\)(\N{NO-BREAK SPACE}[*†‡])*")


@cache
def _template() -> jinja2.Template:
    """The template of the page; the style is the one of all reports."""
    folders = [Path(__file__).parent, Path(templates.__file__).parent]
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(folders),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["unbroken"] = unbroken
    environment.filters["css_text"] = templates.css_text
    environment.tests["of_type"] = lambda block, name: type(block).__name__ == name
    return environment.get_template("document.html.j2")
