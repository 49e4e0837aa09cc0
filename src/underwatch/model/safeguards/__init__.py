"""Safeguards: filters between the stages of a day.

A filter changes what a stage reads, and nothing else. It takes the parameters of a
day and a level from 0 to 1, and changes the parameters in place. At level 0 it
changes nothing. It makes no random draw, so that with and without it people have
the same draws (common random numbers).
"""

from collections.abc import Callable
from datetime import date

import numpy as np

from underwatch.model.safeguards import decisions, dossiers, scores, sightings

# In the order in which they are applied. Each: (parameters of a day, level, scenario).
FILTERS: dict[str, Callable] = {
    "coverage": sightings.coverage,
    "minimise": sightings.minimise,
    "match_threshold": sightings.match_threshold,
    "retain": dossiers.retain,
    "wall": dossiers.wall,
    "correction": dossiers.correction,
    "no_speech": scores.no_speech,
    "no_association": scores.no_association,
    "opt_out": scores.opt_out,
    "score_line": decisions.score_line,
    "review": decisions.review,
    "proportionality": decisions.proportionality,
    "notice": decisions.notice,
    "appeal": decisions.appeal,
}


def guard(r: np.ndarray, scenario, day: date) -> None:
    """Apply a scenario's safeguards, as they hold on a day, to the parameters of that day."""
    for key, apply in FILTERS.items():
        level = getattr(scenario.safeguards, key).on(day)
        if level > 0:
            apply(r, level, scenario)
