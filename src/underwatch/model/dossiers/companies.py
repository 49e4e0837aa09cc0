"""Company data (M3): what private companies hand over to the state, and what they keep.

A marketplace keeps what its customers buy. Only the marketplaces that a scenario names hand
this over. The local office reads purchases only of their customers; a tier holds only what was
handed over when a file was delivered to it, and keeps it.
"""

from underwatch.kernel.compile import kernel
from underwatch.model.dossiers.records import DISFAVOURED, FAVOURED
from underwatch.model.dossiers.tiers import LOCAL
from underwatch.model.society.people import MARKET

_PURCHASES = 1 << FAVOURED | 1 << DISFAVOURED


@kernel
def shares_purchases(memberships, params):
    """Whether a citizen's marketplace must hand purchases over; 0 or 1."""
    return params.compelled >> (memberships // MARKET & 3) & 1


@kernel
def handed_over(memberships, params):
    """The kinds of records about a citizen that may leave the local office, a bit for each."""
    return ~(_PURCHASES * (1 - shares_purchases(memberships, params)))


@kernel
def reads_purchases(memberships, params):
    """Whether the office that scores finds a citizen's purchases in the file that it reads."""
    return shares_purchases(memberships, params) | int(params.score_reads != LOCAL)
