"""The addresses of chance: one stream for each thing that a random draw decides.

Four streams share one Philox block. The first twelve are drawn for everyone every
day, the others only where the question arises. Never renumber: worlds are compared
by address.
"""

from typing import NamedTuple

from underwatch.kernel.compile import kernel, nopython
from underwatch.kernel.random import draw

POST, MESSAGE, PURCHASE, MINOR = 0, 1, 2, 3
PROTEST, RARE, FEELING, DRIFT = 4, 5, 6, 7
# Rounding of a mean of scores; low bytes for the four feelings. Two more are free.
ROUNDING, FEELING_FINE = 8, 9
DAILY_STREAMS = 12
# Rare events share the draw RARE, each kind rotated to its own part of it: every probability
# is exact, and two of them seldom fall on one day. Never renumber these either.
SERIOUS, FLIGHT, TRAIN, VISA, GOOD_DEED, MISREAD, SLANDER, BYSTANDER = range(8)
LEARN, JOIN, FOREIGN_VISIT, PETITION, PASS_BY = range(8, 13)
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
OPERATOR = 78  # confirms an alert
# Of a place or a pair of people, not of a person's day.
QUEUE_START, OCCASION = 80, 81
REGION_DELIVERY, NATION_DELIVERY = 84, 85
STOP_OUTCOME = 86  # of a person's day again
DISSOLVE = 88  # and the fifteen after it: one for each tie
TURNOVER = 104  # of a tie: one draw for both ends, by a key of its own
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
    faces: int  # on the watch list that is searched today, in 256ths of a face
    mistaken: int  # a bound of anybody's chance of a false alert, of 2^32


@nopython
def chance(today, stream, person):
    """One random uint32 of today, as int64."""
    return draw(today.seed, stream, today.day, person)


@kernel
def rotated(rare, kind):
    """The shared draw of rare events as one kind reads it; kinds are a sixteenth apart."""
    return (rare + (kind << 28)) & 0xFFFFFFFF
