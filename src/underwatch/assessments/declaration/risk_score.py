"""What a deployment file of the kind "risk score" declares (organ M26).

Groups, attributes and pairs of attributes are those of `organs/attributes.py`; other names are
refused when the file is read (`closed_forms/risk_score_estimates.py`).
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from underwatch.assessments.declaration.common import (
    Amount,
    Chance,
    Deployed,
    Number,
    Quantity,
    Text,
    Whole,
)
from underwatch.scenario.sections.values import Section


class Strength(Quantity[Annotated[float, Field(ge=-20, le=20)]]):
    """How far a feature moves, in standard deviations of its noise; below 0 it falls."""


class Cases(Section):
    """Whose cases are ranked."""

    cases: Whole  # that a round ranks
    claiming: Chance  # of adults, that have a case
    rounds_per_year: Annotated[int, Field(ge=1, le=366)]
    shares: dict[str, Chance]  # of cases; one half where none is stated
    odds_ratios: dict[str, Number] = {}  # 1 where none is stated


class Errors(Section):
    """How many cases hold an error."""

    share: Chance  # of all cases
    shares: dict[str, Chance] = {}  # of the cases of a group


class FeatureSection(Section):
    """One input of the score."""

    signal: Strength  # how much higher it is in a case with an error
    weight: Strength  # in the score
    lasting: Chance  # share of its noise that stays with a person from round to round
    proxies: dict[str, Strength] = {}  # how much higher it is in a case of the group


class ScoreSection(Section):
    """The score, and how many cases it has checked."""

    text: Text
    checked: Chance  # of cases, in a round
    features: Annotated[dict[str, FeatureSection], Field(min_length=1, max_length=16)]


class Labels(Section):
    """The earlier checks that the score learned from."""

    text: Text
    checked: Chance  # of cases, before the first round
    times_as_often: dict[str, Number] = {}  # for the first group of the attribute
    errors_entered: Chance  # of errors in cases that were checked
    wrongly_entered: Chance  # of cases without an error that were checked
    learns_from: Literal["checked cases", "all cases"]
    strength: Amount  # 1: all of the difference between groups enters the score


class CheckSection(Section):
    """What a check finds, and how long it holds a payment."""

    errors_found: Chance  # of errors
    wrongly_found: Chance  # of cases without an error, in which a check finds one
    held_days: Amount  # for which the payment is held


class OutcomeSection(Section):
    """What follows from a finding that is acted on: a debt, or else a suspension."""

    debts: Chance  # of these findings; the rest are suspensions
    debt: Amount  # in the currency of the country
    suspended_days: Amount


class WorkPattern(Section):
    """People who work so many fortnights of a year."""

    fortnights: Annotated[int, Field(ge=0, le=26)]
    share: Chance  # of people; all patterns together are 1


class Averaging(Section):
    """A rule beside the score: a year's income is averaged over its fortnights."""

    text: Text
    share_of_cases: Chance  # to which the rule is applied once in the period
    worked: Annotated[dict[str, WorkPattern], Field(min_length=1, max_length=27)]
    earned: Amount  # in a fortnight of work
    free: Amount  # of a fortnight, that does not count
    taper: Chance  # by which the benefit falls with what exceeds it


class LessProxy(Section):
    """Features and labels that stand in for a group are weakened; what follows is simulated."""

    kept: Chance  # of each proxy's strength, and of what was learned about groups


class DrawnAtRandom(Section):
    """A share of the checks is drawn at random."""

    share: Chance


class FewerChecks(Section):
    """Fewer cases are checked."""

    checked: Chance  # of cases, in a round


class SecondReviewer(Section):
    """A second person confirms each finding; the shares are inputs."""

    true_confirmed: Chance
    false_confirmed: Chance


class PayUntilDecided(Section):
    """Payments go on until a decision is final."""

    works_for: Chance  # of cases


class ScoreSafeguards(Section):
    """The safeguards whose effect is asked for, each by its figures."""

    less_proxy: LessProxy | None = None
    drawn_at_random: DrawnAtRandom | None = None
    fewer_checks: FewerChecks | None = None
    second_reviewer: SecondReviewer | None = None
    pay_until_decided: PayUntilDecided | None = None


class RiskScoreSystem(Deployed):
    """A risk score over benefits."""

    kind: Literal["risk score"]
    people: Cases
    errors: Errors
    score: ScoreSection
    labels: Labels | None = None
    checks: CheckSection
    outcomes: OutcomeSection
    averaging: Averaging | None = None
    safeguards: ScoreSafeguards = ScoreSafeguards()
