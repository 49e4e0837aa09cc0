"""Safeguards: filters between the stages of a day.

A filter changes what a stage reads, and nothing else: it takes the rules of a
day and a level between 0 and 1, and returns rules of the same kind. At level
nought it returns exactly what it was given, and whatever its level it draws no
luck and moves none, so that with and without it people have the same.
"""

from collections.abc import Callable
from datetime import date

import numpy as np

from underwatch.model.safeguards import decisions, dossiers, scores, sightings

# In the order in which they are applied. Each: (rules of a day, level, scenario).
FILTERS: dict[str, Callable] = {
    "coverage": sightings.coverage,
    "minimise": sightings.minimise,
    "threshold": sightings.threshold,
    "retain": dossiers.retain,
    "wall": dossiers.wall,
    "correction": dossiers.correction,
    "no_speech": scores.no_speech,
    "no_association": scores.no_association,
    "opt_out": scores.opt_out,
    "review": decisions.review,
    "proportionality": decisions.proportionality,
    "notice": decisions.notice,
    "appeal": decisions.appeal,
}


def guard(r: np.ndarray, scenario, day: date) -> None:
    """Apply a scenario's safeguards, as they hold on a day, to the rules of that day."""
    for key, apply in FILTERS.items():
        level = getattr(scenario.safeguards, key).on(day)
        if level > 0:
            apply(r, level, scenario)
