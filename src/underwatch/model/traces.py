"""What a citizen's day leaves for others to read: public signals, flags, and cases in queues."""

from underwatch.kernel.compile import kernel
from underwatch.model.decisions.restrictions import in_force
from underwatch.model.response.adapt import penalties
from underwatch.model.state import (
    APPEAL,
    BOASTS,
    BROKE,
    CAUGHT,
    COURT,
    CREDIT,
    CROWD_MISTAKEN,
    FACE_MISTAKEN,
    FATIGUE,
    KEPT,
    MARCHED,
    NAME_MISTAKEN,
    OFFENDED,
    PENALISED,
    PENALISED_FOR_SPEECH,
    PETITIONED,
    POLICE,
    PROTESTED,
    REVIEW,
    SANCTIONED,
    SCORE_LANE,
    SCORED,
    SPOKE,
)


@kernel
def _shown(score, scored, boasting):
    """The public signals that are set on inactive days as well."""
    return scored * (SCORED | score << SCORE_LANE) | BOASTS * boasting


@kernel
def public_signals(day, params):
    """The public signals of a citizen, which contacts read tomorrow."""
    acts, seen, after = day.acts, day.seen, day.after
    signals = _shown(day.score.total, day.scored, day.boasting)
    signals |= SPOKE * seen.heard | PETITIONED * seen.passed.petition
    signals |= PROTESTED * seen.passed.protest
    now = penalties(seen, day.made, day.met)  # today's: a penalty is news once
    if now.known:
        signals |= PENALISED
    if now.seen_for_speech:
        signals |= PENALISED_FOR_SPEECH
    if now.offence:
        signals |= CAUGHT
    if in_force(after) > 0 or after.named > 0:
        signals |= SANCTIONED
    if acts.due:
        signals |= KEPT if acts.kept else BROKE
    return signals


@kernel
def flags_of(day):
    """Today's misidentifications, for the lookalike's file; protest, offence, fatigue, credit."""
    seen = day.seen
    return (
        FACE_MISTAKEN * seen.caught.mistaken_face + NAME_MISTAKEN * seen.entered.mistaken_name
        + CROWD_MISTAKEN * seen.caught.mistaken_crowd + MARCHED * day.acts.speech.protested
        + FATIGUE * day.fatigue + OFFENDED * day.acts.serious + CREDIT * day.lending.credit
    )  # fmt: skip


@kernel
def queues_of(after):
    """The queues in which a citizen waits, a bit for each: court, police, appeals, review."""
    return (
        int((after.standing & COURT) != 0) | int((after.standing & POLICE) != 0) << 1
        | int((after.standing & APPEAL) != 0) << 2 | int((after.standing & REVIEW) != 0) << 3
    )  # fmt: skip
