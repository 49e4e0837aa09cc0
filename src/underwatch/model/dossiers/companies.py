"""Company data (M3): what private companies hand over to the state, and what they keep.

A marketplace keeps what its customers buy. Some hand this over, under compulsion or contract,
from a date of their own. The local office reads purchases only of their customers; a tier holds
only what was handed over when a file was delivered to it, and keeps it. What platforms hand
over is decided where it is read (sensing/platforms.py).
"""

from typing import NamedTuple

from underwatch.kernel.compile import kernel
from underwatch.model.dossiers.records import (
    CONTRADICTING,
    DISFAVOURED,
    FAVOURED,
    UNPERMITTED,
)
from underwatch.model.dossiers.tiers import LOCAL, file_at, files_of, seen
from underwatch.model.society.people import MARKET


class Held(NamedTuple):
    """Records that the state may read, in the file that its score reads."""

    records: int
    from_companies: int  # of these, purchases and posts


_PURCHASES = 1 << FAVOURED | 1 << DISFAVOURED


@kernel
def shares_purchases(memberships, params):
    """Whether a citizen's marketplace hands purchases over; 0 or 1."""
    return params.compelled >> (memberships // MARKET & 3) & 1


@kernel
def handed_over(memberships, params):
    """The kinds of records about a citizen that may leave the local office, a bit for each."""
    return ~(_PURCHASES * (1 - shares_purchases(memberships, params)))


@kernel
def reads_purchases(memberships, params):
    """Whether the office that scores finds a citizen's purchases in the file that it reads."""
    return shares_purchases(memberships, params) | int(params.score_reads != LOCAL)


@kernel
def held(state, memberships, params):
    """How many records the state may read about a citizen, and how many come from companies."""
    file = file_at(params.score_reads, files_of(state))
    bought = reads_purchases(memberships, params)
    theirs = (
        bought * (seen(file, FAVOURED, params.sees) + seen(file, DISFAVOURED, params.sees))
        + seen(file, UNPERMITTED, params.sees)
        + seen(file, CONTRADICTING, params.sees)
    )
    every = theirs
    for kind in range(12):
        if kind not in (FAVOURED, DISFAVOURED, UNPERMITTED, CONTRADICTING):
            every += seen(file, kind, params.sees)
    return Held(every, theirs)
