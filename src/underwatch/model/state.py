"""State: what tomorrow inherits, 40 bytes a citizen; and the public signals of a citizen.

Three of the five words are files: the local, the regional and the national office each hold
records of their own (M5), and a record of one kind needs its count at every office.

Not in it, although tomorrow reads them too: the flags of the day and the public signals below,
who waits in which queue (engine/queues.py), and which ties are open (`slots` of engine/world.py,
once, in the social graph).
"""

from typing import NamedTuple

import numpy as np

from underwatch.kernel.columns import loader, packed, putter
from underwatch.kernel.compile import kernel
from underwatch.kernel.narrow import narrow

ONE = 65_536  # fixed point: 1.0


class State(NamedTuple):
    """One citizen in the morning. Feelings and opinion are 0 to 255; days count from the first."""

    risk: int  # perceived risk of speaking
    detection: int  # perceived chance of being caught
    trust: int  # generalised trust
    support: int  # for the system
    opinion: int  # private: 0 with the official line … 255 against it
    named: int  # days for which a public naming is still remembered
    appeal_wait: int  # days since the appeal was filed, up to 255
    reasons: int  # low half: of the listing; high half: of the score restriction
    list_until: int  # court blacklist ends on this day; 0 = not listed
    score_until: int  # the score decides again on this day; restricted until then if for a reason
    standing: int  # bits below
    handed: int  # what companies have handed over, and hold back (dossiers/handed.py)
    file: int  # the local file: sixteen counts of four bits (dossiers/records.py)
    region: int  # the files of the regional and national tiers, of the same layout
    nation: int


_BYTES = dict.fromkeys(("list_until", "score_until", "standing", "handed"), "u2")
_BYTES |= dict.fromkeys(("file", "region", "nation"), "u8")
STATE = np.dtype([(name, _BYTES.get(name, "u1")) for name in State._fields])
assert STATE.itemsize == 40
load_state, store_state = packed(State, STATE)
load_state_narrow = loader(State, STATE)
put_feelings = putter(STATE, "risk", "detection", "trust", "support", "opinion", "standing")
put_standing, put_delivered = putter(STATE, "standing"), putter(STATE, "handed", "region", "nation")

# `standing`: pending cases and status. A queue turns waiting into served overnight.
IN_DEFAULT = 1
COURT, COURT_SERVED, POLICE, POLICE_SERVED = 2, 4, 8, 16
APPEAL, APPEAL_SERVED, REVIEW, REVIEW_SERVED = 32, 64, 128, 256
PENDING = 2 | 4 | 8 | 16 | 32 | 64 | 128 | 256
POLICE_OWN = 512  # the police were sent for an own act
MEMBER = 1024  # of the private score
KNOWS = 2048  # of the penalties
DISMISSED = 4096  # by an employer who was notified of a naming
OVERDUE = 8192  # times 0..3: instalments missed in a row
POLICE_SPEECH = 32768  # the police were sent because of posts or assembly

# `reasons`: why a restriction stands; the last is BY_LIST in one half, SPEECH in the other.
OWN_ACT, WRONG_RECORD, ASSOCIATION, BY_LIST, SPEECH = 1, 2, 4, 8, 8


class Heard(NamedTuple):
    """How many of the known adults showed each signal yesterday."""

    spoke: int
    penalised: int
    caught: int
    kept: int
    broke: int
    sanctioned: int
    petitioned: int
    protested: int
    boasts: int
    penalised_for_speech: int


# The public signals: lanes of four bits (a layer has at most 12 contacts), so that one addition
# for each contact counts every flag at once. The score, in sixteenths of a point, has the upper
# 20 bits and adds up as well: 12 contacts of 5,000 points are 960,000 sixteenths. They are stored
# in 32 bits, a bit for each flag above the score, because reading those of contacts is a quarter
# of the time of a day (`stored`, `in_lanes`).
(
    SPOKE, PENALISED, CAUGHT, KEPT, BROKE, SANCTIONED, PETITIONED, PROTESTED, BOASTS, SCORED,
    PENALISED_FOR_SPEECH,
) = (1 << (4 * k) for k in range(11))  # fmt: skip
SCORED_LANE, SCORE_LANE = 9, 44  # the lane's number; the bit
SCORE_BITS = 20
FRACTION_BITS = 4  # of a score
SCORED_STORED, BOASTS_STORED = 1 << SCORE_BITS + 9, 1 << SCORE_BITS + 8  # as stored
# A penalty is news once: PENALISED, PENALISED_FOR_SPEECH and CAUGHT are set on the day on which
# it becomes known. SANCTIONED stands as long as a restriction, or the memory of a public naming;
# it is what association with somebody costs, and no news.
# Flags of a citizen's day. Misidentifications are read by the day's lookalike alone; MARCHED
# counts protesters, whether or not contacts hear of them. Four bits are the citizen's own
# fatigue, recent days of protest up to 15, which only the citizen reads. OFFENDED counts serious
# offences in a district, which its people hear of. 16 bits.
FACE_MISTAKEN, NAME_MISTAKEN, CROWD_MISTAKEN, MARCHED = 1, 2, 4, 8
FATIGUE = 16  # times 0..15
OFFENDED = 256
CREDIT = 512  # times 0..127: 0 for no loan, instalments left, or DECLINED + months to wait
DECLINED = 63  # and the most instalments of a loan
MISTAKEN = FACE_MISTAKEN | NAME_MISTAKEN | CROWD_MISTAKEN

