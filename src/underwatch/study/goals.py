"""The harms and the stated goals between which `frontier` weighs sets of safeguards."""

from underwatch.errors import UserError, did_you_mean

# Stated goals, and which way each is meant to go.
GOALS = {
    "default_rate": -1, "repayment": 1, "offences": -1, "offences_deterred": 1,
    "deterred_watched": 1, "serious_offences": -1, "trust": 1, "support": 1, "supporters": 1,
}  # fmt: skip
# Measures of which more is more harm.
HARMS = (
    "chilled_acts", "chilled_share", "chilled_posts", "chilled_messages", "chilled_petitions",
    "chilled_protests", "chilled_foreign_visits", "perceived_risk", "expression_gap",
    "false_sightings", "true_news_flagged", "bystanders", "false_reports", "wrongful",
    "wrongful_share", "wrongful_namings", "association_only", "ties_lost", "imposed",
    "restricted_person_days", "restricted_now", "namings", "dismissals", "stops", "records_held",
    "watched",
)  # fmt: skip


def check_goals(harm: str, benefit: str) -> None:
    """Refuse what is no harm or no stated goal, before any simulation."""
    wrong = []
    harm, benefit = str(harm), str(benefit)
    if harm not in HARMS:
        wrong.append(f"harm: {harm} is no harm{did_you_mean(harm, HARMS)}")
    if benefit not in GOALS:
        wrong.append(f"benefit: {benefit} is no stated goal{did_you_mean(benefit, GOALS)}")
    if wrong:
        raise UserError("\n".join(wrong))
