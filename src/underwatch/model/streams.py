"""The addresses of chance: one stream for each thing that a random draw decides.

Four streams share one Philox block. The first twelve are drawn for everyone every
day, the others only where the question arises. Never renumber those from 32 on:
worlds are compared by address.

An act or event of each kind has a draw of its own, of 32 bits. The upper half is drawn
for everyone every day, two kinds in a word; it decides nearly always. The lower half
has an address of its own, and is drawn only where the upper half leaves the question
open. So the kinds are independent for every probability.
"""

from typing import NamedTuple

import numpy as np

from underwatch.kernel.compile import kernel, nopython
from underwatch.kernel.random import draw

# High and low bytes of the draws for the four feelings; drift of opinion; learning of penalties.
FEELING, FEELING_FINE, DRIFT, LEARN = range(4)
# The upper halves of the draws of acts and events: kind k has half k % 2 of stream HALVES + k // 2.
HALVES, DAILY_STREAMS = 4, 12
POST, MESSAGE, PURCHASE, MINOR, PROTEST, SERIOUS, VISA, GOOD_DEED = range(8)
MISREAD, SLANDER, BYSTANDER, JOIN, FOREIGN_VISIT, PETITION, PASS_BY = range(8, 15)
ROUNDING = 15  # of the mean of contacts' scores: a half only
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
FLIGHT, TRAIN = 73, 74
OPERATOR = 78  # confirms an alert
PETITION_FILTERED = 79
# Of a place or a pair of people, not of a person's day.
QUEUE_START, OCCASION = 80, 81
REGION_DELIVERY, NATION_DELIVERY = 84, 85
STOP_OUTCOME = 86  # of a person's day again
DISSOLVE = 88  # and the fifteen after it: one for each tie
TURNOVER = 104  # of a tie: one draw for both ends, by a key of its own
LOWER_HALF = 112  # and the fourteen after it: the lower half of the draw of a kind
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


@kernel
def delivers_today(block, every, day):
    """Whether a neighbourhood's office delivers today, or is delivered to; a hash sets the day."""
    return every > 0 and (block * 2_654_435_769 & 0xFFFFFFFF) * every >> 32 == day % every


@nopython
def chance(today, stream, person):
    """One random uint32 of today, as int64."""
    return draw(today.seed, stream, today.day, person)


@nopython
def whole(upper, kind, today, person):
    """The draw of a kind, uint32 as int64, from its upper half."""
    return np.int64(upper) << 16 | chance(today, LOWER_HALF + kind, person) & 0xFFFF


@kernel
def happens(upper, kind, p, today, person):
    """Whether the draw of a kind, whose upper half is given, is below a probability p of 2^32.

    Once in 65,536 times the upper half leaves this open, and the lower half is drawn.
    """
    at = p >> 16
    return upper < at or (upper == at and whole(upper, kind, today, person) < p)
