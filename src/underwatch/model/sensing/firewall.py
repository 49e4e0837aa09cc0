"""The Great Firewall (M6): what is filtered on its way, and who gets round it.

What is not seen cannot move an opinion or bring others into the street. Of
news that is hushed fewer learn, and it costs less support; fear of what befalls
one's own contacts passes all the same (response/overnight.py). A filter is its
probabilities.
"""

from typing import NamedTuple

from underwatch.kernel.compile import kernel
from underwatch.model import streams
from underwatch.model.society.people import EVADES
from underwatch.model.streams import chance


class Passed(NamedTuple):
    """What came through today; flags 0 or 1."""

    post: int  # the critical post passes; contacts hear it unless a reader removes it
    protest: int  # contacts hear of the protest
    abroad: int  # the foreign source was reached
    evasion: int  # … and getting round the wall was seen


@kernel
def filtered(speech, traits, today, person, params):
    """What passes the wall of a day's expression."""
    post = int(
        speech.posted and chance(today, streams.POST_FILTERED, person) >= params.post_filtered
    )
    protest = int(
        speech.protested
        and chance(today, streams.PROTEST_FILTERED, person) >= params.protest_filtered
    )
    abroad = 0
    evasion = 0
    if speech.foreign_visit:
        stopped = chance(today, streams.FOREIGN_BLOCKED, person) < params.foreign_blocked
        round_it = stopped and (traits.memberships & EVADES) != 0
        abroad = int(round_it or not stopped)
        evasion = int(
            round_it and chance(today, streams.FOREIGN_SEEN, person) < params.evasion_seen
        )
    return Passed(post, protest, abroad, evasion)
