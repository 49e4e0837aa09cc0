"""What a deployment file may never hold: data about real people, or a way to it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ruamel.yaml.comments import CommentedMap, CommentedSeq

from underwatch.errors import Problem, shortened
from underwatch.scenario.loading.documents import Document

SENTENCE = (
    "Underwatch is a closed world: everyone in it is invented from aggregate margins, and no "
    "data about real people can enter it"
)
_KEYS = re.compile(
    r"(first_?|last_?|full_?|family_?|sur)names?|names|persons?|individuals?|rows?|records?|"
    r"(data_?)?(base|set|file|source)s?_?(url|path)?|data|csv|table|images?|photos?|faces|"
    r"portraits?|templates?|embeddings?|videos?|streams?|rtsp|connectors?|connection|api(_?key)?|"
    r"urls?|endpoints?|credentials?|tokens?|passwords?|(date_of_)?births?|addresse?s?|phones?|"
    r"(e_?)?mails?|passports?|(national_?)?ids?|plates?|imei|licen[cs]e_plates?",
    re.IGNORECASE,
)
_VALUES = re.compile(
    r"^\s*(\w+://\S+|\S+\.(csv|tsv|xlsx?|parquet|feather|jsonl?|sqlite|db|jpe?g|png|bmp|webp|mp4|"
    r"avi|mov|npy|npz|pkl))\s*$",
    re.IGNORECASE,
)


def refused_keys(document: Document, known: frozenset[str]) -> Iterator[Problem]:
    """A problem for each key or value that would bring a real person's data.

    known: the keys that the sections themselves have.
    """
    yield from _walk(document, document.root, known)


def _walk(document: Document, node: object, known: frozenset[str]) -> Iterator[Problem]:
    if not isinstance(node, CommentedMap | CommentedSeq):
        return
    keys = list(node) if isinstance(node, CommentedMap) else range(len(node))
    for key in keys:
        where, name = document.where(node, key), str(key)
        if isinstance(key, str) and key not in known and _KEYS.fullmatch(key):
            yield Problem(where, f"{shortened(name)} is refused. {SENTENCE}.")
            continue
        value = node[key]
        if isinstance(value, str) and _VALUES.match(value):
            written = shortened(repr(str(value)), 60)
            yield Problem(where, f"{shortened(name)} is {written}, which is refused. {SENTENCE}.")
        yield from _walk(document, value, known)
