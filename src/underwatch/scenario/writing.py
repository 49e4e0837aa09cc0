"""A scenario as text: a complete file, and a description for people."""

import json
import re
import textwrap
from typing import Any

from underwatch.errors import printable
from underwatch.scenario.census import shipped_censuses
from underwatch.scenario.declaration import Declaration
from underwatch.scenario.evidence import assumptions
from underwatch.scenario.keys import in_words, leaves, plain

_UNDECLARED = ("title", "text")
_IMPLIED = "assumption: set by "  # what the loader gives as source where a file gives none


def to_yaml(scenario: Declaration) -> str:
    """A file that loads to an equal scenario; every figure is a line with value and source.

    A shipped census is named, too; the path of another is not, because a file can be moved.

    Examples
    --------
    >>> from underwatch.scenario import Scenario
    >>> print(*to_yaml(Scenario.load("atlantic-2018")).splitlines()[6:8], sep=chr(10))
      census: china-2020
      citizens: {value: 100000, source: "assumption: a size that a laptop runs in seconds"}
    """
    lines: list[str] = []
    open_sections: list[str] = []
    shipped = getattr(scenario, "census", None) in shipped_censuses()
    for key, value in leaves(scenario):
        if value is None and scenario.sources.get(key) == "default":
            continue  # not given, and follows another figure
        *sections, name = key.split(".")
        shared = 0
        while shared < min(len(sections), len(open_sections)) and (
            sections[shared] == open_sections[shared]
        ):
            shared += 1
        if sections and not shared:
            lines.append("")
        lines += [f"{'  ' * n}{sections[n]}:" for n in range(shared, len(sections))]
        open_sections = sections
        if shipped and key == "society.citizens":
            lines.append(f"  census: {scenario.census}")  # its figures follow, too
        lines.append(f"{'  ' * len(sections)}{name}: {_leaf(key, value, scenario.sources)}")
    return "\n".join(lines) + "\n"


def _leaf(key: str, value: Any, sources: dict[str, str]) -> str:
    source = sources.get(key, "")
    text = _inline(plain(value))
    if key in _UNDECLARED:
        return text
    if key in ("first_day", "last_day"):
        text = str(value)  # a date needs no quotes
        if not source or source.startswith(_IMPLIED):
            return text
    if not source or source == "default" or source.startswith("set "):
        source = f"assumption: {source or 'not stated'}"
    return f"{{value: {text}, source: {_inline(source)}}}"


def _inline(value: Any) -> str:
    """A plain value in one line of YAML; JSON is YAML, and dates need no quotes as keys."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_inline(part)}" for key, part in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_inline, value)) + "]"
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        value = int(value)
    return quoted(value) if isinstance(value, str) else json.dumps(value)


def quoted(text: str) -> str:
    r"""Text in the quotes of YAML, on one line, with every control character escaped.

    Examples
    --------
    >>> print(quoted('a: "b"'))
    "a: \"b\""
    """
    return re.sub(
        "[\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff\ufffe\uffff]",
        lambda found: f"\\u{ord(found[0]):04x}",
        json.dumps(text, ensure_ascii=False),
    )


def describe(scenario: Declaration, parent: Declaration | None) -> str:
    """The title and text, the dates, what it extends, and every figure with its source.

    parent: the scenario that this one extends; None if there is none or it cannot be read. A
    line that begins with * differs from it, and its value follows in brackets.

    Examples
    --------
    >>> from underwatch.scenario import Scenario
    >>> parent = Scenario.load("atlantic-2018")
    >>> text = describe(Scenario.load("without-association"), parent)
    >>> [line for line in text.splitlines() if line.startswith("*")]
    ['* scoring.association = 0 [0.2]']
    """
    above, extends = dict(leaves(parent)) if parent else {}, "extends no other scenario"
    if scenario.parent:
        extends = f"extends {scenario.parent}"
        extends += "" if parent else ", which can no longer be read"
    differing = {key for key, value in leaves(scenario) if above and above[key] != value}
    differing -= set(_UNDECLARED)
    if above:
        figures = "1 figure differs" if len(differing) == 1 else f"{len(differing)} figures differ"
        extends += f"; {figures}, marked *"
    counted = assumptions(scenario.sources)
    lines = [
        scenario.title,
        "",
        *textwrap.wrap(" ".join(scenario.text.split()), 96),
        "",
        f"{scenario.days:,} days, from {scenario.first_day} to {scenario.last_day}; {extends}.",
        *([f"Census: {scenario.census}."] if scenario.census else []),
        f"{counted.sentence('scenario')}.",
    ]
    section = None
    for key, value in leaves(scenario):
        if key in _UNDECLARED:
            continue
        if key.partition(".")[0] != section:
            lines.append("")
            section = key.partition(".")[0]
        star = "*" if key in differing else " "
        was = f" [{in_words(above[key])}]" if key in differing else ""
        text = str(value) if key == "society.seed" else in_words(value)
        lines.append(f"{star} {key} = {text}{was}")
        if scenario.sources.get(key):
            lines.append(f"      {scenario.sources[key]}")
    return "\n".join(printable(line) for line in lines) + "\n"
