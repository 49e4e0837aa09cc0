"""Between fuse and score: records that do not count, and people who are not scored."""

import numpy as np

from underwatch.model.safeguards.dossiers import withheld
from underwatch.model.safeguards.sightings import scaled

_SPEECH = ("unpermitted", "contradicting", "assembly", "evasion")


def no_speech(r, level, scenario):
    """Posts, assembly and evasion have fewer points, and cause fewer visits and less watching."""
    withheld(r, _SPEECH, level)
    scaled(r, ("visit_speech", "visit_assembly", "messages_read"), 1 - level)
    # The watch list requires more posts; at level 1 posts put nobody on it.
    r["watch_line"] = 0 if level >= 1 else np.ceil(r["watch_line"] / (1 - level))


def no_association(r, level, scenario):
    """The contacts' scores count less."""
    scaled(r, ("association",), 1 - level)


def opt_out(r, level, scenario):
    """A share of citizens has opted out of the state's score."""
    r["opted_out"] = round(level * 2**32)
