"""The Great Firewall (M6): what is filtered, and who evades it.

What is not seen moves no opinion, brings nobody to a protest, and warns nobody: contacts
who never saw a post or a petition do not see it vanish, and news of a penalty that is
suppressed raises no perceived risk (response/overnight.py). A filter is its probabilities.
"""

from typing import NamedTuple

from underwatch.kernel.compile import kernel
from underwatch.model import streams
from underwatch.model.society.people import EVADES
from underwatch.model.streams import chance


class Passed(NamedTuple):
    """What passed the filters today; flags 0 or 1."""

    post: int  # the critical post passes; contacts hear it unless a reader removes it
    petition: int  # contacts see the signature
    protest: int  # contacts hear of the protest
    foreign: int  # the foreign site was reached
    evasion: int  # the evasion of the firewall was seen


NOTHING_PASSED = Passed(*(0 for _ in Passed._fields))


@kernel
def filtered(speech, traits, today, person, params):
    """Which of a day's acts of expression pass the firewall."""
    post = int(
        speech.posted and chance(today, streams.POST_FILTERED, person) >= params.post_filtered
    )
    petition = int(
        speech.petitioned
        and chance(today, streams.PETITION_FILTERED, person) >= params.post_filtered
    )
    protest = int(
        speech.protested
        and chance(today, streams.PROTEST_FILTERED, person) >= params.protest_filtered
    )
    foreign = 0
    evasion = 0
    if speech.foreign_visit:
        stopped = chance(today, streams.FOREIGN_BLOCKED, person) < params.foreign_blocked
        evades = stopped and (traits.memberships & EVADES) != 0
        foreign = int(evades or not stopped)
        evasion = int(evades and chance(today, streams.FOREIGN_SEEN, person) < params.evasion_seen)
    return Passed(post, petition, protest, foreign, evasion)
