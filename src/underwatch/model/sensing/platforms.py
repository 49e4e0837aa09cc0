"""Platforms and their readers (M7, M14, M17): a reader is its error rates."""

from typing import NamedTuple

from underwatch.kernel.compile import kernel
from underwatch.model import streams
from underwatch.model.society.people import POSTS
from underwatch.model.streams import chance, rare


class Read(NamedTuple):
    """What readers recorded today: counts of records."""

    unpermitted: int
    contradicting: int
    misread: int  # an ordinary post taken for an unpermitted one
    petition: int
    private: int  # of these, a private message of somebody on the watch list
    flagged: int  # the critical post was flagged, and so removed
    true_news: int  # of the flagged posts, those with true news


@kernel
def removed(read):
    """Posts that disappeared today, as their author and contacts see; 0..2."""
    return read.flagged + read.misread


@kernel
def read(speech, traits, watched, draws, today, person, params):
    """What is read of a citizen: posts and petitions, and messages if they are watched."""
    unpermitted = 0
    contradicting = 0
    petition = 0
    online = int((traits.memberships & POSTS) != 0)
    flagged = 0
    if speech.posted & online:
        flagged = int(chance(today, streams.POST_READ, person) < params.read_hit)
        contradicting = flagged & speech.contradicting
        unpermitted = flagged & (1 - speech.contradicting)
    private = 0
    if speech.messaged & watched:
        private = int(chance(today, streams.MESSAGE_READ, person) < params.messages_read)
        contradicting += private * speech.contradicting_message
        unpermitted += private * (1 - speech.contradicting_message)
    if speech.petitioned & online:
        petition = int(chance(today, streams.PETITION_READ, person) < params.petition_hit)
    p = params.read_false * (64 + traits.sociability) >> 8
    misread = online & int(rare(draws.misread, streams.MISREAD, p, today, person) < p)
    return Read(
        unpermitted, contradicting, misread, petition, private, flagged,
        flagged & speech.true_news,
    )  # fmt: skip
