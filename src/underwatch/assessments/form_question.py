"""A question of a deployment form: which answers it takes, and how one stands in the file."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from ruamel.yaml.comments import CommentedSeq

from underwatch.assessments.starter import OFFERED, OWN, Place, like
from underwatch.errors import did_you_mean, shortened

Sort = Literal["figure", "whole", "number", "text", "choice", "choices", "list", "numbers"]
Answer = Mapping[str, Any] | str | float | int | list[Any]
_MOST_TEXT = 2_000  # characters of an answer
_PARTS = ("value", "low", "high", "source")


@dataclass(frozen=True)
class Question:
    """A question of the form, and what holds without an answer.

    path: of the entry in the file. section: the first part of it. text: the question.
    sort: "figure" (value, low, high, source), "whole" or "number", "text", "choice" (one of the
    choices), "choices" (any of them), "list" (texts) or "numbers". least, most: of a figure.
    choices: value → what readers see.
    """

    path: str
    section: str
    text: str
    sort: Sort
    value: Any
    low: float | None = None
    high: float | None = None
    source: str = ""
    least: float | None = None
    most: float | None = None
    choices: Mapping[str, str] | None = None


def fault_of(asked_for: Question, answer: Answer) -> str:
    """Why an answer cannot be one to its question; empty if it can."""
    path = asked_for.path
    if asked_for.sort == "figure":
        parts = answer if isinstance(answer, Mapping) else {"value": answer}
        if unknown := [key for key in parts if key not in _PARTS]:
            return f"{path} has no {shortened(unknown[0])}; it has {', '.join(_PARTS)}."
        numbers = [parts.get("value"), *(parts.get(end) for end in ("low", "high"))]
        if not _is_number(numbers[0]):
            return f"{path} is {_written(numbers[0])}, but it is a number."
        if not all(one is None or _is_number(one) for one in numbers):
            return f"{path}: the ends of the range are numbers."
        source = parts.get("source", "")
        return "" if isinstance(source, str) and len(source) <= _MOST_TEXT else _too_long(path)
    if isinstance(answer, Mapping):
        return f"{path} takes one value, and no range or source."
    if asked_for.sort in ("whole", "number"):
        return "" if _is_number(answer) else f"{path} is {_written(answer)}, but it is a number."
    if asked_for.sort == "numbers":
        known = isinstance(answer, list) and all(map(_is_number, answer))
        return "" if known else f"{path} is {_written(answer)}, but it is a list of numbers."
    texts = answer if asked_for.sort in ("list", "choices") else [answer]
    if not isinstance(texts, list) or not all(isinstance(one, str) for one in texts):
        what = "a list of texts" if asked_for.sort in ("list", "choices") else "a text"
        return f"{path} is {_written(answer)}, but it is {what}."
    if sum(map(len, texts)) > _MOST_TEXT:
        return _too_long(path)
    for one in texts:
        if asked_for.choices is not None and one not in asked_for.choices:
            return f"{path} is {_written(one)}{did_you_mean(one, asked_for.choices)}"
    return ""


def _too_long(path: str) -> str:
    return f"{path} is longer than {_MOST_TEXT:,} characters."


def _written(value: Any) -> str:
    return shortened(repr(value), 60)


def _is_number(value: Any) -> bool:
    return (
        isinstance(value, int | float) and not isinstance(value, bool)
        and math.isfinite(value) and abs(value) < 1e15
    )  # fmt: skip


def put(place: Place, asked_for: Question, answer: Answer) -> None:
    """Write an answer where the file has its entry."""
    held = place.node[place.key]
    if asked_for.sort != "figure":
        seq = isinstance(held, CommentedSeq)
        place.node[place.key] = _whole(answer, held) if not seq else _sequence(answer)
        return
    parts = dict(answer) if isinstance(answer, Mapping) else {"value": answer}
    before = [held[key] for key in ("value", "low", "high") if key in held]
    value = _whole(parts["value"], held["value"])
    has_ends = "low" in parts or "high" in parts
    if "source" not in parts and (value != held["value"] or has_ends):
        parts["source"] = OWN
    source = str(parts.get("source", held.get("source", "")))
    ends = [parts.get("low"), parts.get("high")] if has_ends else before[1:]
    if not has_ends and value != before[0] and source.startswith("assumption"):
        ends = like(before, value)
        source += OFFERED if source == OWN else ""
    held["value"] = value
    for k, key in enumerate(("low", "high"), 1):
        end = ends[k - 1] if len(ends) == 2 else None
        if end is None:
            held.pop(key, None)
        elif key in held:
            held[key] = _whole(end, held[key])
        else:
            held.insert(k, key, end)
    held["source"] = source


def _whole(answer: Any, held: Any) -> Any:
    """A number as whole as the one that stood there, if it is whole at all."""
    if isinstance(held, int) and isinstance(answer, float) and answer.is_integer():
        return int(answer)
    return answer


def _sequence(answer: Any) -> CommentedSeq:
    made = CommentedSeq(answer)
    made.fa.set_flow_style()
    return made
