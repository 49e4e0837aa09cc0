"""The panel's ledger: every record of a followed citizen, with its true cause.

The ledger is a measure: it holds truth and file together, and no stage of a day
reads it. Following a citizen changes nothing.
"""

import numpy as np

from underwatch.kernel.compile import kernel
from underwatch.model.state import ASSOCIATION, OWN_ACT, WRONG_RECORD

# What a line of the ledger can be: (kind, who entered it, its true cause).
KINDS = (
    ("late instalment", "bank", "own act"),
    ("repaid instalment", "bank", "own act"),
    ("judgement", "court register", "own act"),
    ("judgement", "court register", "another person's name"),
    ("favoured purchase", "marketplace", "own act"),
    ("disfavoured purchase", "marketplace", "own act"),
    ("unpermitted post", "platform reader", "own act"),
    ("unpermitted post", "platform reader", "misread ordinary post"),
    ("contradicting post", "platform reader", "own act"),
    ("private message", "police", "own act"),
    ("petition", "platform reader", "own act"),
    ("firewall evasion", "platform", "own act"),
    ("neighbour's report", "neighbour", "own act"),
    ("neighbour's report", "neighbour", "false report"),
    ("minor offence", "camera", "own act"),
    ("minor offence", "camera", "another person's face"),
    ("protest", "camera", "own act"),
    ("protest", "camera", "another person's face"),
    ("protest", "camera", "bystander"),
    ("serious offence", "police", "own act"),
    ("good deed", "register", "own act"),
    ("alert", "watch-list camera", "on the watch list"),
    ("alert", "watch-list camera", "mistaken for a listed person"),
    ("listed", "court", "own act"),
    ("listed", "court", "another person's name"),
    ("restricted by score", "score", "own act"),
    ("restricted by score", "score", "wrong record"),
    ("restricted by score", "score", "association"),
    ("restriction ended", "system", "expiry, payment or appeal"),
    ("restriction not confirmed", "reviewer", "review"),
    ("named in public", "local media", "own act"),
    ("named in public", "local media", "another person's act"),
    ("dismissed", "employer", "notice of a naming"),
    ("re-employed", "employer", "time"),
    ("stopped", "police", "own act"),
    ("stopped", "police", "no own act"),
    ("warned", "police", "stop"),
    ("charged", "police", "stop"),
    ("flight refused", "airline", "restriction"),
    ("train refused", "railway", "restriction"),
    ("visa refused", "consulate", "restriction"),
    ("visa with privileged access", "consulate", "score"),
    ("notified of a restriction", "system", "notice"),
    ("file corrected", "office", "wrong records"),
    ("appeal filed", "citizen", "notice or refusal"),
    ("appeal heard", "court", "appeal"),
    ("appeal upheld", "court", "appeal"),
    ("loan granted", "lender", "application"),
    ("loan declined", "lender", "application"),
    ("joined the private score", "citizen", "contacts or privileges"),
    ("post withheld", "not entered", "perceived risk"),
    ("message withheld", "not entered", "perceived risk"),
    ("petition signature withheld", "not entered", "perceived risk"),
    ("protest participation withheld", "not entered", "perceived risk"),
    ("foreign visit withheld", "not entered", "perceived risk"),
    ("minor offence deterred", "not entered", "perceived detection"),
)


@kernel
def enter(out, t, k, day):
    """Write a day's lines: out[t, k, kind] = the number of events of each kind."""
    acts, seen, made, met = day.acts, day.seen, day.made, day.met
    speech, read, caught, entered = acts.speech, seen.read, seen.caught, seen.entered
    placed, why = made.placed, made.placed.reasons >> 4
    private = read.private
    sighted = (
        entered.late,
        entered.repaid,
        entered.judged,
        day.misattributed.name,
        seen.favoured,
        seen.disfavoured,
        read.unpermitted - private * (1 - speech.contradicting_message),
        read.misread,
        read.contradicting - private * speech.contradicting_message,
        private,
        read.petition,
        seen.passed.evasion,
        seen.reported.truly,
        seen.reported.falsely,
        caught.minor,
        day.misattributed.face,
        caught.protest,
        day.misattributed.crowd,
        caught.bystander,
        entered.serious,
        entered.good,
        caught.alert * day.watched,
        caught.alert * (1 - day.watched),
    )
    decided = (
        placed.listed * entered.judged, placed.listed * (1 - entered.judged),
        placed.scored_out * int((why & OWN_ACT) != 0),
        placed.scored_out * int((why & (OWN_ACT | WRONG_RECORD)) == WRONG_RECORD),
        placed.scored_out * int(why == ASSOCIATION),
        int(placed.ended > 0), placed.spared,
        made.naming.named - made.naming.wrongly, made.naming.wrongly, made.naming.dismissed,
        met.rehired, met.stopped_own, met.stopped - met.stopped_own,
        met.warned, met.charged,
        met.refused_flight, met.refused_train, met.refused_visa, met.privileged_visa,
        made.notice.notified, met.corrected, int(made.notice.appeals or met.appeals),
        made.hearing.heard, made.hearing.upheld,
        day.lending.approved, day.lending.applied - day.lending.approved,
    )  # fmt: skip
    chosen = (
        acts.joins,
        speech.would_post - speech.posted, speech.would_message - speech.messaged,
        speech.would_petition - speech.petitioned, speech.would_protest - speech.protested,
        speech.would_foreign_visit - speech.foreign_visit, acts.would_minor - acts.minor,
    )  # fmt: skip
    for kind in range(len(sighted)):
        out[t, k, kind] = sighted[kind]
    for kind in range(len(decided)):
        out[t, k, len(sighted) + kind] = decided[kind]
    for kind in range(len(chosen)):
        out[t, k, len(sighted) + len(decided) + kind] = chosen[kind]


def empty_ledger(days: int, followed: int) -> np.ndarray:
    """An empty ledger of some days: uint8 (days, followed, kinds)."""
    return np.zeros((days, followed, len(KINDS)), np.uint8)
