"""The questions of Canada's Algorithmic Impact Assessment, as data/forms/ca-aia.toml lists them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from underwatch.scenario.data import DATA

TABLE = DATA / "forms" / "ca-aia.toml"
DESIGN, IMPLEMENTATION = "Design", "Implementation"
PHASE = "projectDetailsPhase"
PHASES = {DESIGN: "item1", IMPLEMENTATION: "item2"}

Answers = Mapping[str, str | Sequence[str]]  # question to its option, its ticks or its text


@dataclass(frozen=True)
class Question:
    """One question of the form.

    kind: "choice" (one option), "ticks" (any number of options) or "text".
    scored: "raw", "mitigation" or "" (does not count).
    cls: "R", "D" or "A", and after it the facts that bear on the answer.
    shown_if: question to the answers of which it needs one; all must hold.
    """

    id: str
    page: int
    label: str
    kind: str
    cls: str
    section: str = ""
    scored: str = ""
    options: tuple[str, ...] = ()
    means: tuple[str, ...] = ()
    shown_if: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def maximum(self) -> int:
        """The most that the question can count: the largest option, or all ticks together."""
        weights = [weight(option) for option in self.options]
        return sum(weights) if self.kind == "ticks" else max(weights, default=0)

    @property
    def minimum(self) -> int:
        """The least that an answer counts: the smallest option; of ticks none."""
        if self.kind == "ticks":
            return 0
        return min((weight(option) for option in self.options), default=0)

    def option(self, meaning: str) -> str:
        """The option with this meaning, such as "yes". Raises ValueError if there is none."""
        return self.options[self.means.index(meaning)]

    def shown(self, answers: Answers) -> bool:
        """Whether the form shows the question to somebody who gave these answers."""
        return all(
            bool(set(listed(answers.get(name))) & set(wanted))
            for name, wanted in self.shown_if.items()
        )


@dataclass(frozen=True)
class Form:
    """The rules of the form and its questions by id; proposals: cut-offs of our own."""

    rules: Mapping[str, Any]
    questions: Mapping[str, Question]
    proposals: Mapping[str, list[float]]


def weight(option: str) -> int:
    """What an option counts: the number after its last hyphen, else nothing.

    >>> weight("item3-2"), weight("item4")
    (2, 0)
    """
    _, hyphen, number = option.rpartition("-")
    return int(number) if hyphen and number.isdecimal() else 0


def listed(answer: str | Sequence[str] | None) -> list[str]:
    """An answer as the list of its options; empty if there is none."""
    if answer is None:
        return []
    return [answer] if isinstance(answer, str) else list(answer)


@cache
def form() -> Form:
    """The form, read once.

    Examples
    --------
    >>> form().questions["impact30"].maximum, form().rules["save_version"]
    (4, 'v1.0.1')
    """
    table = tomllib.loads(TABLE.read_text("utf-8"))
    first = [_question(entry) for entry in table["question"]]
    twins = [_twin(each) for each in first if DESIGN in each.id]
    questions = {each.id: each for each in [*first, *twins]}
    return Form(table["form"], questions, table["proposals"])


def _question(entry: dict[str, Any]) -> Question:
    entry = dict(entry)
    shown_if = {name: tuple(wanted) for name, wanted in entry.pop("shown_if", {}).items()}
    return Question(
        cls=entry.pop("class"),
        options=tuple(entry.pop("options", ())),
        means=tuple(entry.pop("means", ())),
        shown_if=shown_if,
        **entry,
    )


def _twin(question: Question) -> Question:
    """The same question as it is asked in the second phase, on the page after."""
    shown_if = {
        name.replace(DESIGN, IMPLEMENTATION): (PHASES[IMPLEMENTATION],) if name == PHASE else wanted
        for name, wanted in question.shown_if.items()
    }
    name = question.id.replace(DESIGN, IMPLEMENTATION)
    return replace(question, id=name, page=question.page + 1, shown_if=shown_if)
