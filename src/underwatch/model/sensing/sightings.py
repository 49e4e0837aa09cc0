"""Stage 2, sense: sensors turn acts into sightings with a claimed identity.

What a sensor is, is its error rates. The true cause travels beside the
sighting, to the measures only.
"""

from typing import NamedTuple

from underwatch.kernel.compile import law
from underwatch.model.sensing.cameras import Caught, look
from underwatch.model.sensing.firewall import Passed, filtered
from underwatch.model.sensing.neighbours import Reported, inform
from underwatch.model.sensing.platforms import Read, read
from underwatch.model.sensing.registers import Entered, enter


class Sightings(NamedTuple):
    """What the sensors claim of this citizen today."""

    passed: Passed
    read: Read
    caught: Caught
    entered: Entered
    told: Reported
    heard: int  # contacts see the critical post: neither filtered nor removed
    disfavoured: int  # purchases, which the marketplace keeps
    favoured: int


@law
def sense(acts, me, watched, called, double, crowd, ties, people, luck, today, person, rules):
    """One citizen's sightings; `double` is whose face is most like theirs today."""
    passed = filtered(acts.speech, me, today, person, rules)
    taken = read(acts.speech, me, watched, luck, today, person, rules)
    return Sightings(
        passed,
        taken,
        look(acts, me, watched, double, people, crowd, luck, today, person, rules),
        enter(acts, me, called, today, person, rules),
        inform(acts.speech, ties, people, luck, today, person, rules),
        passed.post & (1 - taken.flagged),
        acts.disfavoured & rules.shops_record,
        acts.favoured & rules.shops_record,
    )
