"""Platforms and their readers (M7, M14, M17): a reader is its error rates.

A platform removes what its reader flags. Only what it hands over to the state (M3) is entered
in a file: posts, petitions, and messages of people on the watch list. Each platform has a date
from which it does, and an interval at which it delivers posts and petitions to the office of a
neighbourhood; what is flagged in between waits, at most one record of each kind. The police read
messages themselves, at once.
"""

from typing import NamedTuple

from underwatch.kernel.compile import kernel
from underwatch.model import streams
from underwatch.model.society.people import BLOCK, PLATFORM, POSTS
from underwatch.model.streams import chance, delivers_today, happens

# Bits: what was flagged and waits for the platform's next delivery.
UNPERMITTED_WAITS, CONTRADICTING_WAITS, MISREAD_WAITS, PETITION_WAITS = (1 << k for k in range(4))


class Read(NamedTuple):
    """What readers recorded today, and platforms handed over: counts of records."""

    unpermitted: int
    contradicting: int
    misread: int  # an ordinary post entered as an unpermitted one
    petition: int
    private: int  # of these, a private message of somebody on the watch list
    flagged: int  # the critical post was flagged, and so removed
    true_news: int  # of the flagged posts, those with true news
    misflagged: int  # an ordinary post was flagged, and so removed
    waits: int  # bits above: flagged records that the platform has yet to hand over


NOTHING_READ = Read(*(0 for _ in Read._fields))


@kernel
def removed(read):
    """Posts that disappeared today, as their author sees; 0..2."""
    return read.flagged + read.misflagged


@kernel
def vanished(read, passed):
    """Posts that contacts saw disappear today; they never saw what the firewall hid. 0..2."""
    return read.flagged * passed.post + read.misflagged


@kernel
def read(speech, traits, watched, waits, draws, today, person, params):
    """What is read of a citizen: posts and petitions, and messages if they are watched.

    waits: bits, flagged records that the platform held back until this morning.
    """
    unpermitted = 0
    contradicting = 0
    petition = 0
    online = int((traits.memberships & POSTS) != 0)
    platform = traits.memberships // PLATFORM & 3
    posts_handed = params.posts_handed >> platform & 1
    flagged = 0
    if speech.posted & online:
        flagged = int(chance(today, streams.POST_READ, person) < params.read_hit)
        entered = flagged & posts_handed
        contradicting = entered & speech.contradicting
        unpermitted = entered & (1 - speech.contradicting)
    private = 0
    if speech.messaged & watched & (params.messages_handed >> platform & 1):
        private = int(chance(today, streams.MESSAGE_READ, person) < params.messages_read)
    if speech.petitioned & online & (params.petitions_handed >> platform & 1):
        petition = int(chance(today, streams.PETITION_READ, person) < params.petition_hit)
    p = params.read_false * (64 + traits.sociability) >> 8
    misflagged = online & int(happens(draws.misread, streams.MISREAD, p, today, person))
    misread = misflagged & posts_handed
    if not unpermitted | contradicting | misread | petition | waits:
        pass  # nothing to hand over or to hold back
    elif delivers_today(person // BLOCK, params.platform_every[platform], today.day):
        unpermitted += int((waits & UNPERMITTED_WAITS) != 0)
        contradicting += int((waits & CONTRADICTING_WAITS) != 0)
        misread += int((waits & MISREAD_WAITS) != 0)
        petition += int((waits & PETITION_WAITS) != 0)
        waits = 0
    else:
        waits |= (
            UNPERMITTED_WAITS * unpermitted | CONTRADICTING_WAITS * contradicting
            | MISREAD_WAITS * misread | PETITION_WAITS * petition
        )  # fmt: skip
        unpermitted, contradicting, misread, petition = 0, 0, 0, 0
    return Read(
        unpermitted + private * (1 - speech.contradicting_message),
        contradicting + private * speech.contradicting_message,
        misread, petition, private, flagged, flagged & speech.true_news, misflagged, waits,
    )  # fmt: skip
