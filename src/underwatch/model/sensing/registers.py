"""Banks, courts, the police register and good deeds (M2, M9): late, incomplete, mistyped."""

from typing import NamedTuple

from underwatch.kernel.compile import law
from underwatch.model import streams as draws
from underwatch.model.state import COURT_CALLED
from underwatch.model.streams import chance


class Entered(NamedTuple):
    """What registers enter today; flags 0 or 1."""

    late: int
    repaid: int
    serious: int
    good: int
    judged: int  # the court's judgement entered
    mistaken_name: int  # today's judgement was entered under the double's name


@law
def enter(acts, me, called, today, person, rules):
    """One citizen's entries; `called` is the standing that this morning's courts know."""
    reported = False
    if acts.due:
        reported = chance(today, draws.INSTALMENT_REPORTED, person) < rules.instalments_reported
    serious = False
    if acts.serious:
        serious = chance(today, draws.SERIOUS_SEEN, person) < rules.serious_cleared[me.place]
    good = False
    if acts.good:
        good = chance(today, draws.GOOD_DEED_SEEN, person) < rules.good_seen
    judged = 0
    mistaken = 0
    if called & COURT_CALLED:
        if chance(today, draws.REGISTER_MISSED, person) >= rules.register_missed:
            u = chance(today, draws.REGISTER_MISTYPED, person)
            mistaken = int(u < rules.register_mistyped)
            judged = 1 - mistaken
    return Entered(
        int(reported) & (1 - acts.kept), int(reported) & acts.kept, int(serious), int(good),
        judged, mistaken,
    )  # fmt: skip
