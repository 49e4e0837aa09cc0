"""The questions for the entries of a deployment file, asked or written above them."""

from __future__ import annotations

import re
import tomllib
from functools import cache

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap

from underwatch.scenario.data import DATA


def question(kind: str, path: str) -> str:
    """What is asked for an entry of a file: its question, and its key; or the key alone.

    >>> question("watch-list camera", "people.groups.A.share")
    'Which share of the passes is made by group A (0 to 1)? people.groups.A.share'
    """
    words = asked(kind, path)
    return f"{words} {path}" if words else in_words(path)


def asked(kind: str, path: str) -> str:
    """The question for an entry of a file, without its key; empty where the table has none."""
    return _found(kind, path)[1]


def in_words(path: str) -> str:
    """The path of an entry for readers: "people: groups, A, share"."""
    return path.replace("_", " ").replace(".", ": ", 1).replace(".", ", ")


def commented(kind: str, text: str) -> str:
    """A deployment file with the question for each entry in a comment above it.

    Of entries that are alike, as those of several groups, the first has it.

    >>> print(commented("risk score", "score:\\n  checked: {value: 0.05}"))
    score:
      # Which share of the cases is checked in a round (0 to 1)?
      checked: {value: 0.05}
    """
    above: dict[int, list[str]] = {}
    seen = {""}
    for path, line in lines_of(text).items():
        pattern, words = _found(kind, path)
        if pattern not in seen:
            above.setdefault(line, []).append(words)
            seen.add(pattern)
    made: list[str] = []
    for number, written in enumerate(text.split("\n"), 1):
        if number in above:
            indent = written[: len(written) - len(written.lstrip())]
            made.append(f"{indent}# {' '.join(above[number])}")
        made.append(written)
    return "\n".join(made)


def lines_of(text: str) -> dict[str, int]:
    """The line on which each entry of a file begins, from 1, by its path."""
    found: dict[str, int] = {}

    def walk(node: CommentedMap, path: str) -> None:
        for key in node:
            here = f"{path}.{key}" if path else str(key)
            found[here] = node.lc.data[key][0] + 1
            below = node[key]
            if isinstance(below, CommentedMap) and "value" not in below:
                walk(below, here)

    walk(YAML().load(text), "")
    return found


def _found(kind: str, path: str) -> tuple[str, str]:
    """The pattern of an entry and its question; both empty where the table has none."""
    for known in (_questions().get(kind, {}), _questions()["common"]):
        for pattern, words in known.items():
            shape = re.escape(pattern).replace(r"\*", r"([^.]+)")
            if found := re.fullmatch(shape, path):
                name = found.groups()[-1].replace("_", " ") if found.groups() else ""
                return pattern, words.replace("{name}", name)
    return "", ""


@cache
def _questions() -> dict[str, dict[str, str]]:
    return tomllib.loads((DATA / "questions.toml").read_text("utf-8"))
