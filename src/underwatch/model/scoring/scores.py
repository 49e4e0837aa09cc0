"""Stage 4, score: points from the file, and an association term (M1, M10).

The scorer sees a copy of the file and the contacts' scores of yesterday. No
trait of the citizen is in its signature.

    score = base + Σ points · count + α · (mean of the observed contacts' scores − base)
"""

from typing import NamedTuple

from underwatch.kernel.compile import kernel
from underwatch.model.dossiers.tiers import LOCAL, NATION, fold, points_held
from underwatch.model.state import FRACTION_BITS, SCORED_LANE, lane, mean, score_lane


class Score(NamedTuple):
    """Scores; `own` without association, `rightful` also without records of other people's acts."""

    total: int
    own: int
    rightful: int


class Associates(NamedTuple):
    """The number of observed contacts with a score, and the sum of their scores of yesterday."""

    contacts: int
    scores: int


@kernel
def associates(home, local, online, params):
    """The contacts that the system observes, from three layers' sums of signals."""
    a, b, c = params.observed_home, params.observed_local, params.observed_online
    return Associates(
        lane(home, SCORED_LANE) * a + lane(local, SCORED_LANE) * b + lane(online, SCORED_LANE) * c,
        (score_lane(home) * a + score_lane(local) * b + score_lane(online) * c) >> FRACTION_BITS,
    )


@kernel
def is_scored(piloted, person, params):
    """Whether the state scores a citizen: in places where it does, unless they opted out."""
    opted_out = (person * 2_246_822_519 & 0xFFFFFFFF) < params.opted_out
    return params.scoring * (piloted < params.piloted) * (not opted_out)


@kernel
def association_points(observed, params):
    """The points that contacts' scores add or subtract."""
    return params.association * (mean(observed.scores, observed.contacts) - params.base) * (
        observed.contacts > 0
    ) >> 16  # fmt: skip


@kernel
def within(points, params):
    """A score clipped to floor … ceiling."""
    return min(params.ceiling, max(params.floor, points))


@kernel
def morning_score(state, shared, observed, params):
    """The score of a citizen whose file does not change today: the total of `assess`.

    It is computed for everyone at once, so it has no branches.
    """
    local = fold(state.file, shared, params)
    above = points_held(state.nation if params.score_reads == NATION else state.region)
    own = params.base + (local if params.score_reads == LOCAL else above)
    return within(own + association_points(observed, params), params)


@kernel
def assess(copy, file, shared, observed, params):
    """The score of a copy of the file and of the observed contacts.

    file, shared: the local file, and whether purchases are handed over; only a
    user's own rule reads them (day_with_rule.py).
    """
    own = params.base + copy.points
    return Score(
        within(own + association_points(observed, params), params),
        within(own, params),
        within(own - copy.foreign, params),
    )
