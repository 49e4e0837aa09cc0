"""Stage 5, decide: thresholds and lists become restrictions, with their reasons.

Every restriction has an end and reason bits, so that "wrongful" and "only by
association" are read off it and not guessed.
"""

from typing import NamedTuple

from underwatch import draws
from underwatch.draws import chance
from underwatch.engine.law import law
from underwatch.response.state import (
    APPEAL,
    APPEAL_CALLED,
    ASSOCIATION,
    BY_LIST,
    IN_DEFAULT,
    OWN_ACT,
    WRONG_RECORD,
)

FLIGHT_BAN, TRAIN_BAN, VISA_BAN = 1, 2, 4


class Decisions(NamedTuple):
    """What the system decided today; flags 0 or 1 unless said otherwise."""

    list_until: int  # day; 0 = not listed
    score_until: int  # day; 0 = none
    reasons: int
    imposed: int  # restrictions, 0..2
    listed: int  # one of them is a listing
    ended: int  # 0..2
    wrongful: int  # imposed without a true cause of the citizen's own, 0..2
    by_association: int  # imposed for the company alone
    for_speech: int  # a restriction in which records of posts weighed
    heard: int  # an appeal was heard …
    reversed: int  # … and upheld
    files_appeal: int
    dispatched: int  # police are to call
    privileged: int  # today's score opens the fast lane


@law
def decide(mine, file, score, scored, seen, name, today, person, rules):
    """Today's decisions from the file, the score and the lists."""
    day = today.day
    list_until, score_until = mine.list_until, mine.score_until
    why_list, why_score = mine.reasons & 15, mine.reasons >> 4
    imposed = 0
    ended = 0
    wrongful = 0
    by_association = 0

    # An appeal that the court has called is ruled on first.
    heard = int((mine.standing & APPEAL_CALLED) != 0)
    upheld = 0
    if heard and (list_until > 0 or score_until > 0):
        own = ((why_list | why_score) & OWN_ACT) != 0
        rate = rules.reverse_rightful if own else rules.reverse_wrongful
        upheld = int(chance(today, draws.APPEAL_RULING, person) < rate)

    # Restrictions run out, are lifted, or end because the debt is paid.
    if list_until > 0:
        paid = (why_list & OWN_ACT) != 0 and (mine.standing & IN_DEFAULT) == 0
        if day >= list_until or upheld or paid or not rules.list_on:
            ended += 1
            list_until = 0
            why_list = 0
    if score_until > 0 and (day >= score_until or upheld or not rules.restrict_on):
        ended += 1
        score_until = 0
        why_score = 0

    fresh_list = 0
    if rules.list_on and list_until == 0 and (seen.judged or name) and not upheld:
        list_until = day + rules.list_days
        why_list = BY_LIST | (OWN_ACT if seen.judged else WRONG_RECORD)
        wrongful += int(not seen.judged)
        fresh_list = 1
    fresh_score = 0
    if rules.restrict_on and scored and score_until == 0 and not upheld:
        if score.total < rules.line:
            score_until = day + rules.restrict_days
            why_score = 0
            if score.rightful < rules.line:
                why_score |= OWN_ACT
            if score.own < score.rightful and score.own < rules.line:
                why_score |= WRONG_RECORD
            if score.own >= rules.line:
                why_score |= ASSOCIATION
            wrongful += int((why_score & OWN_ACT) == 0)
            by_association = int(why_score == ASSOCIATION)
            fresh_score = 1
    imposed = fresh_list + fresh_score
    for_speech = int(fresh_score and file.unpermitted + file.contradicting > 0)

    files = 0
    if imposed and (mine.standing & APPEAL) == 0:
        if chance(today, draws.NOTICE, person) < rules.notice:
            files = int(chance(today, draws.APPEAL_FILED, person) < rules.appeals)
    watched_post = seen.contradicting and rules.visit_speech
    return Decisions(
        list_until, score_until, why_list | (why_score << 4), imposed, fresh_list, ended, wrongful,
        by_association, for_speech, heard, upheld, files,
        int(seen.alerted or watched_post or (seen.serious and rules.visit_serious)),
        int(scored and 0 < rules.privilege_line <= score.total),
    )  # fmt: skip
