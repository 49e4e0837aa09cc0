"""What is measured: each measure's unit and its definition in one sentence."""

from typing import NamedTuple

from underwatch.model.society.people import GROUPS


class Measure(NamedTuple):
    """One column of a tally."""

    unit: str
    says: str  # its definition in one sentence
    level: bool = False  # taken each seventh day, not a flow


_FLOWS = {
    # Expression
    "would_acts": Measure("acts", "Lawful acts of expression, of all kinds, at no perceived risk"),
    "chilled_acts": Measure("acts", "Of these, acts not done for the risk perceived, same luck"),
    "would_posts": Measure("acts", "Critical posts citizens would make at no perceived risk"),
    "posts": Measure("acts", "Critical posts made"),
    "would_messages": Measure("acts", "Critical private messages at no perceived risk"),
    "messages": Measure("acts", "Critical private messages sent"),
    "would_petitions": Measure("acts", "Petitions citizens would sign at no perceived risk"),
    "petitions": Measure("acts", "Petitions signed"),
    "would_protests": Measure("acts", "Days of protest at no perceived risk"),
    "protests": Measure("acts", "Days on which somebody protested"),
    "would_foreign_visits": Measure("acts", "Looks at foreign sources at no perceived risk"),
    "foreign_visits": Measure("acts", "Looks at foreign sources tried"),
    "foreign_visits_blocked": Measure("acts", "Of these, stopped by the firewall"),
    "posts_filtered": Measure("acts", "Critical posts that the firewall stopped"),
    "posts_removed": Measure("acts", "Critical posts removed by a reader before contacts saw them"),
    # Stated goals
    "would_offences": Measure("acts", "Minor offences at no perceived detection"),
    "offences": Measure("acts", "Minor offences committed"),
    "would_offences_watched": Measure("acts", "Of these, wishes to offend under a camera"),
    "offences_watched": Measure("acts", "Minor offences committed under a camera"),
    "serious_offences": Measure("acts", "Serious offences committed"),
    "instalments_due": Measure("instalments", "Instalments that fell due"),
    "instalments_kept": Measure("instalments", "Instalments paid in time"),
    "defaults": Measure("people", "Borrowers whose third instalment in a row is overdue"),
    "joined": Measure("people", "People who opted into the private score"),
    # Error
    "true_sightings": Measure("records", "Records entered in the file of whom they concern"),
    "false_sightings": Measure("records", "Records entered of somebody else's act, or of none"),
    "false_by_reader": Measure("records", "Of these, ordinary posts taken for unpermitted ones"),
    "false_by_face": Measure("records", "Of these, another's face taken for this one"),
    "false_by_name": Measure("records", "Of these, another's judgement under this name"),
    "false_by_neighbour": Measure("records", "Of these, lies of neighbours"),
    "bystanders": Measure("records", "Of these, passers-by recorded near a protest"),
    "neighbours_reports": Measure("records", "True reports by neighbours"),
    "messages_read": Measure("records", "Records from private messages of the watched"),
    "evasions_seen": Measure("records", "Times when getting round the firewall was seen"),
    "true_news_flagged": Measure("records", "Critical posts flagged that told true news"),
    "alerts": Measure("alerts", "Watch-list cameras taking a passer-by for a listed person"),
    "true_alerts": Measure("alerts", "Alerts on people who are on the watch list"),
    # Decisions and burden
    "imposed": Measure("restrictions", "Restrictions imposed"),
    "ended": Measure("restrictions", "Restrictions that ran out, were lifted or paid off"),
    "in_force": Measure("restrictions", "Restrictions in force at the end of the day"),
    "restricted": Measure("people", "People under at least one restriction"),
    "wrongful": Measure("restrictions", "Restrictions imposed with no true cause of one's own"),
    "association_only": Measure("restrictions", "Restrictions imposed for the company alone"),
    "for_speech": Measure("restrictions", "Restrictions by score where posts or assembly weighed"),
    "reviewed": Measure("cases", "Cases that a reviewer looked at before anything was imposed"),
    "spared": Measure("cases", "Of these, cases in which the reviewer spared the citizen"),
    "corrections": Measure("files", "Files from which what is not one's own was taken out"),
    "namings": Measure("people", "People named in public"),
    "wrongful_namings": Measure("people", "Of these, for another's act"),
    "dismissals": Measure("people", "People dismissed by an employer who was told"),
    "stops": Measure("stops", "Calls or stops by the police"),
    "wrongful_stops": Measure("stops", "Stops without an act of one's own"),
    "flights_refused": Measure("tickets", "Flights refused to the restricted"),
    "trains_refused": Measure("tickets", "Train tickets refused to the restricted"),
    "visas_refused": Measure("applications", "Visas refused to the restricted"),
    "privileged_visas": Measure("applications", "Visas granted on the fast lane"),
    "appeals_filed": Measure("appeals", "Appeals filed"),
    "appeals_heard": Measure("appeals", "Appeals heard"),
    "appeals_upheld": Measure("appeals", "Appeals that lifted a restriction"),
    "appeal_days": Measure("person-days", "Person-days spent waiting for an appeal to be heard"),
}  # fmt: skip
_LEVELS = {
    "adults": Measure("people", "Adults", True),
    "in_default": Measure("people", "Borrowers in default", True),
    "dismissed": Measure("people", "People without work since an employer was told", True),
    "named": Measure("people", "People whose public naming is still remembered", True),
    "scored": Measure("people", "Adults who bear the state's score", True),
    "members": Measure("people", "Adults who opted into the private score", True),
    "boasting": Measure("people", "Members who show off a high score", True),
    "privileged": Measure("people", "Adults whose score opens the fast lane", True),
    "watched": Measure("people", "Adults on the watch list", True),
    "records": Measure("records", "Records that local files hold", True),
    "regional_files": Measure("people", "Adults of whom the province holds a copy", True),
    "national_files": Measure("people", "Adults of whom the nation holds a copy", True),
    "tiers_with_file": Measure("files", "Files and copies held about adults, all tiers", True),
    "score_sum": Measure("points", "Sum of the scores of the scored", True),
    "risk_sum": Measure("255ths", "Sum of perceived risk of speaking", True),
    "trust_sum": Measure("255ths", "Sum of generalised trust", True),
    "support_sum": Measure("255ths", "Sum of support for the system", True),
    "supporters": Measure("people", "Adults who support the system more than not", True),
    "knowing": Measure("people", "Adults who know of the penalties", True),
    "knowing_support_sum": Measure("255ths", "Sum of support among those who know", True),
    "opinion_sum": Measure("255ths", "Sum of private opinion, 255 = against the state", True),
    "ties_open": Measure("ties", "Ties outside the household that adults have kept", True),
}  # fmt: skip
MEASURES = _FLOWS | _LEVELS
NAMES = tuple(MEASURES)

# What a tally is counted by, outermost first.
LAYERS = {
    "group": tuple("ABCD"[:GROUPS]),
    "age": ("18-29", "30-59", "60+"),
    "place": ("rural", "town", "metropolis"),
    "conviction": ("loyal", "in between", "critical"),
}
SHAPE = tuple(len(labels) for labels in LAYERS.values())
STRATA = 4 * 3 * 3 * 3
OPINION_CLASSES = (
    16  # classes of private opinion, for the distance between what is thought and said
)
