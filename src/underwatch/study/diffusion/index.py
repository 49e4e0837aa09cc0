"""Adoption in the study beside a published index of the use of AI surveillance."""

import numpy as np

from underwatch.scenario.evidence import cite, figures
from underwatch.study.diffusion.declaration import REGIMES, Study
from underwatch.study.diffusion.states import States

BY_REGIME, IN_ALL = "feldstein_2019_by_regime", "feldstein_2019"
ALL, FACES = "all", "face recognition"


def compare_with_index(study: Study, states: States, adopted: np.ndarray) -> list[dict]:
    """Shares of states that use AI surveillance at the end of the index's year, in percent.

    adopted: int64 (replicates, states, groups), the replicate of the study's own seed first. One
    row for each type of regime, one for all states, one for face recognition; "low" and "high"
    enclose 90 % of the other replicates.
    """
    groups, year = list(study.offers), study.index.year
    uses, faces = (
        (adopted[:, :, [groups.index(name) for name in names]] <= year).any(2)
        for names in (study.index.uses, study.index.faces)
    )
    by_regime, in_all = figures()[BY_REGIME].value, figures()[IN_ALL].value
    everyone = np.ones(len(states.regime), bool)
    rows = [
        _row(study, regime, uses, states.regime == k, 100 * by_regime[regime], BY_REGIME)
        for k, regime in enumerate(REGIMES)
    ]
    for name, adopters, key in ((ALL, uses, "ai_surveillance"), (FACES, faces, "face_recognition")):
        published = 100 * in_all[key] / in_all["looked_at"]
        rows.append(_row(study, name, adopters, everyone, published, IN_ALL))
    return rows


def _row(study, name, uses, among, published, key) -> dict:
    percent = 100 * uses[:, among].mean(1) if among.any() else np.zeros(len(uses))
    low, high = np.quantile(percent[1:], [0.05, 0.95])
    return {
        "of": name,
        "states": int(among.sum()),
        "adopters": round(float(percent[0]), 2),
        "mean": round(float(percent[1:].mean()), 2),
        "low": round(float(low), 2),
        "high": round(float(high), 2),
        "index": round(published, 2),
        "confidence": figures()[key].confidence,
        "source": cite(key),
        "fitted": study.index.fitted,
    }
