"""Safeguards: filters between the stages of a day.

A filter changes what a stage reads, and nothing else: it takes the rules of a
day and a level between 0 and 1, and returns rules of the same kind. At level
nought it returns exactly what it was given, and whatever its level it draws no
luck and moves none, so that with and without it people have the same.
"""

import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import numpy as np

from underwatch.safeguards import decisions, files, scores, sightings

TABLE = Path(__file__).parent.parent / "data" / "safeguards.toml"

# In the order in which they are applied. Each: (rules of a day, level, scenario).
FILTERS: dict[str, Callable] = {
    "coverage": sightings.coverage,
    "minimise": sightings.minimise,
    "threshold": sightings.threshold,
    "retain": files.retain,
    "wall": files.wall,
    "correction": files.correction,
    "no_speech": scores.no_speech,
    "no_association": scores.no_association,
    "opt_out": scores.opt_out,
    "review": decisions.review,
    "proportionality": decisions.proportionality,
    "notice": decisions.notice,
    "appeal": decisions.appeal,
}


@dataclass(frozen=True)
class Safeguard:
    """One safeguard as it is told: `between` which stages, what its `level` means, which `law`."""

    key: str
    name: str
    between: str
    level: str
    law: str

    @property
    def scenario(self) -> str:
        """The shipped scenario in which it stands alone, at level 1, in the default system."""
        return f"safeguard-{self.key.replace('_', '-')}"


@cache
def safeguards() -> tuple[Safeguard, ...]:
    """All of them, in the order of the table."""
    table = tomllib.loads(TABLE.read_text("utf-8"))
    return tuple(Safeguard(key, **told) for key, told in table.items())


def guard(r: np.ndarray, scenario, day: date) -> None:
    """Apply a scenario's safeguards, as they hold on a day, to the rules of that day."""
    for key, apply in FILTERS.items():
        level = getattr(scenario.safeguards, key).on(day)
        if level > 0:
            apply(r, level, scenario)
