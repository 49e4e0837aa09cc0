"""The panel's ledger: every record of a followed citizen, with its true cause.

A measure like any other: it holds truth and file together, and nothing reads
it back. A followed citizen's day is lived a second time from the state of the
morning, which by the addresses of chance gives the same day.
"""

import numpy as np
from numba import njit

from underwatch.day import Luck, live_through, load_person, load_state
from underwatch.draws import draw
from underwatch.engine.law import law
from underwatch.response.state import ASSOCIATION, OWN_ACT, WRONG_RECORD
from underwatch.society.people import ADULT

# What a line of the ledger can be: (kind, who entered it, its true cause).
KINDS = (
    ("late instalment", "bank", "own act"),
    ("repaid instalment", "bank", "own act"),
    ("judgement", "court register", "own act"),
    ("judgement", "court register", "another's name"),
    ("favoured purchase", "marketplace", "own act"),
    ("disfavoured purchase", "marketplace", "own act"),
    ("unpermitted post", "platform reader", "own act"),
    ("unpermitted post", "platform reader", "an ordinary post misread"),
    ("contradicting post", "platform reader", "own act"),
    ("minor offence", "camera", "own act"),
    ("minor offence", "camera", "another's face"),
    ("serious offence", "police", "own act"),
    ("good deed", "register", "own act"),
    ("alert", "watch-list camera", "on the watch list"),
    ("alert", "watch-list camera", "taken for somebody listed"),
    ("listed", "court", "own act"),
    ("listed", "court", "another's name"),
    ("restricted by score", "score", "own act"),
    ("restricted by score", "score", "wrong record"),
    ("restricted by score", "score", "association"),
    ("restriction ended", "system", "time, payment or appeal"),
    ("stopped", "police", "own act"),
    ("stopped", "police", "no act of one's own"),
    ("flight refused", "airline", "restriction"),
    ("train refused", "railway", "restriction"),
    ("visa refused", "consulate", "restriction"),
    ("visa on the fast lane", "consulate", "score"),
    ("appeal filed", "citizen", "notice or refusal"),
    ("appeal heard", "court", "appeal"),
    ("appeal upheld", "court", "appeal"),
    ("post not made", "nobody: it was not made", "perceived risk"),
)
# Of these, the ones that name another citizen: who was mistaken for this one.
ANOTHERS_NAME, ANOTHERS_FACE = 3, 10


@law
def enter(out, day):
    """Write the day's lines: out[kind] = 1 for each that occurred."""
    acts, seen, made, met = day.acts, day.seen, day.made, day.met
    listed, by_score = made.listed, made.imposed > made.listed
    why = made.reasons >> 4
    out[0] = seen.late
    out[1] = seen.repaid
    out[2] = seen.judged
    out[3] = day.name
    out[4] = seen.favoured
    out[5] = seen.disfavoured
    out[6] = seen.unpermitted
    out[7] = seen.misread
    out[8] = seen.contradicting
    out[9] = seen.minor
    out[10] = day.face
    out[11] = seen.serious
    out[12] = seen.good
    out[13] = seen.alerted & day.watched
    out[14] = seen.alerted & (1 - day.watched)
    out[15] = int(listed and seen.judged)
    out[16] = int(listed and not seen.judged)
    out[17] = int(by_score and why & OWN_ACT)
    out[18] = int(by_score and not why & OWN_ACT and why & WRONG_RECORD)
    out[19] = int(by_score and why == ASSOCIATION)
    out[20] = int(made.ended > 0)
    out[21] = met.stopped_own
    out[22] = met.stopped - met.stopped_own
    out[23] = met.refused_flight
    out[24] = met.refused_train
    out[25] = met.refused_visa
    out[26] = met.fast_visa
    out[27] = int(made.files_appeal or met.files_appeal)
    out[28] = made.heard
    out[29] = made.reversed
    out[30] = int(acts.would_post and not acts.posted)


@njit
def follow(i, morning, people, words, double_group, today, rules, out):
    """Live citizen i's day again from `morning`, an array of one state, into the ledger."""
    me = load_person(people, i)
    if me.age < ADULT:
        return
    luck = Luck(
        draw(today.seed, 0, today.day, i), draw(today.seed, 1, today.day, i),
        draw(today.seed, 2, today.day, i), draw(today.seed, 3, today.day, i),
        draw(today.seed, 4, today.day, i), draw(today.seed, 5, today.day, i),
        draw(today.seed, 6, today.day, i), draw(today.seed, 7, today.day, i),
    )  # fmt: skip
    day = live_through(i, me, load_state(morning, 0), luck, words, double_group, today, rules)
    enter(out, day)


def empty_ledger(days: int, followed: int) -> np.ndarray:
    """Room for the lines of some days: uint8, (days, followed, kinds)."""
    return np.zeros((days, followed, len(KINDS)), np.uint8)
