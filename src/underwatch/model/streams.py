"""The addresses of chance: one stream for each thing that a random draw decides.

Four streams share one Philox block. The first sixteen are drawn for everyone every
day, the others only where the question arises. Never renumber those from 32 on:
worlds are compared by address.

A rare event of each kind has a draw of its own, of 32 bits. The upper half is drawn
for everyone every day, two kinds in a word; it decides nearly always. The lower half
has an address of its own, and is drawn only where the upper half leaves the question
open. So the kinds are independent for every probability.
"""

from typing import NamedTuple

from underwatch.kernel.compile import kernel, nopython
from underwatch.kernel.random import draw

POST, MESSAGE, PURCHASE, MINOR = 0, 1, 2, 3
PROTEST, FEELING, DRIFT = 4, 6, 7
# Rounding of a mean of scores; low bytes for the four feelings; learning of penalties.
ROUNDING, FEELING_FINE, LEARN = 8, 9, 10
# The upper halves of the draws of rare events; kind k has half k % 2 of word k // 2.
RARE_WORDS = (5, 11, 12, 13, 14, 15)
DAILY_STREAMS = 16
SERIOUS, FLIGHT, TRAIN, VISA, GOOD_DEED, MISREAD, SLANDER, BYSTANDER = range(8)
JOIN, FOREIGN_VISIT, PETITION, PASS_BY = range(8, 12)
POST_KIND, POST_TRUE, POST_READ, POST_FILTERED = 32, 33, 34, 35
PETITION_READ, PROTEST_SEEN, PROTEST_MATCH, PROTEST_LOOKALIKE = 36, 37, 38, 39
FOREIGN_BLOCKED, FOREIGN_SEEN, FOREIGN_MOVED, PROTEST_FILTERED = 40, 41, 42, 43
MINOR_SPOT, MINOR_MATCH, MINOR_LOOKALIKE, MINOR_PROBED = 44, 45, 46, 47
SERIOUS_SEEN, NEIGHBOUR, NEIGHBOUR_REPORTS, NEIGHBOUR_KNOWN = 48, 49, 50, 51
REPAY, GOOD_DEED_SEEN, INSTALMENT_REPORTED, MESSAGE_KIND = 52, 53, 54, 55
REGISTER_MISSED, REGISTER_MISTYPED, APPEAL_FILED, APPEAL_RULING = 56, 57, 58, 59
NOTICE, REFUSAL_APPEAL, REVIEW_RULING, REVIEW_ERROR = 60, 61, 62, 63
NAMING, EMPLOYER, DISMISSAL, REHIRED = 64, 65, 66, 67
LAPSE, VISIT, MESSAGE_READ, CORRECTION = 68, 69, 70, 71
APPLICATION = 72  # for a loan
OPERATOR = 78  # confirms an alert
PETITION_FILTERED = 79
# Of a place or a pair of people, not of a person's day.
QUEUE_START, OCCASION = 80, 81
REGION_DELIVERY, NATION_DELIVERY = 84, 85
STOP_OUTCOME = 86  # of a person's day again
DISSOLVE = 88  # and the fifteen after it: one for each tie
TURNOVER = 104  # of a tie: one draw for both ends, by a key of its own
RARE_FINE = 112  # and the eleven after it: the lower half of a rare event's draw
# Of a person and a month: death. Of a person: the birthday. Of a bearer of a number: two words of
# traits. Of a tie: whether two people who may know each other from now on do.
DEATH, BIRTHDAY, BIRTH, MEETING = 128, 129, 130, 132
# Of a person's day again: one for each office, kind and record (dossiers/linkage.py).
LINKED = 256  # and the 767 after it
# Streams of the society, drawn once, and of the lookalikes by face and name (person 0).
SOCIETY, LOOKALIKES = 1 << 16, 1 << 17
RESEMBLANCE = LOOKALIKES + 2  # how much a citizen resembles others (day 0)

LEVELS_EVERY = 7  # days from one measurement of levels to the next
MONTH = 30  # days from one instalment, or one review of ties, to the next


class Today(NamedTuple):
    """A day: its address of random draws, and what its date alone decides."""

    seed: int
    day: int
    fading: int  # the day within a half-life whose files halve today; -1 = none
    resting: int  # the day within a half-life of fatigue whose citizens recover today
    faces: int  # on the watch list that is searched today, in 256ths of a face
    mistaken: int  # a bound of anybody's chance of a false alert, of 2^32


@nopython
def chance(today, stream, person):
    """One random uint32 of today, as int64."""
    return draw(today.seed, stream, today.day, person)


@kernel
def rare(high, kind, most, today, person):
    """A rare event's draw, uint32 as int64, for comparison with probabilities up to `most`.

    high: its upper half. The lower half is drawn only if it can matter; a draw that
    is above `most` may lack it.
    """
    draw = high << 16
    if high <= most >> 16:
        draw |= chance(today, RARE_FINE + kind, person) & 0xFFFF
    return draw
