"""Restrictions by list and by score (M16), with their reasons and their ends.

Every restriction has an end and reason bits, from which "wrongful" and
"association only" are read. `score_until` is the day on which the score decides
again. Until then a citizen is restricted, if there are reason bits, or exempt
after an appeal or a review, if there are none.
"""

from typing import NamedTuple

from underwatch.kernel.compile import kernel
from underwatch.model.scoring.scores import whole_points
from underwatch.model.state import (
    ASSOCIATION,
    BY_LIST,
    IN_DEFAULT,
    OWN_ACT,
    REVIEW_SERVED,
    SPEECH,
    WRONG_RECORD,
)

FLIGHT_BAN, TRAIN_BAN, VISA_BAN = 1, 2, 4


class Restrictions(NamedTuple):
    """The restrictions after today; flags 0 or 1 unless said otherwise."""

    list_until: int  # day; 0 = not listed
    score_until: int  # day; 0 = the score may decide tomorrow
    reasons: int
    listed: int  # today
    scored_out: int  # restricted by score today
    ended: int  # 0..2
    wrongful: int  # imposed without an act of the citizen's own, 0..2
    by_association: int  # imposed because of association only
    to_review: int  # waits for a reviewer; nothing is imposed yet
    reviewed: int
    spared: int  # by a reviewer
    for_company_data: int  # imposed; without purchases and posts it would not have been


@kernel
def in_force(state):
    """How many restrictions stand on a citizen: 0, 1 or 2."""
    return int(state.list_until > 0) + int(state.score_until > 0 and state.reasons > 15)


@kernel
def bans_in_force(state, params):
    """The bans on a citizen: bits of flights, trains and visas."""
    bans = 0
    if state.list_until > 0:
        bans |= params.list_bans
    why = state.reasons >> 4
    if state.score_until > 0 and why:
        # Bans may differ by ground, as far as the file shows it: association only, or speech.
        if why == ASSOCIATION:
            bans |= params.association_bans
        else:
            bans |= params.speech_bans if why & SPEECH else params.score_bans
    return bans


@kernel
def bans_for_speech(state, params):
    """The bans that stand because of a restriction in which speech weighed, and not by the list."""
    why = state.reasons >> 4
    if state.score_until == 0 or why & SPEECH == 0 or why == ASSOCIATION:
        return 0
    return params.speech_bans & ~(params.list_bans if state.list_until > 0 else 0)


@kernel
def is_below(score, scored, params):
    """Whether a score restricts a citizen, unless a restriction stands or a ruling forbids it."""
    return params.restrict_on and scored and whole_points(score) < params.line


@kernel
def why_below(score, found, params):
    """The reasons of a score below the line: own acts, wrong records, association; speech.

    A score equal to the line is not below it.
    """
    own, line = whole_points(score.own), params.line
    why = SPEECH if found.speech > 0 and own < line else 0
    if whole_points(score.rightful) < line:
        why |= OWN_ACT
    if score.own < score.rightful and own < line:
        why |= WRONG_RECORD
    if own >= line:
        why |= ASSOCIATION
    return why


@kernel
def restrict(state, found, score, scored, judged, name, upheld, keeps, errs, today, params):
    """Today's restrictions.

    keeps, errs: a reviewer's draws; the reviewer confirms a restriction for own
    acts if `keeps`, and one for none if `errs`.
    """
    day = today.day
    list_until, score_until = state.list_until, state.score_until
    why_list, why_score = state.reasons & 15, state.reasons >> 4
    ended = 0
    wrongful = 0

    # Restrictions expire, are lifted on appeal, or end because the debt is paid.
    if list_until > 0:
        paid = (why_list & OWN_ACT) != 0 and (state.standing & IN_DEFAULT) == 0
        if day >= list_until or upheld or paid or not params.list_on:
            ended += 1
            list_until = 0
            why_list = 0
    if score_until > 0 and (day >= score_until or upheld or not params.restrict_on):
        ended += int(why_score != 0)
        score_until = 0
        why_score = 0
        if upheld and params.ruling_holds > 0:
            score_until = day + params.ruling_holds

    listed = 0
    if params.list_on and list_until == 0 and (judged or name) and not upheld:
        list_until = day + params.list_days
        why_list = BY_LIST | (OWN_ACT if judged else WRONG_RECORD)
        wrongful += int(not judged)
        listed = 1

    scored_out = 0
    by_association = 0
    for_company_data = 0
    to_review = 0
    reviewed = 0
    spared = 0
    below = is_below(score.total, scored, params)
    if below and score_until == 0 and not upheld:
        why = why_below(score, found, params)
        confirmed = True
        if params.review_on:
            reviewed = int((state.standing & REVIEW_SERVED) != 0)
            confirmed = reviewed and (keeps if why & OWN_ACT else errs)
            to_review = 1 - reviewed
        if confirmed:
            score_until = day + params.restrict_days
            why_score = why
            wrongful += int((why & OWN_ACT) == 0)
            by_association = int(why == ASSOCIATION)
            for_company_data = int(whole_points(score.elsewise) >= params.line)
            scored_out = 1
        elif reviewed:
            spared = 1
            score_until = day + params.restrict_days
    return Restrictions(
        list_until, score_until, why_list | (why_score << 4), listed, scored_out, ended,
        wrongful, by_association, to_review, reviewed, spared, for_company_data,
    )  # fmt: skip
