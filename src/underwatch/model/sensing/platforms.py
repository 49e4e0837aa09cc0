"""Platforms and those who read there (M7, M14, M17): a reader is its error rates."""

from typing import NamedTuple

from underwatch.kernel.compile import law
from underwatch.model import streams as draws
from underwatch.model.society.people import POSTS
from underwatch.model.streams import chance, turned


class Read(NamedTuple):
    """What was read today: counts of records."""

    unpermitted: int
    contradicting: int
    misread: int  # an ordinary post taken for an unpermitted one
    petition: int
    private: int  # of these, a private message of somebody on the watch list
    flagged: int  # the critical post was flagged, and so removed
    true_news: int  # of the flagged posts, those that told true news


@law
def removed(read):
    """Posts that disappeared today, as their author and contacts see; 0..2."""
    return read.flagged + read.misread


@law
def read(speech, me, watched, luck, today, person, rules):
    """Posts and petitions by the platforms' reader; messages only of those on the watch list."""
    unpermitted = 0
    contradicting = 0
    petition = 0
    online = int((me.memberships & POSTS) != 0)
    flagged = 0
    if speech.posted & online:
        flagged = int(chance(today, draws.POST_READ, person) < rules.read_hit)
        contradicting = flagged & speech.contradicting
        unpermitted = flagged & (1 - speech.contradicting)
    private = 0
    if speech.messaged & watched:
        private = int(chance(today, draws.MESSAGE_READ, person) < rules.messages_read)
        contradicting += private * speech.contradicting_message
        unpermitted += private * (1 - speech.contradicting_message)
    if speech.petitioned & online:
        petition = int(chance(today, draws.PETITION_READ, person) < rules.petition_hit)
    p = rules.read_false * (64 + me.sociability) >> 8
    misread = online & int(turned(luck.rare, draws.MISREAD) < p)
    return Read(
        unpermitted, contradicting, misread, petition, private, flagged,
        flagged & speech.true_news,
    )  # fmt: skip
