"""Recourse (M23): notice, appeal, and the hearing of it; and the reviewer before it."""

from typing import NamedTuple

from underwatch.kernel.compile import kernel
from underwatch.model import streams
from underwatch.model.state import APPEAL, APPEAL_SERVED, OWN_ACT, REVIEW_SERVED
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


@kernel
def hear(state, today, person, params):
    """An appeal that the court has called is ruled on; so is a case before a reviewer."""
    heard = int((state.standing & APPEAL_SERVED) != 0)
    upheld = 0
    if heard and state.reasons > 0:
        own = ((state.reasons | state.reasons >> 4) & OWN_ACT) != 0
        rate = params.reverse_rightful if own else params.reverse_wrongful
        upheld = int(chance(today, streams.APPEAL_RULING, person) < rate)
    keeps = 0
    errs = 0
    if state.standing & REVIEW_SERVED:
        keeps = int(chance(today, streams.REVIEW_RULING, person) < params.review_confirms)
        errs = int(chance(today, streams.REVIEW_ERROR, person) < params.review_errs)
    return Hearing(heard, upheld, keeps, errs)


@kernel
def notify(state, imposed, today, person, params):
    """Whoever is told of a fresh restriction may appeal."""
    if not imposed:
        return Notice(0, 0)
    told = int(chance(today, streams.NOTICE, person) < params.notice)
    appeals = 0
    if told and (state.standing & APPEAL) == 0:
        appeals = int(chance(today, streams.APPEAL_FILED, person) < params.appeals)
    return Notice(told, appeals)
