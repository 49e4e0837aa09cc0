"""Stage 4, score: points from the file, and an association term (M1, M10).

The scorer sees the file of one office and the contacts' scores of yesterday. No
trait of the citizen is in its signature.

    score = base + Σ points · count + α · mean over observed contacts of (score − base)

Points are whole numbers; a score has four fraction bits. The association term is
rounded up or down to a sixteenth at random, with the probabilities that leave its mean
unchanged. So a bad record and a good one spread alike, and rounding adds no points of its own.
"""

from typing import NamedTuple

import numpy as np

from underwatch.kernel.compile import kernel
from underwatch.kernel.narrow import narrow
from underwatch.model.dossiers.tiers import fold
from underwatch.model.state import FRACTION_BITS, SCORE_LANE, SCORED_LANE, mean

_HALF = 1 << FRACTION_BITS - 1  # of a point
# Of signals that are moved down by a lane, so that three of them add up: SCORED and the score.
_BOTH = 15 << 4 * SCORED_LANE - 4 | 0xFFFFF << SCORE_LANE - 4


class Score(NamedTuple):
    """Scores in sixteenths of a point.

    `own` is without association, `rightful` also without records of other people's acts;
    `elsewise` is the total without what companies handed over.
    """

    total: int
    own: int
    rightful: int
    elsewise: int


class Associates(NamedTuple):
    """The observed contacts with a score, and the sum of their scores, in sixteenths."""

    contacts: int
    scores: int


@kernel
def associates(home, local, online, params):
    """The contacts that the system observes, from three layers' sums of signals."""
    a, b, c = params.observed_home, params.observed_local, params.observed_online
    both = (home >> 4 & _BOTH * a) + (local >> 4 & _BOTH * b) + (online >> 4 & _BOTH * c)
    both = narrow(both >> 4 * SCORED_LANE - 4)
    return Associates(both & 63, both >> SCORE_LANE - 4 * SCORED_LANE)


@kernel
def is_scored(piloted, person, params):
    """Whether the state scores a citizen: in places where it does, unless they opted out."""
    opted_out = (np.int64(person) * 2_246_822_519 & 0xFFFFFFFF) < params.opted_out
    return params.scoring * (piloted < params.piloted) * (not opted_out)


@kernel
def sixteenths(points):
    """Whole points in the unit of a score."""
    return points << FRACTION_BITS


@kernel
def whole_points(score):
    """A score in sixteenths, rounded to the nearest whole point, as it is compared with lines.

    Without association a score is whole and its own nearest point; so a term of less
    than half a point takes nobody over a line.
    """
    return score + _HALF >> FRACTION_BITS


@kernel
def association_term(observed, rounding, params):
    """What contacts' scores add or subtract, in sixteenths.

    rounding: a random draw. The term is rounded up if the fraction that it would
    lose is above the draw's 16 low bits; an exact term, such as 0, is never changed.
    """
    base = np.int64(sixteenths(params.base))
    above = mean(observed.scores, observed.contacts) - (base << 16)
    exact = params.association * (above * (observed.contacts > 0)) >> 16
    return narrow(exact + (rounding & 0xFFFF) >> 16)


@kernel
def within(score, params):
    """A score clipped to floor … ceiling."""
    return min(sixteenths(params.ceiling), max(sixteenths(params.floor), score))


@kernel
def morning_score(file, observed, rounding, params):
    """The score of a citizen whose file does not change today: the total of `assess`.

    file: the one that the score reads.
    It is computed for everyone at once, so it has no branches.
    """
    own = sixteenths(params.base + fold(file, params))
    return within(own + association_term(observed, rounding, params), params)


@kernel
def assess(found, file, observed, rounding, params):
    """The score of what was found in a file, and of the observed contacts.

    file: the one that the score reads; only a user's own rule looks at it again
    (day_with_rule.py).
    """
    own = sixteenths(params.base + found.points)
    total = own + association_term(observed, rounding, params)
    return Score(
        within(total, params),
        within(own, params),
        within(own - sixteenths(found.foreign), params),
        within(total - sixteenths(found.company), params),
    )
