"""Stage 7, measure: truth and file held together, counted by stratum.

Only here do both meet, and nothing reads a measure back.
"""

from typing import NamedTuple

from underwatch.consequences.restrictions import in_force
from underwatch.engine.law import law
from underwatch.society.people import GROUPS


class Measure(NamedTuple):
    """One column of a tally."""

    unit: str
    says: str  # its definition in one sentence
    level: bool = False  # taken each seventh day, not a flow


MEASURES = {
    "would_posts": Measure("acts", "Critical posts citizens would make at no perceived risk"),
    "posts": Measure("acts", "Critical posts made"),
    "chilled_acts": Measure("acts", "Lawful posts not made for the risk perceived, same luck"),
    "would_offences": Measure("acts", "Minor offences at no perceived detection"),
    "offences": Measure("acts", "Minor offences committed"),
    "serious_offences": Measure("acts", "Serious offences committed"),
    "instalments_due": Measure("instalments", "Instalments that fell due"),
    "instalments_kept": Measure("instalments", "Instalments paid in time"),
    "defaults": Measure("people", "Borrowers whose third instalment in a row is overdue"),
    "true_sightings": Measure("records", "Records entered in the file of whom they concern"),
    "false_sightings": Measure("records", "Records entered of somebody else's act, or of none"),
    "true_news_flagged": Measure("records", "Critical posts flagged that told true news"),
    "alerts": Measure("alerts", "Watch-list cameras taking a passer-by for a listed person"),
    "true_alerts": Measure("alerts", "Alerts on people who are on the watch list"),
    "imposed": Measure("restrictions", "Restrictions imposed"),
    "ended": Measure("restrictions", "Restrictions that ran out, were lifted or paid off"),
    "in_force": Measure("restrictions", "Restrictions in force at the end of the day"),
    "restricted": Measure("people", "People under at least one restriction"),
    "wrongful": Measure("restrictions", "Restrictions imposed with no true cause of one's own"),
    "association_only": Measure("restrictions", "Restrictions imposed for the company alone"),
    "for_speech": Measure("restrictions", "Restrictions by score in which posts weighed"),
    "stops": Measure("stops", "Calls or stops by the police"),
    "wrongful_stops": Measure("stops", "Stops without an act of one's own"),
    "flights_refused": Measure("tickets", "Flights refused to the restricted"),
    "trains_refused": Measure("tickets", "Train tickets refused to the restricted"),
    "visas_refused": Measure("applications", "Visas refused to the restricted"),
    "fast_visas": Measure("applications", "Visas granted on the fast lane"),
    "appeals_filed": Measure("appeals", "Appeals filed"),
    "appeals_heard": Measure("appeals", "Appeals heard"),
    "appeals_upheld": Measure("appeals", "Appeals that lifted a restriction"),
    "appeal_days": Measure("person-days", "Person-days spent waiting for an appeal to be heard"),
    "adults": Measure("people", "Adults", True),
    "in_default": Measure("people", "Borrowers in default", True),
    "scored": Measure("people", "Adults who bear a score", True),
    "privileged": Measure("people", "Adults whose score opens the fast lane", True),
    "watched": Measure("people", "Adults on the watch list", True),
    "records": Measure("records", "Records that files hold", True),
    "score_sum": Measure("points", "Sum of the scores of the scored", True),
    "risk_sum": Measure("65,535ths", "Sum of perceived risk of speaking", True),
    "trust_sum": Measure("65,535ths", "Sum of generalised trust", True),
}
NAMES = tuple(MEASURES)
(
    WOULD_POSTS, POSTS, CHILLED, WOULD_OFFENCES, OFFENCES, SERIOUS, DUE, KEPT, DEFAULTS,
    TRUE_SIGHTINGS, FALSE_SIGHTINGS, TRUE_NEWS, ALERTS, TRUE_ALERTS,
    IMPOSED, ENDED, IN_FORCE, RESTRICTED,
    WRONGFUL, ASSOCIATION_ONLY, FOR_SPEECH, STOPS, WRONGFUL_STOPS, FLIGHTS_REFUSED, TRAINS_REFUSED,
    VISAS_REFUSED, FAST_VISAS, APPEALS_FILED, APPEALS_HEARD, APPEALS_UPHELD, APPEAL_DAYS,
    ADULTS, IN_DEFAULT, SCORED, PRIVILEGED, WATCHED, RECORDS, SCORE_SUM, RISK_SUM, TRUST_SUM,
) = range(len(NAMES))  # fmt: skip

