"""State: what tomorrow inherits, 29 bytes a citizen; and the word others may see."""

from typing import NamedTuple

import numpy as np

from underwatch.engine.law import law

ONE = 65_536  # fixed point: 1.0
TOP = 65_535  # a full u16


class State(NamedTuple):
    """One citizen, this morning. Counts saturate at 255; days count from the first."""

    score: int  # points
    risk: int  # perceived risk of speaking, 0..65535
    detection: int  # perceived chance of being caught, 0..65535
    trust: int  # generalised trust, 0..65535
    list_until: int  # court blacklist ends on this day; 0 = not listed
    score_until: int  # score restriction ends on this day; 0 = none
    late: int  # the dossier: counts that halve with time …
    repaid: int
    default: int
    favoured: int
    disfavoured: int
    unpermitted: int
    contradicting: int
    minor: int
    serious: int
    good: int
    wrong_default: int  # … and how many of them are not this citizen's own
    wrong_post: int
    wrong_minor: int
    overdue: int  # instalments missed in a row
    standing: int  # bits below
    reasons: int  # low half: of the listing; high half: of the score restriction
    appeal_wait: int  # days since the appeal was filed


STATE = np.dtype([(f, "u2" if k < 6 else "u1") for k, f in enumerate(State._fields)])
assert STATE.itemsize <= 32

# `standing`: what is pending. A desk turns WAITING into CALLED overnight.
IN_DEFAULT, COURT, COURT_CALLED, POLICE = 1, 2, 4, 8
POLICE_CALLED, APPEAL, APPEAL_CALLED, POLICE_OWN = 16, 32, 64, 128
# `reasons`: why a restriction stands.
OWN_ACT, WRONG_RECORD, ASSOCIATION, BY_LIST = 1, 2, 4, 8


class Heard(NamedTuple):
    """What a citizen learns from the contacts of one layer: counts of yesterday."""

    adults: int
    spoke: int
    penalised: int
    caught: int
    kept: int
    broke: int
    scored: int
    scores: int  # the sum of their scores


# The word: lanes of five bits (up to 31 contacts), so one addition a contact
# counts every flag at once; then the score; then two marks read singly.
ADULTS, SPOKE, PENALISED, CAUGHT, KEPT, BROKE, SCORED = (np.uint64(1 << (5 * k)) for k in range(7))
SCORE_LANE = 40
FACE_MISTAKEN, NAME_MISTAKEN = np.uint64(1 << 62), np.uint64(1 << 63)


# floor(2^40 / n) + 1: a whole-number mean without a division.
_PARTS = np.array([0] + [(1 << 40) // n + 1 for n in range(1, 128)])


@law
def mean(total, count):
    """total // count, exactly, for totals below 2^23 of at most 127 contacts; 0 of none."""
    return total * _PARTS[count] >> 40


@law
def unpack(words):
    """A sum of up to 31 words as counts."""
    w = np.int64(words & np.uint64((1 << 61) - 1))
    return Heard(
        w & 31, (w >> 5) & 31, (w >> 10) & 31, (w >> 15) & 31, (w >> 20) & 31, (w >> 25) & 31,
        (w >> 30) & 31, w >> SCORE_LANE,
    )  # fmt: skip
