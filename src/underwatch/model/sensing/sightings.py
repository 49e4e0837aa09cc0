"""Stage 2, sense: sensors turn acts into sightings with a claimed identity.

A sensor is its error rates. The true cause travels beside the sighting, for the
measures only.
"""

from typing import NamedTuple

from underwatch.kernel.compile import kernel
from underwatch.model.reasons import BY_DEBT, BY_OTHER, BY_WRITING
from underwatch.model.sensing.cameras import NOBODY_CAUGHT, Caught, capture
from underwatch.model.sensing.firewall import NOTHING_PASSED, Passed, filtered
from underwatch.model.sensing.neighbours import NOTHING_REPORTED, Reported, inform
from underwatch.model.sensing.platforms import NOTHING_READ, Read, read
from underwatch.model.sensing.registers import NOTHING_ENTERED, Entered, enter


class Sightings(NamedTuple):
    """What the sensors claim about a citizen today."""

    passed: Passed
    read: Read
    caught: Caught
    entered: Entered
    reported: Reported
    heard: int  # contacts see the critical post: it was neither filtered nor removed
    disfavoured: int  # purchases that the marketplace records
    favoured: int


@kernel
def sense(
    acts, traits, watched, standing, lookalike, crowd, waits, people, draws, reasons, today, person,
    params,
):  # fmt: skip
    """One citizen's sightings.

    lookalike: the citizen for whom a camera may take them today. waits: what the platform held
    back until this morning, bits. reasons: for which the citizen may be active; without one,
    sensors claim nothing.
    """
    passed, taken, reported = NOTHING_PASSED, NOTHING_READ, NOTHING_REPORTED
    if reasons & (BY_WRITING | BY_OTHER):
        passed = filtered(acts.speech, traits, today, person, params)
        taken = read(acts.speech, traits, watched, waits, draws, today, person, params)
        reported = inform(acts.speech, people, draws, today, person, params)
    caught = NOBODY_CAUGHT
    if reasons & BY_OTHER or acts.minor & acts.watched:
        caught = capture(
            acts, traits, watched, lookalike, people, crowd, draws, today, person, params
        )
    entered = NOTHING_ENTERED
    if reasons & (BY_DEBT | BY_OTHER):
        entered = enter(acts, traits, standing, today, person, params)
    return Sightings(
        passed,
        taken,
        caught,
        entered,
        reported,
        passed.post & (1 - taken.flagged),
        acts.disfavoured & params.shops_record,
        acts.favoured & params.shops_record,
    )
