"""Between fuse and score: storage limits, a wall to company data, correction of errors."""

import numpy as np

from underwatch.model.dossiers.records import KINDS, SOURCES

WEEK = 7
FOR_EVER = 20_000  # days; the half-life in place of none
_COMPANIES = ("marketplaces", "platforms", "banks")
_THEIRS = tuple(  # the kinds that companies alone record
    kind for source in _COMPANIES for kind in SOURCES[source]
    if not any(kind in kinds for other, kinds in SOURCES.items() if other not in _COMPANIES)
)  # fmt: skip


def retain(r, level, scenario):
    """A shorter half-life."""
    days = np.where(r["halve_days"] > 0, r["halve_days"], FOR_EVER)
    r["halve_days"] = np.maximum(WEEK, np.round(days * (1 - level)))


def withheld(r, kinds, level) -> None:
    """Scale the points of these kinds for every reader; at level 1 nobody may read them."""
    for kind in kinds:
        r[kind] = np.round(r[kind] * (1 - level)).astype(np.int64)
    if level >= 1:
        for name in ("sees", "region_sees", "nation_sees"):
            r[name] &= ~sum(1 << KINDS.index(kind) for kind in kinds)


def wall(r, level, scenario):
    """Records of companies alone do not reach the state."""
    withheld(r, _THEIRS, level)


def correction(r, level, scenario):
    """Records that are not the citizen's own are found and removed, a share of them each month."""
    daily = 1 - (1 - level) ** (1 / 30) if level < 1 else 1
    r["corrected_daily"] = round(daily * 2**32)
    r["correct"] = (r["correct"] > 0) | (level > 0)