# What a tally is counted by, outermost first.
LAYERS = {
    "group": tuple("ABCD"[:GROUPS]),
    "age": ("18-29", "30-59", "60+"),
    "place": ("rural", "town", "metropolis"),
    "conviction": ("loyal", "in between", "critical"),
}
SHAPE = tuple(len(labels) for labels in LAYERS.values())
STRATA = 4 * 3 * 3 * 3


@law
def stratum(me):
    """One of 108: group × age band × place × conviction class."""
    age = 0 if me.age < 30 else (1 if me.age < 60 else 2)
    conviction = 0 if me.conviction < 86 else (1 if me.conviction < 171 else 2)
    return ((me.group * 3 + age) * 3 + me.place) * 3 + conviction


@law
def measure(counts, k, today, day):
    """Add one citizen's day to counts[k], the row of their stratum.

    The row is never a slice: a view in the loop is counted by reference, and
    threads then wait for each other at that count.
    """
    acts, seen, made, met, after = day.acts, day.seen, day.made, day.met, day.after
    if acts.would_post:
        counts[k, WOULD_POSTS] += 1
        counts[k, POSTS] += acts.posted
        counts[k, CHILLED] += 1 - acts.posted
    if acts.would_minor:
        counts[k, WOULD_OFFENCES] += 1
        counts[k, OFFENCES] += acts.minor
    if acts.serious:
        counts[k, SERIOUS] += 1
    if acts.due:
        counts[k, DUE] += 1
        counts[k, KEPT] += acts.kept
        counts[k, DEFAULTS] += met.defaulted
    true = (
        seen.contradicting + seen.unpermitted + seen.disfavoured + seen.favoured
        + seen.minor + seen.serious + seen.late + seen.repaid + seen.good + seen.judged
    )  # fmt: skip
    false = seen.misread + day.face + day.name
    if true + false:
        counts[k, TRUE_SIGHTINGS] += true
        counts[k, FALSE_SIGHTINGS] += false
    if seen.contradicting | seen.unpermitted:
        counts[k, TRUE_NEWS] += acts.true_news
    if seen.alerted:
        counts[k, ALERTS] += 1
        counts[k, TRUE_ALERTS] += day.watched
    if made.imposed | made.ended | made.heard | made.files_appeal | met.files_appeal:
        counts[k, IMPOSED] += made.imposed
        counts[k, ENDED] += made.ended
        counts[k, WRONGFUL] += made.wrongful
        counts[k, ASSOCIATION_ONLY] += made.by_association
        counts[k, FOR_SPEECH] += made.for_speech
        counts[k, APPEALS_FILED] += made.files_appeal | met.files_appeal
        counts[k, APPEALS_HEARD] += made.heard
        counts[k, APPEALS_UPHELD] += made.reversed
    standing = in_force(after)
    if standing:
        counts[k, IN_FORCE] += standing
        counts[k, RESTRICTED] += 1
    if met.refused_flight | met.refused_train | met.refused_visa:  # if lifted today, still
        counts[k, FLIGHTS_REFUSED] += met.refused_flight
        counts[k, TRAINS_REFUSED] += met.refused_train
        counts[k, VISAS_REFUSED] += met.refused_visa
    if met.fast_visa:
        counts[k, FAST_VISAS] += 1
    if met.stopped:
        counts[k, STOPS] += 1
        counts[k, WRONGFUL_STOPS] += 1 - met.stopped_own
    if after.appeal_wait:
        counts[k, APPEAL_DAYS] += 1
    if today.stocktaking:
        counts[k, ADULTS] += 1
        counts[k, IN_DEFAULT] += after.standing & 1
        counts[k, SCORED] += day.scored
        counts[k, SCORE_SUM] += day.scored * after.score
        counts[k, PRIVILEGED] += made.privileged
        counts[k, WATCHED] += day.watched
        counts[k, RECORDS] += (
            after.late + after.repaid + after.default + after.favoured + after.disfavoured
            + after.unpermitted + after.contradicting + after.minor + after.serious + after.good
        )  # fmt: skip
        counts[k, RISK_SUM] += after.risk
        counts[k, TRUST_SUM] += after.trust
