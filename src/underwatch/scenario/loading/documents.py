"""One YAML text, strictly: what is written, and in which line.

Dates stay text until a model asks for them, so that an impossible one is a
problem with a line and not a crash. YAML 1.2 holds: `no` is text. A key stands
once. Everything that cannot be read becomes a problem.
"""

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML, RoundTripConstructor
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from underwatch.errors import Problem

Rel = tuple[str | int, ...]  # a path below a value: dates, names, places in a list

# What ruamel says, and what helps.
_ADVICE = {
    "mapping values are not allowed": 'text that holds ": " needs quotes, as in '
    'source: "assumption: why"; or else this line is indented too far',
    "cannot start any token": "indent with spaces, not tabs; text that begins with a sign such "
    "as % or @ needs quotes",
    "expected a single document": "a file holds one scenario; take out the line ---",
    "expected <block end>": "a line is indented unlike the ones above it",
    "could not find expected ':'": "a key is followed by a colon and a space",
    "undefined alias": "what * names has not been marked with & above",
    "expected ',' or": "a bracket is not closed, or a comma is missing",
    "while scanning a quoted scalar": "a quotation mark is not closed",
    "found unexpected end of stream": "a quotation mark is not closed",
}


class _Constructor(RoundTripConstructor):
    """Collects repeated keys instead of stopping at the first."""

    def check_mapping_key(self, node: Any, key_node: Any, mapping: Any, key: Any, value: Any):
        if key not in mapping:
            return True
        self.repeated.append((key, key_node.start_mark.line + 1, mapping.lc.key(key)[0] + 1))
        return False


_Constructor.add_constructor("tag:yaml.org,2002:timestamp", lambda self, node: node.value)


@dataclass(frozen=True)
class Page:
    """A YAML text as the user knows it: the name to show, its path if a file, what it holds."""

    name: str
    path: Path | None
    root: Any

    def where(self, node: Any, key: Any) -> str:
        """Where a key or a place in a list is written."""
        if self.path is None:
            return self.name
        lines = getattr(node, "lc", None)
        # Keys that came in through << have no line of their own.
        own = lines is not None and lines.data is not None and key in lines.data
        return f"{self.name}:{(lines.data[key][0] if own else getattr(lines, 'line', 0) or 0) + 1}"


def load(text: str, name: str, path: Path | None, problems: list[Problem]) -> Page | None:
    """Read one text; None if nothing in it could be read. A path makes lines part of places."""
    yaml = YAML(typ="rt", pure=True)
    yaml.Constructor = _Constructor
    yaml.constructor.repeated = []

    def refuse(line: int, sentence: str) -> None:
        problems.append(Problem(f"{name}:{line}" if path else name, sentence))

    lead = "this is not YAML" if path else "this value cannot be read"
    try:
        root = yaml.load(text)
    except MarkedYAMLError as error:
        said = f"{error.context or ''} {error.problem or ''}"
        mark = error.context_mark if "quoted" in said else error.problem_mark
        mark = mark or error.context_mark
        advice = next((a for key, a in _ADVICE.items() if key in said), None)
        sentence = advice or f"look for a bracket, quote or colon amiss ({error.problem})"
        refuse(mark.line + 1 if mark else 1, f"{lead}: {sentence}.")
        return None
    except YAMLError as error:  # a character that YAML forbids; it knows its place, not its line
        line = text.count("\n", 0, getattr(error, "position", 0)) + 1
        refuse(line, f"{lead}: there is a control character; take it out.")
        return None
    except (ValueError, RecursionError):
        refuse(1, f"{lead}: a number is too long, or brackets nest too deep.")
        return None
    for key, line, first in yaml.constructor.repeated:
        seen = f", first in line {first}" if path and first != line else ""
        refuse(line, f"{key} is written twice here{seen}; keep one.")
    return Page(name, path, root)


def plain(
    page: Page, node: Any, key: Any, spots: dict[Rel, str], odd: dict[Rel, str], rel: Rel = ()
) -> Any:
    """A value as JSON could hold it; notes where each part stands, and which part is odd."""
    spots[rel] = page.where(node, key)
    value = node[key]
    if isinstance(value, CommentedMap):
        return {str(k): plain(page, value, k, spots, odd, (*rel, str(k))) for k in value}
    if isinstance(value, CommentedSeq):
        return [plain(page, value, i, spots, odd, (*rel, i)) for i in range(len(value))]
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return bool(value) if type(value).__name__ == "ScalarBoolean" else int(value)
    if isinstance(value, float):
        if not math.isfinite(value):
            odd[rel] = "is not a finite number"
            return None
        # 1e6 is how one writes a whole number, too.
        return int(value) if value.is_integer() and abs(value) < 2**53 else float(value)
    if isinstance(value, str):
        return str(value)
    odd[rel] = "is marked with a tag, and tags such as !this are not used here"
    return None


def has_number(value: Any) -> bool:
    """Whether a plain value is a number or holds one."""
    if isinstance(value, (dict, list)):
        return any(map(has_number, value.values() if isinstance(value, dict) else value))
    return isinstance(value, (int, float)) and not isinstance(value, bool)
