"""Public naming and the employer's notice (M13).

Whoever a camera claims to have caught may be named in the local media, and
their employer told; an employer who is told may dismiss. The claim may be
wrong: the person named is whoever the file says it was.
"""

from typing import NamedTuple

from underwatch.kernel.compile import law
from underwatch.model import streams as draws
from underwatch.model.state import DISMISSED
from underwatch.model.streams import chance


class Naming(NamedTuple):
    """Flags 0 or 1."""

    named: int
    wrongly: int  # for another's act
    dismissed: int


@law
def name_in_public(mine, caught, mistaken, listed, judged, today, person, rules):
    """Whether the claim of an offence, or a fresh listing, is made public.

    caught, judged: for own acts; mistaken: another's face was taken for theirs.
    """
    p = max(rules.named * (caught | mistaken), rules.named_listed * listed)
    if p == 0 or chance(today, draws.NAMING, person) >= p:
        return Naming(0, 0, 0)
    told = chance(today, draws.EMPLOYER, person) < rules.employers_told
    employed = (mine.standing & DISMISSED) == 0
    dismissed = told and employed and chance(today, draws.DISMISSAL, person) < rules.dismissals
    own = caught | (listed & judged)
    return Naming(1, 1 - own, int(dismissed))
