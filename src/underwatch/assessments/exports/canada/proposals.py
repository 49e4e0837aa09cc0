"""Levels of Canada's form that a run can propose: effect, reversibility, duration, harm of errors.

The form leaves their choice to judgement, but what they rest on is in the deployment: how much of
what it is to find it leads to, the share of wrong decisions that an appeal puts right and the time
it takes, how long a decision lasts, and the days that a wrong one costs a person. Each proposal
carries its reason and is for the author to check.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from underwatch.assessments.answers.estimates import in_words, too_few, written
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
# What a system is to find and leads to, by the kind of deployment.
_MET = {
    "watch-list camera": "passes by people on the list end in a stop",
    "risk score": "errors are in cases that are checked in a round",
}


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
    missed, met = _known(assessed, _MISSED), _MET.get(assessed.deployment.kind)
    if missed is not None and met is not None:
        found = 100 - missed.value
        span = missed.interval
        least, most = (None, None) if span is None else (100 - span[1], 100 - span[0])
        levels = form().questions["businessDrivers5"].means[::-1]
        at = sum(found < cut for cut in cuts["found_percent"])
        yield Proposal(
            "businessDrivers5", levels[at],
            f"{written(found, least, most, '%')} of the {met}. Cut-offs used here: "
            f"{_scale(levels, cuts['found_percent'], '%', falling=True)}.", "businessDrivers5B",
        )  # fmt: skip
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
    within_a_day = days < 1
    alone = (
        " That is the time of the decision alone, not of what follows it." if within_a_day else ""
    )
    levels = form().questions["impact7"].means
    at = sum(days >= cut for cut in cuts["lasting_days"])
    yield Proposal(
        "impact7", levels[at],
        f"A decision weighs on a person for {words}.{alone} Cut-offs used here: "
        f"{_scale(levels, cuts['lasting_days'], 'days')}; nothing here is proposed as perpetual.",
        "impact8",
    )  # fmt: skip
    if within_a_day:  # the harm lies in what the decision is, such as a stop in public
        return
    levels = form().questions["impact28"].means
    at = sum(days >= cut for cut in cuts["harm_days"])
    when = " in a round" if assessed.deployment.kind == "risk score" else ""
    oversight = "" if missed is None else (
        f" Of those it is meant to find {in_words(missed)} are missed{when}."
    )  # fmt: skip
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
    'low below 1 day, middle from 1 to 30 days, high from 30 days'
    >>> _scale(("good", "fair", "bad"), [90, 50], "%", falling=True)
    'good from 90 %, fair from 50 to 90 %, bad below 50 %'
    """
    ends = sorted(cuts)
    middle = [f"from {low:g} to {high:g} {unit}" for low, high in pairwise(ends)]
    first = unit.removesuffix("s") if ends[0] == 1 else unit
    spans = [f"below {ends[0]:g} {first}", *middle, f"from {ends[-1]:g} {unit}"]
    if falling:
        spans.reverse()
    return ", ".join(f"{level} {span}" for level, span in zip(levels, spans, strict=False))
