"""Registers of banks, courts, the police and good deeds (M2, M9): incomplete and mistyped."""

from typing import NamedTuple

from underwatch.kernel.compile import kernel
from underwatch.model import streams
from underwatch.model.state import COURT_SERVED
from underwatch.model.streams import chance


class Entered(NamedTuple):
    """What registers enter today; flags 0 or 1."""

    late: int
    repaid: int
    serious: int
    good: int
    judged: int  # the court's judgement was entered under the right name
    mistaken_name: int  # today's judgement was entered under the lookalike's name


NOTHING_ENTERED = Entered(*(0 for _ in Entered._fields))


@kernel
def enter(acts, traits, standing, today, person, params):
    """One citizen's entries; `standing` is that of the morning, which says whom courts served."""
    reported = False
    if acts.due:
        reported = chance(today, streams.INSTALMENT_REPORTED, person) < params.instalments_reported
    serious = False
    if acts.serious:
        serious = chance(today, streams.SERIOUS_SEEN, person) < params.serious_cleared[traits.place]
    good = False
    if acts.good:
        good = chance(today, streams.GOOD_DEED_SEEN, person) < params.good_seen
    judged = 0
    mistaken = 0
    if standing & COURT_SERVED:
        if chance(today, streams.REGISTER_MISSED, person) >= params.register_missed:
            u = chance(today, streams.REGISTER_MISTYPED, person)
            mistaken = int(u < params.register_mistyped)
            judged = 1 - mistaken
    return Entered(
        int(reported) & (1 - acts.kept), int(reported) & acts.kept, int(serious), int(good),
        judged, mistaken,
    )  # fmt: skip
