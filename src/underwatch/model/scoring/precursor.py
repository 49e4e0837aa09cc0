"""The private score before the public one (M4): voluntary, on company data, with perks.

    score = base + Σ points · count of instalments and purchases + connections · share boasting,
    rounded to the nearest point

Members join by word of mouth and for the perks (Bass: p + q · share of contacts
who boast, society/acts.py); the high-scored boast. Range and weights after
Sesame Credit, whose formula was never published.
"""

from underwatch.kernel.compile import kernel
from underwatch.kernel.narrow import narrow
from underwatch.model.dossiers.records import count
from underwatch.model.state import MEMBER


@kernel
def company_score(file, share_boasting, params):
    """The private score of a member."""
    file = narrow(file)
    points = (
        params.private_base
        + params.private_late * count(file, 0) + params.private_repaid * count(file, 1)
        + params.private_favoured * count(file, 3) + params.private_disfavoured * count(file, 4)
        + (params.private_connections * share_boasting + (1 << 15) >> 16)
    )  # fmt: skip
    return min(params.private_ceiling, max(params.private_floor, points))


@kernel
def boasts(score, standing, sociability, params):
    """Whether a member boasts: the high-scored do, if they are sociable enough; 0 or 1."""
    member = (standing & MEMBER) != 0
    return int(
        params.precursor_on * member * (score >= params.boast_line)
        * (sociability >= params.boast_sociability)
    )  # fmt: skip


@kernel
def has_perks(score, standing, params):
    """Whether a member's score gives privileged access; 0 or 1."""
    member = (standing & MEMBER) != 0
    return int(
        params.precursor_on * member * (params.perk_line > 0) * (score >= params.perk_line)
    )  # fmt: skip
