"""A deployment file to begin with: the shipped one of a kind, with one's own answers in it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from functools import partial
from io import StringIO
from math import isfinite
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq

from underwatch.assessments.declaration.reading import ASSESSMENTS, read_deployment
from underwatch.assessments.questions import commented, question
from underwatch.errors import UserError, did_you_mean

# The shipped file of each kind, from which a new one begins.
EXAMPLES = {
    "watch-list camera": "station", "risk score": "welfare-fraud",
    "citizen score": "citizen-score-pilot", "patrol allocation": "patrols",
}  # fmt: skip
HEAD = """\
# A deployment for Underwatch. Everyone in it is invented: no names, pictures or rows about people.
#
#   underwatch assess FILE     assesses it
#
# A figure has a value, the range within which it lies (low, high) and a source: a key of the
# evidence, "document: which paper of yours", or "assumption: why". An assumption needs a range.
"""

OWN = "assumption: stated by the author"
# Added to an assumption whose range nobody stated.
OFFERED = "; the range is offered by the program, as wide as in the shipped example"

Ask = Callable[[str, str], str]  # gets a question and what holds without an answer


@dataclass(frozen=True)
class Place:
    """One leaf of the file: where it stands, and what is asked for it."""

    node: Any
    key: Any
    path: str


def starter(
    kind: str, title: str | None = None, ask: Ask | None = None, settings: Sequence[str] = ()
) -> str:
    """The text of a deployment file of a kind.

    ask: is asked question by question, and again where an answer cannot stand; an empty answer
    keeps what the shipped file has. Without it, all stays but the title and the settings.
    settings: "key=value" laid over the shipped file, such as "accuracy.threshold=0.64".

    Raises UserError for a kind that is not known, and for settings that the file cannot have.

    Examples
    --------
    >>> "title: Gates" in starter("watch-list camera", "Gates")
    True
    """
    if kind not in EXAMPLES:
        raise UserError(f"{kind} is not a kind of deployment{did_you_mean(kind, EXAMPLES)}")
    if settings:
        read_deployment(EXAMPLES[kind], settings)
    root = YAML().load((ASSESSMENTS / f"{EXAMPLES[kind]}.yaml").read_text("utf-8"))
    if title:
        root["title"] = title
    for place in places(root, ""):
        disown(place.node[place.key])
    for setting in settings:
        _set(root, setting)
    if ask is not None:
        for place in places(root, ""):
            if place.path == "kind" or place.path == "title" and title:
                continue
            _answer(place, question(kind, place.path), ask, partial(_faults_at, root))
        left = _faults(root)  # what was kept may no longer fit what was answered
        for place in places(root, "") if left else ():
            about = [one for one in left if _is_about(one, place.path)]
            if about:
                words = f"{about[0]} {question(kind, place.path)}"
                _answer(place, words, ask, partial(_faults_at, root))
                left = _faults(root)
    return f"{HEAD}\n{commented(kind, text_of(root))}"


def places(node: Any, path: str) -> Iterator[Place]:
    """Every leaf in the order of the file; a figure is one, with its range and source."""
    for key in list(node):
        below, here = node[key], f"{path}.{key}" if path else str(key)
        if isinstance(below, CommentedMap) and "value" not in below:
            yield from places(below, here)
        else:
            yield Place(node, key, here)


def disown(held: Any) -> None:
    """Take a figure that rests on a paper of the shipped example for what it is elsewhere."""
    if isinstance(held, CommentedMap) and str(held.get("source", "")).startswith("document"):
        ranged = "low" in held and "high" in held
        held["source"] = (
            "assumption: as in the shipped example"
            if ranged
            else "document: the shipped example, to be replaced by your own"
        )


def _set(root: CommentedMap, setting: str) -> None:
    """Lay a setting that the reader has accepted over the file."""
    key, _, text = setting.partition("=")
    *above, last = key.strip().split(".")
    node = root
    for name in above:
        node = node.setdefault(name, CommentedMap())
    node[last] = YAML(typ="safe").load(text)
    if last == "value":
        ranged = "low" in node and "high" in node
        node["source"] = f"{'assumption' if ranged else 'document'}: stated by the author"


def _answer(place: Place, name: str, ask: Ask, faults: Callable[[str], list[str]]) -> None:
    """Ask for one leaf until the answer can stand there."""
    kept, words = deepcopy(place.node[place.key]), name
    while _asked(place, words, ask):
        refused = faults(place.path)
        if not refused:
            return
        place.node[place.key] = deepcopy(kept)
        words = f"{refused[0]} {name}"


def _asked(place: Place, name: str, ask: Ask) -> bool:
    """Ask for one leaf once; whether there was an answer."""
    held = place.node[place.key]
    if isinstance(held, CommentedMap):
        return _ask_figure(held, name, ask)
    if isinstance(held, CommentedSeq):
        given = ask(f"{name} (with commas)", ", ".join(map(str, held)))
        if given:
            place.node[place.key] = [_plain(one.strip()) for one in given.split(",") if one.strip()]
    else:
        given = ask(name, str(held))
        if given:
            place.node[place.key] = _plain(given) if number_of(str(held)) is not None else given
    return bool(given)


def _ask_figure(held: CommentedMap, name: str, ask: Ask) -> bool:
    """A value, where it is from, and its range; whether there was an answer."""
    before = [held[key] for key in ("value", "low", "high") if key in held]
    words = f"{name} (value, or value low high)"
    while given := ask(words, " ".join(map(str, before))):
        numbers = _numbers(given, whole=isinstance(held["value"], int))
        if numbers is not None and len(numbers) in (1, 3):
            break
        words = f"{_hint(given, name)} {name}"
    else:
        return False
    words = "  source (an evidence key, document: which paper, or assumption: why)"
    while _numbers(reply := ask(words, OWN) or OWN, whole=False) is not None:
        words = "  These are numbers; a source says where the value is from"
    held["source"] = _source(reply)
    if len(numbers) == 1 and held["source"].startswith("assumption"):
        likely = like(before, numbers[0])
        reply = ask("  an assumption has a range: low high", " ".join(map(str, likely)))
        own = _numbers(reply, whole=False)
        if own is None:
            held["source"] += OFFERED
        numbers += own or likely
    for key in ("low", "high"):
        held.pop(key, None)
    for k, (key, number) in enumerate(zip(("value", "low", "high"), numbers, strict=False)):
        held.insert(k, key, number) if key not in held else held.update({key: number})
    return True


def _hint(given: str, name: str) -> str:
    """What to write instead of an answer that is no number.

    >>> _hint("55 %", "Which share (0 to 1)?"), _hint("0,55", "Which share (0 to 1)?")
    ('For 55 % write 0.55.', 'Write decimals with a dot: 0.55.')
    """
    dotted = re.sub(r"(?<=\d),(?=\d)(?!\d{3}\b)", ".", given)
    percent = number_of(dotted.rstrip("% ")) if given.endswith("%") else None
    if percent is not None and "(0 to 1)" in name and 0 <= percent <= 100:
        return f"For {given} write {percent / 100:.10g}."
    if percent is not None:
        return f"Write {percent:.10g}, without a sign."
    if dotted != given and all(number_of(one) is not None for one in dotted.split()):
        return f"Write decimals with a dot: {dotted}."
    return "Write one number, or three such as 50 40 60, with digits only."


def _source(reply: str) -> str:
    """A source as a file has it: prose that names none is the author's own document."""
    is_own = " " in reply and not reply.startswith(("assumption", "document")) and "," not in reply
    return f"document: {reply}" if is_own else reply


