"""One YAML text, read strictly: what is written, and in which line.

Dates stay text until a model asks for them, so that an impossible one is a problem with a line
and not a crash. YAML 1.2 holds: `no` is text. A key stands once. Size, depth, the number of
values and the number of aliases are limited, so that no text can exhaust memory or time.
Everything that cannot be read becomes a problem.
"""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml import __version__ as yaml_version
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.composer import Composer
from ruamel.yaml.constructor import RoundTripConstructor
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import AliasEvent
from ruamel.yaml.scalarfloat import ScalarFloat

from underwatch.errors import Problem, shortened
from underwatch.scenario.shipped_files import held, is_shipped, keep

Rel = tuple[str | int, ...]  # a path below a value: dates, names, places in a list

MOST_BYTES = 1 << 20  # of a file
MOST_VALUES = 20_000  # keys, values and list entries of a file, and of a value once expanded
MOST_DEPTH = 24
MOST_ALIASES = 100
_WRITTEN = "written"  # attribute of a float: its text in the file

# A part of the parser's message, and advice on what to write.
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


class _Refused(MarkedYAMLError):
    """YAML that is well formed and still not read here; `problem` is advice for the user."""


class _Composer(Composer):
    """Refuses too many values, too deep ones, too many aliases, circles and standard tags."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        event = self.parser.peek_event()
        mark = event.start_mark
        if isinstance(event, AliasEvent):
            self.aliases = getattr(self, "aliases", 0) + 1
            if event.anchor in self.unfinished:
                self._refuse(mark, f"*{event.anchor} stands inside what &{event.anchor} marks")
            if self.aliases > MOST_ALIASES:
                self._refuse(mark, f"there are more than {MOST_ALIASES} aliases such as *this")
            return super().compose_node(parent, index)
        self.values = getattr(self, "values", 0) + 1
        if self.values > MOST_VALUES:
            self._refuse(mark, f"there are more than {MOST_VALUES:,} keys and values")
        if self.depth >= MOST_DEPTH:
            self._refuse(mark, f"sections or brackets nest deeper than {MOST_DEPTH} levels")
        tag = str(getattr(event, "ctag", None) or "")
        if tag.startswith("tag:yaml.org,2002:"):
            name = tag.rpartition(":")[2]
            self._refuse(mark, f"tags such as !!{name} are not used here; write the value itself")
        if event.anchor is None:
            return super().compose_node(parent, index)
        self.unfinished = {*self.unfinished, event.anchor}
        node = super().compose_node(parent, index)
        self.unfinished -= {event.anchor}
        return node

    unfinished: frozenset[str] | set[str] = frozenset()  # anchors whose value is being read

    def _refuse(self, mark: Any, advice: str) -> None:
        raise _Refused(None, None, advice, mark)


class _Constructor(RoundTripConstructor):
    """Collects repeated keys instead of stopping at the first."""

    repeated: list[tuple[Any, int, int]]  # key, line, and the line where it was first

    def check_mapping_key(
        self, node: Any, key_node: Any, mapping: Any, key: Any, value: Any
    ) -> bool:
        if key not in mapping:
            return True
        self.repeated.append((key, key_node.start_mark.line + 1, mapping.lc.key(key)[0] + 1))
        return False

    def float_as_written(self, node: Any) -> Any:
        """A float that remembers its text, because 10.000 may be meant as ten thousand."""
        value = self.construct_yaml_float(node)
        if isinstance(value, ScalarFloat):
            setattr(value, _WRITTEN, node.value)
        return value


_Constructor.add_constructor("tag:yaml.org,2002:timestamp", lambda self, node: node.value)
_Constructor.add_constructor("tag:yaml.org,2002:float", _Constructor.float_as_written)


@dataclass(frozen=True)
class Document:
    """A YAML text: the name to show, its path if it is a file, and what it holds.

    Documents are kept and shared, so `root` is never changed.
    """

    name: str
    path: Path | None
    root: Any

    def where(self, node: Any, key: Any) -> str:
        """Where a key or an entry of a list is written."""
        if self.path is None:
            return self.name
        lines = getattr(node, "lc", None)
        if lines is not None and lines.data is not None and key in lines.data:
            line = lines.data[key][0]
        else:  # a key that came in through << has no line of its own
            line = getattr(lines, "line", 0) or 0
        return f"{self.name}:{line + 1}"


def parse(text: str, name: str, path: Path | None, problems: list[Problem]) -> Document | None:
    """Read one text; None if nothing in it could be read. A path makes lines part of places.

    A text is read once and kept, as most scenarios extend the same few files;
    so nobody may change a document.
    """
    document, found = _parsed(text, name, path)
    problems += found
    return document


@lru_cache(maxsize=128)
def _parsed(text: str, name: str, path: Path | None) -> tuple[Document | None, list[Problem]]:
    shipped = is_shipped(path)
    if shipped and (root := held(text, _reader())) is not None:
        return Document(name, path, root), []
    problems: list[Problem] = []
    document = _read(text, name, path, problems)
    if shipped and document and not problems:
        keep(text, _reader(), document.root)
    return document, problems


@cache
def _reader() -> str:
    """What reads a text: this file and the parser."""
    return yaml_version + Path(__file__).read_text("utf-8")


def _read(text: str, name: str, path: Path | None, problems: list[Problem]) -> Document | None:
    yaml = YAML(typ="rt", pure=True)
    yaml.Constructor, yaml.Composer = _Constructor, _Composer
    yaml.constructor.repeated = []
    yaml.composer.warn_double_anchors = False

    def refuse(line: int, sentence: str) -> None:
        problems.append(Problem(f"{name}:{line}" if path else name, sentence))

    lead = "this is not YAML" if path else "this value cannot be read"
    if len(text) > MOST_BYTES:
        refuse(1, f"this is longer than {MOST_BYTES >> 20} MiB, the most that is read.")
        return None
    for line in _directives(text):
        refuse(line, f"{lead}: lines such as %YAML are not used here; take it out.")
        return None
    try:
        root = yaml.load(text)
    except _Refused as error:
        refuse(error.problem_mark.line + 1, f"this cannot be read: {error.problem}.")
        return None
    except MarkedYAMLError as error:
        message = f"{error.context or ''} {error.problem or ''}"
        mark = error.context_mark if "quoted" in message else error.problem_mark
        mark = mark or error.context_mark
        advice = next((a for key, a in _ADVICE.items() if key in message), None)
        reason = shortened(error.problem or "it cannot be read")
        sentence = advice or f"look for a bracket, quote or colon amiss ({reason})"
        refuse(mark.line + 1 if mark else 1, f"{lead}: {sentence}.")
        return None
    except YAMLError as error:  # a character that YAML forbids; it has a position and no line
        line = text.count("\n", 0, getattr(error, "position", 0)) + 1
        refuse(line, f"{lead}: there is a control character; take it out.")
        return None
    except ValueError:
        refuse(1, f"{lead}: a number is too long, or is not written as one.")
        return None
    except Exception:  # the parser has crashed on odd texts in several ways; no user needs to know
        refuse(1, f"{lead}: it is malformed in a way that has no line; simplify it.")
        return None
    for key, line, first in yaml.constructor.repeated:
        seen = f", first in line {first}" if path and first != line else ""
        refuse(line, f"{shortened(key)} is written twice here{seen}; keep one.")
    return Document(name, path, root)


def _directives(text: str) -> Iterator[int]:
    """The lines of directives such as %YAML 1.0, which can only stand at the beginning."""
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith("%"):
            yield number
        elif line.strip() and not line.lstrip().startswith("#"):
            return


@dataclass
class Parts:
    """What is noted of the parts of one value while it is made plain."""

    document: Document
    places: dict[Rel, str] = field(default_factory=dict)  # where each part stands
    faults: dict[Rel, str] = field(default_factory=dict)  # ends of sentences about odd parts
    dotted: dict[Rel, str] = field(default_factory=dict)  # numbers written like 10.000
    _values: int = 0

    def plain(self, node: Any, key: Any, rel: Rel = ()) -> Any:
        """A value as JSON could hold it. Aliases are expanded, up to the limits of a file."""
        self.places[rel] = self.document.where(node, key)
        value = node[key]
        self._values += 1
        if self._values > MOST_VALUES or len(rel) > MOST_DEPTH:
            self.faults[()] = f"holds more than {MOST_VALUES:,} values once *aliases are expanded"
            return None
        if isinstance(value, CommentedMap):
            return {str(k): self.plain(value, k, (*rel, str(k))) for k in self._keys(value)}
        if isinstance(value, CommentedSeq):
            return [self.plain(value, i, (*rel, i)) for i in self._keys(range(len(value)))]
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, int):
            return bool(value) if type(value).__name__ == "ScalarBoolean" else int(value)
        if isinstance(value, float):
            return self._number(value, rel)
        if isinstance(value, str):
            if any("\ud800" <= letter <= "\udfff" for letter in value):
                self.faults[rel] = "holds half of a character (\\ud800 to \\udfff)"
                return None
            return str(value)
        self.faults[rel] = "is marked with a tag, and tags such as !this are not used here"
        return None

    def _keys(self, keys: Any) -> Iterator[Any]:
        """Keys until the value is too large to go on."""
        for key in keys:
            if self._values > MOST_VALUES:
                return
            yield key

    def _number(self, value: float, rel: Rel) -> int | float | None:
        if not math.isfinite(value):
            self.faults[rel] = "is not a finite number"
            return None
        written = str(getattr(value, _WRITTEN, ""))
        if re.fullmatch(r"[-+]?[1-9]\d{0,2}(\.\d{3})", written):
            self.dotted[rel] = written
        # 1e6 is a whole number, too.
        return int(value) if value.is_integer() and abs(value) < 2**53 else float(value)


def has_number(value: Any) -> bool:
    """Whether a plain value is a number or holds one."""
    if isinstance(value, (dict, list)):
        return any(map(has_number, value.values() if isinstance(value, dict) else value))
    return isinstance(value, (int, float)) and not isinstance(value, bool)
