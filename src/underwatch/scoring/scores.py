"""Stage 4, score: points from the file, and from the company one keeps.

The scorer sees the dossier and the contacts' scores of yesterday. No trait of
the citizen is in its signature.
"""

from typing import NamedTuple

from underwatch.engine.law import law
from underwatch.response.state import mean


class Score(NamedTuple):
    """Points; `own` without association, `rightful` also without wrong records."""

    total: int
    own: int
    rightful: int


@law
def assess(file, contacts, contacts_sum, rules):
    """score = base + Σ points · count + α · (mean of observed contacts − base)."""
    pt = rules.points
    own = (
        rules.base
        + pt[0] * file.late + pt[1] * file.repaid + pt[2] * file.default
        + pt[3] * file.favoured + pt[4] * file.disfavoured + pt[5] * file.unpermitted
        + pt[6] * file.contradicting + pt[7] * file.minor + pt[8] * file.serious
        + pt[9] * file.good
    )  # fmt: skip
    wrong = (
        pt[2] * file.wrong_default + pt[5] * file.wrong_post + pt[7] * file.wrong_minor
    )  # fmt: skip
    company = 0
    if contacts > 0:
        company = rules.association * (mean(contacts_sum, contacts) - rules.base) >> 16
    return Score(
        min(rules.ceiling, max(rules.floor, own + company)),
        min(rules.ceiling, max(rules.floor, own)),
        min(rules.ceiling, max(rules.floor, own - wrong)),
    )
