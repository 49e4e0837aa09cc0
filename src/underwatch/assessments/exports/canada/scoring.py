"""The impact level of Canada's assessment from its answers, counted as the official tool counts.

The raw score adds up risk, the mitigation score what is done about it. With four fifths of the
mitigation of one phase the raw score is lowered by 15 %. The level follows from the share of the
largest raw score there is, hidden questions included.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import floor

from underwatch.assessments.exports.canada.questions import Answers, Question, form, listed, weight
from underwatch.errors import UserError, did_you_mean

NUMERALS = ("I", "II", "III", "IV")


@dataclass(frozen=True)
class Score:
    """raw, mitigation: points. total: the raw score after mitigation. level: 1 to 4."""

    raw: int
    mitigation: int
    total: int
    level: int

    @property
    def numeral(self) -> str:
        """The level as the directive writes it, such as "III"."""
        return NUMERALS[self.level - 1]


@dataclass(frozen=True)
class Range:
    """What answers given so far leave open: the lowest and the highest score.

    answered, asked: scored questions with an answer, and those that the form asks.
    """

    lowest: Score
    highest: Score
    answered: int
    asked: int

    @property
    def levels(self) -> str:
        """The levels that are still possible, such as "II to IV"."""
        low, high = self.lowest.numeral, self.highest.numeral
        return low if low == high else f"{low} to {high}"


def maxima() -> tuple[int, int]:
    """The largest raw score, and the largest mitigation score of one phase.

    >>> maxima()
    (167, 77)
    """
    raw, mitigation = (
        sum(each.maximum for each in form().questions.values() if each.scored == scored)
        for scored in ("raw", "mitigation")
    )
    return raw, mitigation // 2


def score(answers: Answers) -> Score:
    """The score of a set of answers; what is not answered counts nothing.

    answers: question to its option, or to the list of its ticks; texts do not count.
    Raises UserError for an option that a question does not have.

    Examples
    --------
    >>> score({"decisionSector1": ["item1-1", "item2-1", "item3-1"]})
    Score(raw=3, mitigation=0, total=3, level=1)
    """
    questions = form().questions
    points = {"raw": 0, "mitigation": 0}
    for name, answer in answers.items():
        question = questions.get(name)
        if question is not None and question.scored:
            points[question.scored] += _points(question, listed(answer))
    return _scored(points["raw"], points["mitigation"])


def possible(answers: Answers) -> Range:
    """The scores that remain possible once the open questions are answered."""
    low = {"raw": 0, "mitigation": 0}
    high = {"raw": 0, "mitigation": 0}
    answered = asked = 0
    for question in form().questions.values():
        given = listed(answers.get(question.id))
        if not question.scored or not (given or _may_show(question, answers)):
            continue
        asked += 1
        answered += bool(given)
        points = _points(question, given)
        sure = question.minimum if question.shown(answers) else 0
        low[question.scored] += points if given else sure
        high[question.scored] += points if given else question.maximum
    lowest = _scored(low["raw"], high["mitigation"])
    highest = _scored(high["raw"], low["mitigation"])
    return Range(lowest, highest, answered, asked)


def _may_show(question: Question, answers: Answers) -> bool:
    """Whether the form shows a question, or may still come to show it."""
    return all(
        not (given := listed(answers.get(name))) or bool(set(given) & set(wanted))
        for name, wanted in question.shown_if.items()
    )


def _points(question: Question, given: list[str]) -> int:
    for option in given:
        if option not in question.options:
            raise UserError(
                f"{question.id}: {option!r} is not one of its options"
                f"{did_you_mean(option, question.options)}"
            )
    if question.kind == "choice" and len(given) > 1:
        raise UserError(f"{question.id} takes one option, not {len(given)}.")
    return sum(weight(option) for option in dict.fromkeys(given))


def _scored(raw: int, mitigation: int) -> Score:
    rules = form().rules
    raw_maximum, mitigation_maximum = maxima()
    total = raw
    if mitigation >= rules["mitigation_share"] * mitigation_maximum:
        total = floor(rules["mitigation_factor"] * raw + 0.5)  # halves are rounded up
    level = 1 + sum(total > share * raw_maximum for share in rules["level_shares"])
    return Score(raw, mitigation, total, level)
