"""Platforms and their readers (M7, M14, M17): a reader is its error rates.

A platform removes what its reader flags. Only what it hands over to the state (M3) is entered
in a file: posts, petitions, and messages of people on the watch list, each from its own date.
"""

from typing import NamedTuple

from underwatch.kernel.compile import kernel
from underwatch.model import streams
from underwatch.model.society.people import POSTS
from underwatch.model.streams import chance, happens


class Read(NamedTuple):
    """What readers recorded today: counts of records."""

    unpermitted: int
    contradicting: int
    misread: int  # an ordinary post entered as an unpermitted one
    petition: int
    private: int  # of these, a private message of somebody on the watch list
    flagged: int  # the critical post was flagged, and so removed
    true_news: int  # of the flagged posts, those with true news
    misflagged: int  # an ordinary post was flagged, and so removed


@kernel
def removed(read):
    """Posts that disappeared today, as their author sees; 0..2."""
    return read.flagged + read.misflagged


@kernel
def vanished(read, passed):
    """Posts that contacts saw disappear today; they never saw what the firewall hid. 0..2."""
    return read.flagged * passed.post + read.misflagged


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
        entered = flagged & params.posts_handed
        contradicting = entered & speech.contradicting
        unpermitted = entered & (1 - speech.contradicting)
    private = 0
    if speech.messaged & watched & params.messages_handed:
        private = int(chance(today, streams.MESSAGE_READ, person) < params.messages_read)
        contradicting += private * speech.contradicting_message
        unpermitted += private * (1 - speech.contradicting_message)
    if speech.petitioned & online & params.petitions_handed:
        petition = int(chance(today, streams.PETITION_READ, person) < params.petition_hit)
    p = params.read_false * (64 + traits.sociability) >> 8
    misflagged = online & int(happens(draws.misread, streams.MISREAD, p, today, person))
    return Read(
        unpermitted, contradicting, misflagged & params.posts_handed, petition, private, flagged,
        flagged & speech.true_news, misflagged,
    )  # fmt: skip
