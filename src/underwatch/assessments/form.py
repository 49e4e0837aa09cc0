"""A deployment file as a form: its questions with what holds, and the file that answers make."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType
from typing import Any, Literal, get_args

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq

from underwatch.assessments.declaration.bounds import bounds
from underwatch.assessments.declaration.common import Sector
from underwatch.assessments.declaration.reading import ASSESSMENTS, read_deployment
from underwatch.assessments.kinds import KINDS
from underwatch.assessments.law import law
from underwatch.assessments.questions import asked, commented, in_words, lines_of
from underwatch.assessments.result import Deployment
from underwatch.assessments.starter import (
    EXAMPLES,
    HEAD,
    OFFERED,
    OWN,
    Place,
    disown,
    like,
    places,
    text_of,
)
from underwatch.errors import Problem, UserError, did_you_mean, shortened

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


class DeploymentForm:
    """The questions of a deployment file, and the file that answers make.

    kind: such as "watch-list camera", or the name of a shipped deployment to begin with.

    Raises UserError if there is no such kind or deployment.

    Examples
    --------
    >>> import underwatch as uw
    >>> form = uw.DeploymentForm("watch-list camera")
    >>> form.questions["people.passes_per_day"].value
    50000
    >>> form.read({"people.passes_per_day": 20_000}).figure("people.passes_per_day")
    20000.0
    """

    def __init__(self, kind: str):
        self.name = EXAMPLES.get(kind, kind)
        known = deployments()
        if self.name not in known:
            raise UserError(
                f"{shortened(kind)} is neither a kind of deployment nor a shipped one"
                f"{did_you_mean(kind, [*EXAMPLES, *known])}"
            )
        self.kind = str(_root(self.name)["kind"])

    def __repr__(self) -> str:
        return f"<DeploymentForm '{self.name}': {self.kind}, {len(self.questions)} questions>"

    @property
    def questions(self) -> Mapping[str, Question]:
        """Every question by the path of its entry, in the order of the file."""
        return _questions(self.name, self.kind)

    def file(self, answers: Mapping[str, Answer] | None = None) -> str:
        """The text of the deployment file with these answers.

        answers: by path; of a figure a number, or a mapping of value, low, high and source. A
        figure with another value alone is an assumption of the author's, whose range moves with it.

        Raises UserError for an answer that no question asks for, or that it cannot take; `where`
        of each problem is the path. What the file as a whole must fulfil is checked by `read`.
        """
        return f"{HEAD}\n{commented(self.kind, text_of(self._answered(answers or {})))}"

    def read(self, answers: Mapping[str, Answer] | None = None) -> Deployment:
        """The deployment with these answers, checked as its file is.

        Raises UserError with every fault; `where` of each problem is the path of the entry, or of
        the section, that it is about.
        """
        root = self._answered(answers or {})
        text = text_of(root)
        with TemporaryDirectory() as folder:
            file = Path(folder) / "deployment.yaml"
            file.write_text(text, "utf-8")
            try:
                found = read_deployment(file)
            except UserError as error:
                lines = lines_of(text)
                raise UserError([_placed(one, lines) for one in _first(error.problems)]) from None
        object.__setattr__(found, "path", "")
        return found

    def _answered(self, answers: Mapping[str, Answer]) -> CommentedMap:
        root, questions = deepcopy(_root(self.name)), self.questions
        by_path = {place.path: place for place in _answerable(root)}
        problems = []
        for path, answer in answers.items():
            if path not in by_path:
                known = did_you_mean(path, by_path)
                problems.append(Problem(None, f"{shortened(path)} is no question{known}"))
                continue
            fault = _fault(questions[path], answer)
            if fault:
                problems.append(Problem(path, fault))
            else:
                _put(by_path[path], questions[path], answer)
        if problems:
            raise UserError(problems)
        return root


@cache
def deployments() -> dict[str, str]:
    """The shipped deployments: name → title.

    Examples
    --------
    >>> import underwatch as uw
    >>> uw.deployments()["station"]
    'Live face recognition at a railway station'
    """
    names = sorted(path.stem for path in ASSESSMENTS.glob("*.yaml"))
    return {name: str(_root(name)["title"]) for name in names}


@cache
def _root(name: str) -> CommentedMap:
    """A shipped file as a form begins with it; not to be changed."""
    root: CommentedMap = YAML().load((ASSESSMENTS / f"{name}.yaml").read_text("utf-8"))
    for place in places(root, ""):
        disown(place.node[place.key])
    return root


def _answerable(root: CommentedMap) -> Iterator[Place]:
    return (place for place in places(root, "") if place.path != "kind")


@cache
def _questions(name: str, kind: str) -> Mapping[str, Question]:
    found = (_question(kind, place) for place in _answerable(_root(name)))
    return MappingProxyType({one.path: one for one in found})


def _question(kind: str, place: Place) -> Question:
    held, path = place.node[place.key], place.path
    section = path.partition(".")[0]
    text = asked(kind, path) or in_words(path)
    choices = _choices(kind, path)
    if isinstance(held, CommentedMap):
        least, most = bounds(kind, path)
        return Question(path, section, text, "figure", held["value"], held.get("low"),
                        held.get("high"), str(held.get("source", "")), least, most)  # fmt: skip
    if isinstance(held, CommentedSeq):
        plain = [*held]
        sort: Sort = "choices" if choices else "list"
        if plain and all(isinstance(one, int | float) for one in plain):
            sort = "numbers"
        return Question(path, section, text, sort, plain, choices=choices)
    if choices:
        return Question(path, section, text, "choice", str(held), choices=choices)
    sort = "whole" if isinstance(held, int) else "number" if isinstance(held, float) else "text"
    return Question(path, section, text, sort, held if sort != "text" else str(held))


def _choices(kind: str, path: str) -> dict[str, str] | None:
    """The known answers, where there are some: value → what readers see."""
    if path == "deployer.sector":
        return {one: one for one in get_args(Sector)}
    if path == "legal_regime":
        return {key: act.name for key, act in law().acts.items()}
    if path == "conclusion.measure":
        return {key: f"{label} ({unit})" for key, (label, unit) in KINDS[kind].measures.items()}
    if path == "labels.learns_from":
        return {one: one for one in ("checked cases", "all cases")}
    if path in ("pilot.scenario", "pilot.without"):
        from underwatch.scenario import shipped

        return {name: name for name in shipped()}
    return None


def _fault(asked_for: Question, answer: Answer) -> str:
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


def _put(place: Place, asked_for: Question, answer: Answer) -> None:
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


def _first(problems: list[Problem]) -> list[Problem]:
    """The problems without those of a range whose value cannot stand itself."""
    wrong = {part for one in problems if (part := one.sentence.partition(".value is ")[0])
             and ".value is " in one.sentence}  # fmt: skip
    ends = tuple(f"{path}.{end} is " for path in wrong for end in ("low", "high"))
    return [one for one in problems if not ends or not one.sentence.startswith(ends)]


def _placed(problem: Problem, lines: Mapping[str, int]) -> Problem:
    """A problem of a file with the path of its entry in the place of its line.

    Several entries may share a line; then it is the one that the sentence names.
    """
    named = [path for path in lines if f"{problem.sentence} ".startswith((f"{path} ", f"{path}."))]
    line = (problem.where or "").rpartition(":")[2]
    there = [path for path, at in lines.items() if line == str(at)]
    path = max(set(named) & set(there) or there or named, key=len, default=None)
    return Problem(path, problem.sentence)
