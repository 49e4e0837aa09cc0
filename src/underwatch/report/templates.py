"""The templates of pages, which an earlier process has compiled."""

import re
from functools import cache
from pathlib import Path

import jinja2
from jinja2.bccache import Bucket

from underwatch.report import limits
from underwatch.storage.text_cache import TextCache


def template(name: str) -> jinja2.Template:
    """A template of this folder."""
    return _environment().get_template(name)


class _Compiled(jinja2.BytecodeCache):
    """To compile the templates of a page takes as long as to fill them."""

    def __init__(self) -> None:
        self.cache = TextCache("templates", (jinja2.__version__, Path(__file__)))

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill a bucket with what is kept of its template; it compares the hash of its source."""
        content = self.cache.find(bucket.key)
        if content is not None:
            bucket.bytecode_from_string(content)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what a bucket holds."""
        self.cache.keep(bucket.key, bucket.bytecode_to_string())


@cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        bytecode_cache=_Compiled(),
    )
    environment.filters["unbroken"] = unbroken
    environment.filters["css_text"] = css_text
    environment.globals["limits"] = limits
    return environment


def css_text(text: str) -> str:
    """A text as it can stand in quotes in a style sheet: letters, digits and a few signs.

    >>> css_text("hash 01ab; \\"} body { }")
    'hash 01ab;  body  '
    """
    return re.sub(r"[^\w .,;:()%–-]", "", text)


def unbroken(text: str) -> str:
    """A heading in which no line ends between a number and its percent sign."""
    return text.replace(" %", "\N{NO-BREAK SPACE}%")
