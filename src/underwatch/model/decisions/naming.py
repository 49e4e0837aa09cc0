"""Public naming and the employer's notice (M13).

A person whom a camera claims to have caught may be named in the local media, and
the employer may be notified. A notified employer may dismiss the employee. The
claim may be wrong: the person in the file is named.
"""

from typing import NamedTuple

from underwatch.kernel.compile import kernel
from underwatch.model import streams
from underwatch.model.state import DISMISSED
from underwatch.model.streams import chance


class Naming(NamedTuple):
    """Flags 0 or 1."""

    named: int
    wrongly: int  # for another person's act
    dismissed: int


NOBODY_NAMED = Naming(*(0 for _ in Naming._fields))


@kernel
def name_in_public(state, caught, mistaken, listed, judged, today, person, params):
    """Whether the claim of an offence, or a new listing, is made public.

    caught, judged: for own acts; mistaken: another person's face was taken for theirs.
    """
    p = max(params.named * (caught | mistaken), params.named_listed * listed)
    if p == 0 or chance(today, streams.NAMING, person) >= p:
        return Naming(0, 0, 0)
    notified = chance(today, streams.EMPLOYER, person) < params.employers_notified
    employed = (state.standing & DISMISSED) == 0
    dismissed = (
        notified and employed and chance(today, streams.DISMISSAL, person) < params.dismissals
    )
    own = caught | (listed & judged)
    return Naming(1, 1 - own, int(dismissed))
