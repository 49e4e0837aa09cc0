"""What a deployment file may never hold: data about real people, or a way to it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel
from ruamel.yaml.comments import CommentedMap, CommentedSeq

from underwatch.errors import Problem, printable, shortened
from underwatch.scenario.loading.documents import Document
from underwatch.scenario.loading.schema import Shape

SENTENCE = (
    "Underwatch is a closed world: everyone in it is invented from aggregate margins, and no "
    "data about real people can enter it"
)
# Words of a key that no section has, in any of the ways to write them together.
_WORDS = re.compile(
    r"(first|last|full|family|given|sur|user|file)?_?names?|persons?|individuals?|members?|"
    r"suspects?|subjects?|identit(y|ies)|entries|rows?|records?|data(base|set|file|source)?s?|"
    r"csv|tables?|spreadsheets?|sql|excel|json|images?|photos?|pictures?|faces|portraits?|"
    r"templates?|embeddings?|biometrics?|fingerprints?|dna|voices?|videos?|streams?|feeds?|rtsp|"
    r"connectors?|connections?|api|keys?|urls?|uris?|links?|endpoints?|hosts?|credentials?|tokens?|"
    r"passwords?|births?|birthdays?|dob|address|addresses|phones?|mobiles?|e?mails?|passports?|ids?|"
    r"ssn|bsn|nino|plates?|imei|files?|paths?|folders?|imports?|includes?|uploads?|galler(y|ies)|"
    r"users?|accounts?|customers?|applicants?|watch_?lists?",
    re.IGNORECASE,
)
_FILES = (
    r"\.(csv|tsv|xlsx?|ods|parquet|feather|jsonl?|sqlite3?|db|jpe?g|png|gif|bmp|tiff?|webp|"
    r"heic|mp4|avi|mov|mkv|wav|mp3|npy|npz|pkl|h5)"
)
_WHOLE = re.compile(rf"^\s*(\w+://\S+|\S+{_FILES})\s*$", re.IGNORECASE)
_PART = re.compile(
    rf"(?<![\w.])[\w./\\:~-]*\w{_FILES}(?!\w)|\b(?!https?:)[a-z][\w+.-]*://\S|\bdata:\w+/[\w.+-]+[;,]|"
    r"(?<!\w)([A-Za-z]:\\|\\\\|~/|\.{1,2}/|/(home|mnt|data|srv|var|media|users|tmp|volumes)/)\S",
    re.IGNORECASE,
)
_WEB = re.compile(r"\bhttps?://\S", re.IGNORECASE)
_SCENARIOS = ("extends", "scenario", "without")  # keys that name a scenario or its file
# What makes a name that a file chooses itself one of a real person: a date, a long number, a mail.
_PERSONAL = re.compile(r"\d{4}-\d\d?-\d\d?|\d\d?[./]\d\d?[./]\d{4}|\d{6,}|\S@\S")


def refused_keys(document: Document, model: type[BaseModel]) -> Iterator[Problem]:
    """A problem for each key or value that would bring a real person's data.

    Keys that the model has are known where it has them; any other one is judged by its words, and
    by what it holds: a list of texts or of mappings is rows.
    """
    yield from _walk(document, document.root, Shape.of(model))


def unprintable(document: Document) -> Iterator[Problem]:
    """A problem for each text that holds control characters, which no page or chart can show."""
    yield from _controls(document, document.root)


def _walk(document: Document, node: Any, shape: Shape | None) -> Iterator[Problem]:
    if not isinstance(node, CommentedMap | CommentedSeq):
        return
    is_map = isinstance(node, CommentedMap)
    for key in list(node) if is_map else range(len(node)):
        where, name, value = document.where(node, key), str(key), node[key]
        child = shape.child(name) if shape is not None and is_map else None
        is_chosen = shape is not None and shape.entry is not None
        is_unknown = is_map and child is None and name != "extends"
        if (
            is_unknown
            and shape is not None
            and (_is_personal(name) or _is_rows(value))
            or (is_map and is_chosen and _PERSONAL.search(name))
        ):
            yield Problem(where, f"{shortened(name)} is refused. {SENTENCE}.")
            continue
        if isinstance(value, str):
            yield from refused_text(where, name, value)
        yield from _walk(document, value, child)


def refused_text(where: str | None, name: str, text: str) -> Iterator[Problem]:
    """A problem if a text leads to data. name: of its key; a scenario is named by its file."""
    if name not in _SCENARIOS and _leads_out(text, is_source=name == "source"):
        written = shortened(repr(str(text)), 60)
        yield Problem(where, f"{shortened(name)} is {written}, which is refused. {SENTENCE}.")


def unprintable_text(where: str | None, name: str, text: str) -> Iterator[Problem]:
    """A problem if a text holds control characters."""
    if printable(text, newlines=True) != text:
        yield Problem(where, f"{shortened(name)} holds a control character; take it out.")


def unprintable_texts(part: Any, name: str = "") -> Iterator[Problem]:
    """A problem for each text with control characters in nested mappings and lists.

    Examples
    --------
    >>> [str(one) for one in unprintable_texts({"title": "a bell \\x07", "place": "a hall"})]
    ['title holds a control character; take it out.']
    """
    if isinstance(part, str):
        yield from unprintable_text(None, name, part)
    elif isinstance(part, Mapping):
        for key, value in part.items():
            yield from unprintable_text(None, printable(key), str(key))
            yield from unprintable_texts(value, str(key))
    elif isinstance(part, list | tuple):
        for value in part:
            yield from unprintable_texts(value, name)


def _is_personal(name: str) -> bool:
    """Whether one of the words of a key, or all of them together, speaks of data about people."""
    parts = re.split(r"[^A-Za-z0-9]+|(?<=[a-z])(?=[A-Z])", name)
    words = [part for part in parts if part]
    together = "".join(words)
    return any(_WORDS.fullmatch(word) for word in (*words, together))


def _is_rows(value: Any) -> bool:
    """Whether a value is rows: a list that holds texts, lists or mappings."""
    return isinstance(value, CommentedSeq) and any(
        isinstance(one, str | CommentedMap | CommentedSeq) for one in value
    )


def _leads_out(text: str, is_source: bool) -> bool:
    """Whether a text names a file of data, a stream or a page; a source may name a page."""
    if _WHOLE.match(text) or _PART.search(text):
        return True
    return not is_source and _WEB.search(text) is not None


def _controls(document: Document, node: Any) -> Iterator[Problem]:
    if not isinstance(node, CommentedMap | CommentedSeq):
        return
    is_map = isinstance(node, CommentedMap)
    before = None
    for key in list(node) if is_map else range(len(node)):
        where, value = document.where(node, key), node[key]
        for text in (key, value):
            if isinstance(text, str):
                yield from unprintable_text(where, str(key), text)
        if is_map and not isinstance(key, str):
            yield Problem(where, _no_text(key, value, before, node))
        before = key
        yield from _controls(document, value)


def _no_text(key: Any, value: Any, before: Any, node: CommentedMap) -> str:
    """What is wrong with a key that is not text: {low: 2,5} reads as low 2, and a key 5."""
    split = value is None and isinstance(key, int | float) and isinstance(before, str)
    if split and isinstance(node[before], int | float):
        return (f"{shortened(before)} has a decimal comma; write it with a dot, such as "
                f"{shortened(before)}: 0.5.")  # fmt: skip
    return f"{shortened(str(key))} is a key that is not text; put it in quotes."
