"""What a deployment file of the kind "citizen score" declares: a pilot in an invented nation."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from underwatch.assessments.declaration.common import Name, Named, Text
from underwatch.assessments.declaration.values import Amount, Chance, Whole
from underwatch.scenario.sections.values import Section

# The figures of the file, and the keys of the scenario that they replace.
SCENARIO_KEYS = {
    "score.association": "scoring.association",
    "score.share_of_places": "scoring.share_of_places",
    "decisions.line": "restrictions.below",
    "decisions.days": "restrictions.days",
    "review.places_per_million_a_day": "review.places_per_million_a_day",
    "review.true_confirmed": "review.confirms",
    "review.false_confirmed": "review.errs",
    "appeals.notified": "redress.notice",
    "appeals.filed_after_notice": "redress.appeals_after_notice",
    "appeals.upheld_if_wrong": "redress.reversed_wrongful",
    "appeals.upheld_if_right": "redress.reversed_rightful",
    "appeals.places_per_million_a_day": "redress.places_per_million_a_day",
}
WHOLE_DAYS = ("decisions.line", "decisions.days")


class Pilot(Section):
    """In which invented nation the score is tried."""

    scenario: Name  # of the people and the rest of the system
    without: Name  # the scenario laid over it that takes the score away
    citizens: Annotated[int, Field(ge=1_000, le=10_000_000)]


class Score(Section):
    """What is scored, and where."""

    text: Text
    share_of_places: Chance  # neighbourhoods in which adults are scored
    association: Chance  # weight of the mean deviation of contacts' scores; below 1


class ScoreReview(Section):
    """Human review before a restriction; in force with the safeguard `review`."""

    text: Text
    true_confirmed: Chance  # of cases with an act of the person's own
    false_confirmed: Chance  # of cases without one
    places_per_million_a_day: Amount


class ScoreDecisions(Section):
    """What follows from a low score."""

    text: Text
    line: Whole  # points below which an adult is restricted
    days: Whole  # that a restriction lasts
    consequences: list[Name]


class ScoreAppeals(Section):
    """How a restriction is contested."""

    text: Text
    notified: Chance  # of restricted people
    filed_after_notice: Chance
    upheld_if_wrong: Chance
    upheld_if_right: Chance
    places_per_million_a_day: Amount


class Level(Section):
    """How far a safeguard is in force, from 0 to 1."""

    level: Chance


class ScoreSafeguards(Section):
    """The safeguards of the model whose effect is asked for, each with its level."""

    minimise: Level | None = None
    retain: Level | None = None
    no_speech: Level | None = None
    no_association: Level | None = None
    score_line: Level | None = None
    review: Level | None = None
    notice: Level | None = None
    appeal: Level | None = None
    proportionality: Level | None = None
    opt_out: Level | None = None
    correction: Level | None = None


class CitizenScore(Named):
    """A score of citizens and the restrictions that follow from it."""

    kind: Literal["citizen score"]
    pilot: Pilot
    score: Score
    review: ScoreReview
    decisions: ScoreDecisions
    appeals: ScoreAppeals
    safeguards: ScoreSafeguards = ScoreSafeguards()
