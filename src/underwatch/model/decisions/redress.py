"""Recourse (M23): notice, appeal, ruling; and the review before a restriction."""

from typing import NamedTuple

from underwatch.kernel.compile import kernel
from underwatch.model import streams
from underwatch.model.state import APPEAL, APPEAL_SERVED, OWN_ACT, REVIEW_SERVED
from underwatch.model.streams import chance


class Hearing(NamedTuple):
    """Today's rulings, which come before all other decisions; flags 0 or 1."""

    heard: int  # an appeal was heard
    upheld: int  # an appeal was upheld
    reviewer_keeps: int  # the reviewer would confirm a restriction for own acts
    reviewer_errs: int  # the reviewer would confirm a restriction for none


NOTHING_HEARD = Hearing(*(0 for _ in Hearing._fields))


class Notice(NamedTuple):
    """Whether a citizen is notified of a restriction, and appeals; flags 0 or 1."""

    notified: int
    appeals: int


NO_NOTICE = Notice(*(0 for _ in Notice._fields))


@kernel
def hear(state, today, person, params):
    """Rule on an appeal that is served today, and on a case before a reviewer."""
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
    """Notify a citizen of a new restriction; who is notified may appeal."""
    if not imposed:
        return Notice(0, 0)
    notified = int(chance(today, streams.NOTICE, person) < params.notice)
    appeals = 0
    if notified and (state.standing & APPEAL) == 0:
        appeals = int(chance(today, streams.APPEAL_FILED, person) < params.appeals)
    return Notice(notified, appeals)
