"""A citizen score in closed form: association, the length of restrictions, and appeals.

The rest of a score's effects follows from whole lives and is simulated. What stands here is
simulated as well, each law alone (worlds/citizen_score_laws.py).
"""

from __future__ import annotations

from collections.abc import Mapping

from underwatch.assessments.result import ALL, Deployment, Key, Safeguards
from underwatch.measurement.pages import measures
from underwatch.scenario.catalogue import safeguards as catalogue

# Measures of a run's summary, in the order of the answer.
SUMMARY = (
    "restricted_now", "never_restricted", "wrongful_share", "wrongful_ratio", "concentration",
    "chilled_share", "chilled_posts", "chilled_protests", "offences_deterred", "repayment",
    "declined_repaying", "mobility", "years_below", "appeal_served", "appeal_wait",
    "appeals_upheld", "trust", "support", "knowing",
)  # fmt: skip
OWN = {
    "under_restriction": ("Adults under restrictions on an average day", "%"),
    "imposed_rate": ("Restrictions imposed", "per 1,000 adults a year"),
    "wrongful_rate": ("Wrongful restrictions", "per 1,000 adults a year"),
    "association_share": ("Restrictions because of association only", "% of restrictions"),
    "appeal_rate": ("Appeals filed", "per 1,000 adults a year"),
    "spillover": ("Points that one's record costs one's contacts", "% of one's own"),
    "restriction_days": ("Length of a restriction by score", "days"),
    "appealed_after_notice": ("Restrictions appealed after a notice", "%"),
    "correctable": ("Wrongful restrictions that appeals could put right, with places for all", "%"),
}


def _measures() -> dict[str, tuple[str, str]]:
    known = measures()
    return OWN | {name: (known[name].label, known[name].unit) for name in SUMMARY}


MEASURES: dict[str, tuple[str, str]] = _measures()
SAFEGUARDS = {key: (guard.name, "emergent") for key, guard in catalogue().items()}
MAIN = ("under_restriction", "wrongful_rate", "wrongful_share", "chilled_share",
        "offences_deterred", "repayment")  # fmt: skip
CONCLUSION = ("wrongful_share", 10.0)


def estimates(
    values: Mapping[str, float],
    deployment: Deployment,
    safeguards: Safeguards = frozenset(),
) -> dict[Key, float]:
    """What is known without a run; values: figures by dotted path.

    With everybody scored and linked, a record that costs its bearer x points costs all contacts
    together x · α/(1 − α), for the weight α of association (no decay, no limits of the score).
    Appeals are those after a notice; a refused ticket may lead to more.
    """
    if safeguards is None:
        return {}
    weight = values["score.association"]
    if "no_association" in safeguards:
        weight *= 1 - values["safeguards.no_association.level"]
    notified = values["appeals.notified"]
    if "notice" in safeguards:
        notified += (1 - notified) * values["safeguards.notice.level"]
    found: dict[Key, float] = {}
    if weight < 1:
        found["spillover", ALL, None] = 100 * weight / (1 - weight)
    length = values["decisions.days"]
    if "proportionality" in safeguards:
        length = max(1.0, length * (1 - values["safeguards.proportionality.level"] / 2))
    found["restriction_days", ALL, None] = float(round(length))
    if "appeal" not in safeguards:
        filed, upheld = values["appeals.filed_after_notice"], values["appeals.upheld_if_wrong"]
        found["appealed_after_notice", ALL, None] = 100 * notified * filed
        found["correctable", ALL, None] = 100 * notified * filed * upheld
    return found
