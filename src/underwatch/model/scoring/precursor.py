"""The private score before the public one (M4): voluntary, on company data, with perks.

    score = base + Σ points · count of instalments and purchases + connections · share boasting

Members join by word of mouth and for the perks (Bass: p + q · share of contacts
who boast, society/acts.py); the high-scored boast. Range and weights after
Sesame Credit, whose formula was never published.
"""

from underwatch.kernel.compile import law
from underwatch.model.dossiers.records import count
from underwatch.model.state import MEMBER


@law
def company_score(file, share_boasting, rules):
    """What the company thinks of a member."""
    points = (
        rules.private_base
        + rules.private_late * count(file, 0) + rules.private_repaid * count(file, 1)
        + rules.private_favoured * count(file, 3) + rules.private_disfavoured * count(file, 4)
        + (rules.private_connections * share_boasting >> 16)
    )  # fmt: skip
    return min(rules.private_ceiling, max(rules.private_floor, points))


@law
def boasts(score, standing, sociability, rules):
    """Whether a member shows off a score: the high-scored do, if they are sociable enough."""
    member = (standing & MEMBER) != 0
    return int(
        rules.precursor_on * member * (score >= rules.boast_line)
        * (sociability >= rules.boast_sociability)
    )  # fmt: skip


@law
def has_perks(score, standing, rules):
    """Whether a member's score opens the company's fast lane."""
    member = (standing & MEMBER) != 0
    return int(
        rules.precursor_on * member * (rules.perk_line > 0) * (score >= rules.perk_line)
    )  # fmt: skip
