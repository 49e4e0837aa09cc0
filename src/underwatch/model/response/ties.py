"""Ties dissolve because of what they cost (M19): dissidents become isolated.

Every thirty days citizens review their ties. Each end of a tie may dissolve it, by
a draw of its own; the tie is closed if either does. Ties within a household do
not dissolve. A dissolved tie is not formed again.

    cost  = shame (if penalised or sanctioned) + c · α · (base − the other's score, if both scored)
    p     = dissolve · cost · prudence · looseness
"""

from underwatch.kernel.compile import kernel
from underwatch.model.scoring.scores import sixteenths
from underwatch.model.society.ties import LOCAL, NEIGHBOURS
from underwatch.model.state import FRACTION_BITS, PENALISED, SANCTIONED, SCORED, score_lane


@kernel
def cost(state, other, observed, params):
    """The cost of a contact, in 65,536ths: shame and points, from both ends' public signals."""
    shamed = (other & (PENALISED | SANCTIONED)) != 0
    total = params.shame * shamed
    if observed and (state & SCORED) and (other & SCORED):
        below = max(0, sixteenths(params.base) - score_lane(other))
        total += params.dissolve_points * (params.association * below >> 16) >> FRACTION_BITS
    return total


@kernel
def dissolves(slot, prudence, state, other, u, params):
    """Whether one end of a tie dissolves it; 0 or 1."""
    observed = params.observed_local if slot < LOCAL else params.observed_online
    spent = cost(state, other, observed, params)
    loose = params.looseness[0 if slot < NEIGHBOURS else (1 if slot < LOCAL else 2)]
    p = min(1 << 32, (spent * params.dissolve >> 16) * prudence >> 8)
    return int(u < p * loose >> 16)
