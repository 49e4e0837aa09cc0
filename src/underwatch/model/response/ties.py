"""Ties let go because of what they cost (M19): dissidents become pariahs.

Once in thirty days everyone looks at their ties. Each end of a tie may let it
go, by a draw of its own; it is closed if either did. Households cool and stay.
A tie let go stays let go.

    cost  = shame (if penalised or named) + c · α · (base − the other's score, if both are scored)
    p     = release · cost · prudence · looseness
"""

from underwatch.kernel.compile import law
from underwatch.model.society.ties import LOCAL, NEIGHBOURS
from underwatch.model.state import NAMED, PENALISED, SCORED, score_lane


@law
def cost(mine, other, observed, rules):
    """What a contact costs, in 65,536ths of all: shame and points; from both ends' words."""
    shamed = (other & (PENALISED | NAMED)) != 0
    total = rules.shame * shamed
    if observed and (mine & SCORED) and (other & SCORED):
        lost = rules.association * max(0, rules.base - score_lane(other)) >> 16
        total += rules.release_points * lost
    return total


@law
def lets_go(slot, prudence, mine, other, u, rules):
    """Whether one end of a tie lets it go."""
    observed = rules.observed_local if slot < LOCAL else rules.observed_online
    spent = cost(mine, other, observed, rules)
    loose = rules.looseness[0 if slot < NEIGHBOURS else (1 if slot < LOCAL else 2)]
    p = min(1 << 32, (spent * rules.release >> 16) * prudence >> 8)
    return int(u < p * loose >> 16)
