"""Recourse (M23): notice, appeal, and the hearing of it; and the reviewer before it."""

from typing import NamedTuple

from underwatch.kernel.compile import law
from underwatch.model import streams as draws
from underwatch.model.state import APPEAL, APPEAL_CALLED, OWN_ACT, REVIEW_CALLED
from underwatch.model.streams import chance


class Hearing(NamedTuple):
    """What was ruled today, before anything else is decided; flags 0 or 1."""

    heard: int  # an appeal was heard …
    upheld: int  # … and upheld
    reviewer_keeps: int  # a reviewer who was called confirms what rests on own acts …
    reviewer_errs: int  # … or what rests on none


class Notice(NamedTuple):
    """Whether a citizen is told of a restriction, and appeals; flags 0 or 1."""

    told: int
    appeals: int


@law
def hear(mine, today, person, rules):
    """An appeal that the court has called is ruled on; so is a case before a reviewer."""
    heard = int((mine.standing & APPEAL_CALLED) != 0)
    upheld = 0
    if heard and mine.reasons > 0:
        own = ((mine.reasons | mine.reasons >> 4) & OWN_ACT) != 0
        rate = rules.reverse_rightful if own else rules.reverse_wrongful
        upheld = int(chance(today, draws.APPEAL_RULING, person) < rate)
    keeps = 0
    errs = 0
    if mine.standing & REVIEW_CALLED:
        keeps = int(chance(today, draws.REVIEW_RULING, person) < rules.review_confirms)
        errs = int(chance(today, draws.REVIEW_ERROR, person) < rules.review_errs)
    return Hearing(heard, upheld, keeps, errs)


@law
def notify(mine, imposed, today, person, rules):
    """Whoever is told of a fresh restriction may appeal."""
    if not imposed:
        return Notice(0, 0)
    told = int(chance(today, draws.NOTICE, person) < rules.notice)
    appeals = 0
    if told and (mine.standing & APPEAL) == 0:
        appeals = int(chance(today, draws.APPEAL_FILED, person) < rules.appeals)
    return Notice(told, appeals)
