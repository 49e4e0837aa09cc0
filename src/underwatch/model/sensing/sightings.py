"""Stage 2, sense: sensors turn acts into sightings with a claimed identity.

A sensor is its error rates. The true cause travels beside the sighting, for the
measures only.
"""

from typing import NamedTuple

from underwatch.kernel.compile import kernel
from underwatch.model.sensing.cameras import Caught, capture
from underwatch.model.sensing.firewall import Passed, filtered
from underwatch.model.sensing.neighbours import Reported, inform
from underwatch.model.sensing.platforms import Read, read
from underwatch.model.sensing.registers import Entered, enter


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
    acts, traits, watched, standing, lookalike, crowd, waits, people, draws, today, person, params
):
    """One citizen's sightings.

    lookalike: the citizen for whom a camera may take them today. waits: what the platform held
    back until this morning, bits.
    """
    passed = filtered(acts.speech, traits, today, person, params)
    taken = read(acts.speech, traits, watched, waits, draws, today, person, params)
    return Sightings(
        passed,
        taken,
        capture(acts, traits, watched, lookalike, people, crowd, draws, today, person, params),
        enter(acts, traits, standing, today, person, params),
        inform(acts.speech, people, draws, today, person, params),
        passed.post & (1 - taken.flagged),
        acts.disfavoured & params.shops_record,
        acts.favoured & params.shops_record,
    )