# The lanes of each combination of the eleven flags.
_FLAGS = np.arange(1 << 11, dtype=np.uint64)
_LANES = sum((_FLAGS >> np.uint64(k) & np.uint64(1)) << np.uint64(4 * k) for k in range(11))


@kernel
def mean(total, count):
    """The mean in 65,536ths, exactly rounded down, of totals below 2^23 of at most 31 contacts.

    0 of none. The quotient is below 2^39 and, unless it is whole, at least 1/31 away from a whole
    number. Rounded to the 53 bits of a float64, it does not reach one, so its whole part is exact
    on every machine. A vector of such divisions takes less time than a table of reciprocals.
    """
    return np.int64(np.float64(total) * 65_536.0 / np.float64(max(1, count)))


@kernel
def fatigue_of(flags):
    """A citizen's recent days of protest, 0..15, from their flags of yesterday."""
    return np.int64(flags) >> 4 & 15


@kernel
def credit_of(flags):
    """A citizen's credit of yesterday, 0..127: see CREDIT."""
    return np.int64(flags) >> 9


@kernel
def has_loan(credit):
    """Whether instalments of a loan are left."""
    return 0 < credit <= DECLINED


@kernel
def score_lane(signals):
    """The sum of the scores in a sum of signals, in sixteenths of a point."""
    return (signals >> SCORE_LANE) & 0xFFFFF


@kernel
def stored(signals):
    """One citizen's public signals in 32 bits; int64 to uint32, in steps that suit vector code."""
    flags = signals & 0x11111111111
    flags = (flags | flags >> 3) & 0x030303030303
    flags = (flags | flags >> 6) & 0x000F000F000F
    flags = (flags | flags >> 12 | flags >> 24) & 0x7FF
    return np.uint32(flags << SCORE_BITS | signals >> SCORE_LANE & 0xFFFFF)


@kernel
def in_lanes(word):
    """The public signals that `stored` put into a uint32, uint64."""
    return _LANES[word >> np.uint32(SCORE_BITS)] | np.uint64(word) << np.uint64(SCORE_LANE)


def all_in_lanes(words: np.ndarray) -> np.ndarray:
    """The public signals of many citizens as they are stored, uint32 to uint64 (n)."""
    flags = _LANES[words >> np.uint32(SCORE_BITS)]
    return flags | words.astype(np.uint64) << np.uint64(SCORE_LANE)


def scores_shown(signals: np.ndarray) -> np.ndarray:
    """The scores in public signals in lanes, in points, float64; -1 = none."""
    scored = signals & np.uint64(SCORED) != 0
    points = (signals >> np.uint64(SCORE_LANE)).astype(np.float64) / (1 << FRACTION_BITS)
    return np.where(scored, points, -1.0)


@kernel
def _pairs(home, local, online):
    even = 0x0F0F0F0F0F0F
    a = (home & even) + (local & even) + (online & even)
    b = (home >> 4 & even) + (local >> 4 & even) + (online >> 4 & even)
    return a, b


@kernel
def unpack(home, local, online):
    """Three layers' sums of signals as counts of contacts."""
    a, b = _pairs(home, local, online)
    return Heard(
        a & 255, b & 255, (a >> 8) & 255, (b >> 8) & 255, (a >> 16) & 255, (b >> 16) & 255,
        (a >> 24) & 255, (b >> 24) & 255, (a >> 32) & 255, (a >> 40) & 255,
    )  # fmt: skip


@kernel
def unpack_narrow(home, local, online):
    """The same as lanes."""
    a, b = _pairs(home, local, online)
    low, other, high = narrow(a), narrow(b), narrow(a >> 32)
    return Heard(
        low & 255, other & 255, (low >> 8) & 255, (other >> 8) & 255, (low >> 16) & 255,
        (other >> 16) & 255, (low >> 24) & 255, (other >> 24) & 255, high & 255, (high >> 8) & 255,
    )  # fmt: skip