def like(before: Sequence[float], value: float) -> list[float]:
    """A range about a value, as wide in proportion as the one that stood there."""
    known = len(before) == 3 and before[0]
    ends = [value * end / before[0] for end in before[1:]] if known else [value, value]
    if 0 < value <= 1 and all(0 <= each <= 1 for each in before):
        ends = [min(1.0, end) for end in ends]
    is_whole = isinstance(value, int)
    return [round(end) if is_whole else float(f"{end:.4g}") for end in ends]


def _numbers(text: str, whole: bool) -> list[float] | None:
    """The numbers of an answer; None if one is none, or may mean another, as 10.000 of people."""
    found = []
    for word in re.split(r"[\s;]+", text.strip()):
        bare = word.rstrip(",")
        if re.fullmatch(r"\d{1,3}(,\d{3})+", bare):
            bare = bare.replace(",", "")
        number = number_of(bare)
        if number is None or whole and re.fullmatch(r"\d{1,3}(\.\d{3})+", bare):
            return None
        found.append(number)
    return found


def _faults_at(root: CommentedMap, path: str) -> list[str]:
    """What the reader of deployment files says against one entry as it stands now."""
    return [one for one in _faults(root) if one.startswith((path, f"an entry of {path}"))]


def _faults(root: CommentedMap) -> list[str]:
    """What the reader says against the file as it stands now."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "deployment.yaml"
        file.write_text(text_of(root), "utf-8")
        try:
            read_deployment(file)
        except UserError as error:
            return [one.sentence for one in error.problems]
    return []


def _is_about(sentence: str, path: str) -> bool:
    """Whether a fault names an entry, or a section or a sum that the entry is part of.

    >>> _is_about("people.groups.*.share add up to 0.9.", "people.groups.A.share")
    True
    """
    key = re.escape(sentence.partition(" ")[0].rstrip(":")).replace(r"\*", "[^.]+")
    return sentence.startswith(path) or re.fullmatch(rf"{key}(\..*)?", path) is not None


def text_of(root: CommentedMap) -> str:
    yaml = YAML()
    yaml.width = 4_096
    out = StringIO()
    yaml.dump(root, out)
    return out.getvalue()


def number_of(text: str) -> int | float | None:
    for kind in (int, float):
        try:
            number: int | float = kind(text)
        except ValueError:
            continue
        return number if isfinite(number) else None
    return None


def _plain(text: str) -> Any:
    number = number_of(text)
    return text if number is None else number
