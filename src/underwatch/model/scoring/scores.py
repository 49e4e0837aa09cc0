"""Stage 4, score: points from the file, and from the company one keeps (M1, M10).

The scorer sees a copy of the file and the contacts' scores of yesterday. No
trait of the citizen is in its signature.

    score = base + Σ points · count + α · (mean of the observed contacts' scores − base)
"""

from typing import NamedTuple

from underwatch.kernel.compile import law
from underwatch.model.state import SCORED_LANE, lane, mean, score_lane


class Score(NamedTuple):
    """Points; `own` without association, `rightful` also without records not one's own."""

    total: int
    own: int
    rightful: int


class Company(NamedTuple):
    """The observed contacts who bear a score, and the sum of their scores of yesterday."""

    contacts: int
    scores: int


@law
def company(home, local, online, rules):
    """The contacts that the system observes, from three layers' sums of words."""
    a, b, c = rules.observed_home, rules.observed_local, rules.observed_online
    return Company(
        lane(home, SCORED_LANE) * a + lane(local, SCORED_LANE) * b + lane(online, SCORED_LANE) * c,
        score_lane(home) * a + score_lane(local) * b + score_lane(online) * c,
    )


@law
def is_scored(piloted, person, rules):
    """Whether the state scores a citizen: where it does, and unless they opted out."""
    opted_out = (person * 2_246_822_519 & 0xFFFFFFFF) < rules.opted_out
    return rules.scoring * (piloted < rules.piloted) * (not opted_out)


@law
def by_company(kept, rules):
    """What the company one keeps adds or takes."""
    return rules.association * (mean(kept.scores, kept.contacts) - rules.base) * (
        kept.contacts > 0
    ) >> 16  # fmt: skip


@law
def within(points, rules):
    """A score on its scale."""
    return min(rules.ceiling, max(rules.floor, points))


@law
def assess(copy, kept, rules):
    """The score that a copy of the file and the company come to."""
    own = rules.base + copy.points
    return Score(
        within(own + by_company(kept, rules), rules),
        within(own, rules),
        within(own - copy.foreign, rules),
    )
