"""Company data (M3): what private companies hand over to the state, and what they keep.

A marketplace keeps what its customers buy. Some hand this over, under compulsion or contract,
from a date of their own, each at an interval of its own. A delivery brings the local office's
counts of purchases to those of the marketplace (handed.py), and may link purchases of another
customer of the same name. The office delivers to the tiers what it has. What platforms hand over
is decided where it is read (sensing/platforms.py).
"""

from typing import NamedTuple

from underwatch.kernel.compile import kernel
from underwatch.model.dossiers.handed import PURCHASES, WAITING, packed
from underwatch.model.dossiers.linkage import linked_records
from underwatch.model.dossiers.records import (
    CONTRADICTING,
    DISFAVOURED,
    FAVOURED,
    UNPERMITTED,
    count,
    records,
)
from underwatch.model.dossiers.tiers import LOCAL, files_of, read_at
from underwatch.model.society.people import BLOCK, MARKET, MARKETS
from underwatch.model.streams import delivers_today

_MARKET_BIT = MARKET.bit_length() - 1
_THEIRS = PURCHASES | 15 << 4 * UNPERMITTED | 15 << 4 * CONTRADICTING


class Held(NamedTuple):
    """Records that the state may read, in the file that its score reads."""

    records: int
    from_companies: int  # of these, purchases and posts


@kernel
def market_of(memberships):
    """The number of a citizen's marketplace, from 0."""
    return memberships >> _MARKET_BIT & 3


@kernel
def shares_purchases(memberships, params):
    """Whether a citizen's marketplace hands purchases over; 0 or 1."""
    return params.compelled >> market_of(memberships) & 1


@kernel
def marketplaces_deliver(block, day, params):
    """Whether a marketplace delivers to a neighbourhood's office today."""
    found = False
    for market in range(MARKETS):
        if params.compelled >> market & 1:
            found |= delivers_today(block, params.market_every[market], day)
    return found


@kernel
def sold_by(file, theirs, memberships):
    """Another person's file as the citizen's marketplace knows it; theirs: memberships of both.

    The purchases of a customer of another marketplace are not in it.
    """
    return file if market_of(theirs) == market_of(memberships) else file & ~PURCHASES


@kernel
def hand_over(handed, file, others, memberships, today, person, params):
    """What the local office has been handed, after today's delivery of the citizen's marketplace.

    file: the citizen's own, of the evening before. others: that of the lookalike by name, as the
    marketplace knows it.
    """
    market = market_of(memberships)
    if not params.compelled >> market & 1:
        return handed
    if not delivers_today(person // BLOCK, params.market_every[market], today.day):
        return handed
    wrong = linked_records(others & PURCHASES, LOCAL, params.mislinked, today, person)
    good, bad = min(3, count(wrong, FAVOURED)), min(3, count(wrong, DISFAVOURED))
    counts = packed(count(file, FAVOURED) + good, count(file, DISFAVOURED) + bad, good, bad)
    return counts | handed & WAITING


@kernel
def held(state, visible, params):
    """How many records the state may read about a citizen, and how many come from companies.

    visible: the bits of a file that the score may read (records.bits_of).
    """
    file = read_at(params.score_reads, files_of(state)) & visible
    return Held(records(file), records(file & _THEIRS))
