"""Levels of Canada's form that a run can propose: reversibility, duration, harm of an error.

The form leaves their choice to judgement, but what they rest on is in the deployment: the share of
wrong decisions that an appeal puts right and the time it takes, how long a decision lasts, and what
a wrong one costs a person. Each proposal carries its reason and is for the author to check.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from underwatch.assessments.answers.estimates import in_words, too_few
from underwatch.assessments.answers.figures import figure
from underwatch.assessments.exports.canada.questions import form
from underwatch.assessments.result import Assessed, Estimate, Figure

MARK = "Proposal to check"
# What an appeal puts right, by the kind of deployment.
_RESTORED = ("wrong_stops_corrected", "wrong_ends_corrected", "correctable")
# How long a decision weighs on a person: a figure of the file, its unit, and days of one unit.
_LASTING = (
    ("decisions.days", "days", 1.0),
    ("outcomes.suspended_days", "days", 1.0),
    ("decisions.minutes_of_the_person", "minutes", 1 / 1440),
)
_MISSED = ("missed_after_review", "missed_share")


@dataclass(frozen=True)
class Proposal:
    """An option that is proposed for a question. text: the question that holds its reason."""

    question: str
    meaning: str
    reason: str
    text: str

    @property
    def in_words(self) -> str:
        """The proposal as it stands in the text that hangs on the question."""
        label = form().questions[self.question].label
        return f"{MARK} – {label}: {self.meaning}. {self.reason}"


def proposals(assessed: Assessed) -> tuple[Proposal, ...]:
    """The levels that the deployment and its run give reasons for."""
    return tuple(_proposed(assessed))


def _proposed(assessed: Assessed) -> Iterator[Proposal]:
    cuts = form().proposals
    restored = _known(assessed, _RESTORED)
    if restored is not None:
        levels = form().questions["impact6"].means
        at = sum(restored.value < cut for cut in cuts["restored_percent"])
        wait = assessed.estimate("appeal_days")
        takes = f"; a decision takes {in_words(wait)}" if wait is not None else ""
        yield Proposal(
            "impact6", levels[at],
            f"Appeals put right {in_words(restored)} of the wrong decisions{takes}. Cut-offs used "
            f"here: {_scale(levels, cuts['restored_percent'], '%', falling=True)}.", "impact8",
        )  # fmt: skip
    lasting = _lasting(assessed)
    if lasting is None:
        return
    days, words = lasting
    levels = form().questions["impact7"].means
    at = sum(days >= cut for cut in cuts["lasting_days"])
    yield Proposal(
        "impact7", levels[at],
        f"A decision weighs on a person for {words}. Cut-offs used here: "
        f"{_scale(levels, cuts['lasting_days'], 'days')}; nothing here is proposed as perpetual.",
        "impact8",
    )  # fmt: skip
    levels = form().questions["impact28"].means
    at = sum(days >= cut for cut in cuts["harm_days"])
    missed = _known(assessed, _MISSED)
    oversight = (
        "" if missed is None else f" Of those it is meant to find {in_words(missed)} are missed."
    )
    yield Proposal(
        "impact28", levels[at],
        f"A wrong decision costs a person {words}.{oversight} Cut-offs used here: "
        f"{_scale(levels, cuts['harm_days'], 'days')}.", "impact28A",
    )  # fmt: skip


def _known(assessed: Assessed, measures: tuple[str, ...]) -> Estimate | None:
    """The first of some measures that can be quoted."""
    found = (assessed.estimate(name) for name in measures)
    return next((each for each in found if each is not None and not too_few(each)), None)


def _lasting(assessed: Assessed) -> tuple[float, str] | None:
    """How long a decision weighs on a person: in days, and as the file states it."""
    for path, unit, days in _LASTING:
        held = assessed.deployment.get(path)
        if isinstance(held, Figure):
            text = figure(held)
            number, bracket, rest = text.partition(" (")
            return held.value * days, f"{number} {unit}{bracket}{rest}"
    return None


def _scale(
    levels: tuple[str, ...], cuts: list[float], unit: str, falling: bool = False
) -> str:  # fmt: skip
    """The levels with the values at which each begins.

    >>> _scale(("low", "middle", "high"), [1, 30], "days")
    'low below 1 days, middle from 1 to 30 days, high from 30 days'
    >>> _scale(("good", "fair", "bad"), [90, 50], "%", falling=True)
    'good from 90 %, fair from 50 to 90 %, bad below 50 %'
    """
    ends = sorted(cuts)
    middle = [f"from {low:g} to {high:g} {unit}" for low, high in pairwise(ends)]
    spans = [f"below {ends[0]:g} {unit}", *middle, f"from {ends[-1]:g} {unit}"]
    if falling:
        spans.reverse()
    return ", ".join(f"{level} {span}" for level, span in zip(levels, spans, strict=False))
