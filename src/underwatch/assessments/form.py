"""A deployment file as a form: its questions with what holds, and the file that answers make."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType
from typing import get_args

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq

from underwatch.assessments.declaration.bounds import bounds
from underwatch.assessments.declaration.common import Sector
from underwatch.assessments.declaration.reading import ASSESSMENTS, read_deployment
from underwatch.assessments.form_question import Answer, Question, Sort, fault_of, put
from underwatch.assessments.kinds import KINDS
from underwatch.assessments.law import law
from underwatch.assessments.questions import asked, commented, in_words, lines_of
from underwatch.assessments.result import Deployment
from underwatch.assessments.starter import (
    EXAMPLES,
    HEAD,
    Place,
    disown,
    places,
    text_of,
)
from underwatch.errors import Problem, UserError, did_you_mean, shortened


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
            fault = fault_of(questions[path], answer)
            if fault:
                problems.append(Problem(path, fault))
            else:
                put(by_path[path], questions[path], answer)
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
