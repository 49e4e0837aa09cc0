"""Ties dissolve and form (M19): dissidents become isolated.

Every thirty days citizens review their candidate ties outside the household, open
and closed. Each end may refuse a tie because of what it costs, by a draw of its own. A tie
that either end refuses is closed. Any other tie turns over by one draw that both ends
share: an open one ends with probability `ties_end`, a closed one opens with probability
`ties_open`, which keeps the number of ties constant where nobody refuses.

    cost    = shame (penalised or sanctioned) + c · α · (base − the other's score, if both scored)
    refusal = dissolve · cost · prudence · looseness
"""

import numpy as np

from underwatch.kernel.compile import kernel
from underwatch.kernel.random import mixed
from underwatch.model.scoring.scores import sixteenths
from underwatch.model.society.pairing import NEIGHBOURS
from underwatch.model.society.segments import LOCAL, SLOTS
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
def refusal(weighed, prudence, loose):
    """The chance that one end of a tie refuses it, of 2^32; weighed: the cost times `dissolve`."""
    return min(1 << 32, weighed * prudence >> 8) * loose >> 16


@kernel
def dissolves(slot, prudence, state, other, u, params):
    """Whether one end of a tie refuses it; 0 or 1."""
    observed = params.observed_local if slot < LOCAL else params.observed_online
    loose = params.looseness[0 if slot < NEIGHBOURS else (1 if slot < LOCAL else 2)]
    weighed = cost(state, other, observed, params) * params.dissolve >> 16
    return int(u < refusal(weighed, prudence, loose))


@kernel
def likeliest(params):
    """(weighed, loose) of the likeliest refusal, for `refusal`: of a sanctioned contact at 0."""
    below = params.association * sixteenths(max(0, params.base)) >> 16
    most = params.shame + (params.dissolve_points * below >> FRACTION_BITS)
    loose = max(params.looseness[0], params.looseness[1], params.looseness[2])
    return most * params.dissolve >> 16, loose


@kernel
def turnover_draw(month_key, i, j, slot):
    """A pair's draw of a month, 32 bits; the same from either end."""
    return np.int64(mixed(month_key, min(i, j) * SLOTS + slot) >> np.uint64(32))


@kernel
def opening(vacant, params):
    """The chance a month that a closed tie opens.

    vacant: how many candidates of either end are children. Whoever can know fewer people
    gets to know the others more readily, which keeps the number of ties nearly constant
    while people die.
    """
    return min(1 << 32, params.ties_open * (2 + vacant) >> 1)
