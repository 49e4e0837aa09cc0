"""A deployment file to begin with: the shipped one of a kind, with one's own answers in it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from io import StringIO
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq

from underwatch.assessments.declaration.reading import ASSESSMENTS
from underwatch.errors import UserError, did_you_mean
from underwatch.scenario.data import DATA

# The shipped file of each kind, from which a new one begins.
EXAMPLES = {
    "watch-list camera": "station", "risk score": "welfare-fraud",
    "citizen score": "citizen-score-pilot", "patrol allocation": "patrols",
}  # fmt: skip
_HEAD = """\
# A deployment for Underwatch. Everyone in it is invented: no names, pictures or rows about people.
#
#   underwatch assess FILE     assesses it
#
# A figure has a value, the range within which it lies (low, high) and a source: a key of the
# evidence, "document: which paper of yours", or "assumption: why". An assumption needs a range.
"""

Ask = Callable[[str, str], str]  # gets a question and what holds without an answer


@dataclass(frozen=True)
class _Place:
    """One leaf of the file: where it stands, and what is asked for it."""

    node: Any
    key: Any
    path: str


def starter(kind: str, title: str | None = None, ask: Ask | None = None) -> str:
    """The text of a deployment file of a kind.

    ask: is asked question by question; an empty answer keeps what the shipped file has. Without
    it, all stays but the title. Raises UserError for a kind that is not known.

    Examples
    --------
    >>> "title: Gates" in starter("watch-list camera", "Gates")
    True
    """
    if kind not in EXAMPLES:
        raise UserError(f"{kind} is not a kind of deployment{did_you_mean(kind, EXAMPLES)}")
    yaml = YAML()
    yaml.width = 4_096
    root = yaml.load((ASSESSMENTS / f"{EXAMPLES[kind]}.yaml").read_text("utf-8"))
    if title:
        root["title"] = title
    if ask is not None:
        for place in _places(root, ""):
            if place.path == "kind" or place.path == "title" and title:
                continue
            _answer(place, question(kind, place.path), ask)
    out = StringIO()
    yaml.dump(root, out)
    return _HEAD + "\n" + out.getvalue()


def _places(node: Any, path: str) -> Iterator[_Place]:
    """Every leaf in the order of the file; a figure is one, with its range and source."""
    for key in list(node):
        below, here = node[key], f"{path}.{key}" if path else str(key)
        if isinstance(below, CommentedMap) and "value" not in below:
            yield from _places(below, here)
        else:
            yield _Place(node, key, here)


def question(kind: str, path: str) -> str:
    """What is asked for an entry of a file: its question, and its key; or the key alone.

    >>> question("watch-list camera", "people.groups.A.share")
    'Which share of the passes is made by group A (0 to 1)? people.groups.A.share'
    """
    for asked in (_questions().get(kind, {}), _questions()["common"]):
        for pattern, words in asked.items():
            shape = re.escape(pattern).replace(r"\*", r"([^.]+)")
            if found := re.fullmatch(shape, path):
                name = found.groups()[-1].replace("_", " ") if found.groups() else ""
                return f"{words.replace('{name}', name)} {path}"
    return path.replace("_", " ").replace(".", ": ", 1).replace(".", ", ")


@cache
def _questions() -> dict[str, dict[str, str]]:
    return tomllib.loads((DATA / "questions.toml").read_text("utf-8"))


def _answer(place: _Place, name: str, ask: Ask) -> None:
    """Ask for one leaf until the answer can stand there."""
    held = place.node[place.key]
    if isinstance(held, CommentedMap):
        _ask_figure(held, name, ask)
    elif isinstance(held, CommentedSeq):
        given = ask(f"{name} (with commas)", ", ".join(map(str, held)))
        if given:
            place.node[place.key] = [_plain(one.strip()) for one in given.split(",") if one.strip()]
    else:
        given = ask(name, str(held))
        if given:
            place.node[place.key] = _plain(given) if _number(str(held)) is not None else given


def _ask_figure(held: CommentedMap, name: str, ask: Ask) -> None:
    """A value, or a value and its range; and where it is from, if it was answered."""
    ranged = [held[key] for key in ("low", "high") if key in held]
    known = " ".join(map(str, [held["value"], *ranged]))
    while given := ask(f"{name} (value, or value low high)", known):
        numbers = [_number(word) for word in re.split(r"[\s,;]+", given.strip())]
        if len(numbers) in (1, 3) and None not in numbers:
            break
        name = f"{name}: one number, or three such as 50 40 60"
    else:
        return
    held["value"] = numbers[0]
    for key, number in zip(("low", "high"), numbers[1:], strict=False):
        held[key] = number
    if len(numbers) == 1:
        for key in ("low", "high"):
            held.pop(key, None)
    fallback = "assumption: stated by the author" if len(numbers) == 3 else "document: not named"
    held["source"] = ask("  source (an evidence key, document: …, or assumption: …)", fallback) or (
        fallback
    )


def _number(text: str) -> int | float | None:
    try:
        return int(text)
    except ValueError:
        try:
            return float(text)
        except ValueError:
            return None


def _plain(text: str) -> Any:
    number = _number(text)
    return text if number is None else number
