"""Stage 7, measure: truth and file held together, counted by stratum.

Only here do both meet, and nothing reads a measure back.
"""

from underwatch.consequences.restrictions import in_force
from underwatch.engine.law import law

# One column of a tally each; `adults` is a census of the day, the rest are flows
# unless the unit says otherwise.
MEASURES = {
    "adults": "people",
    "would_posts": "acts",
    "posts": "acts",
    "chilled_acts": "acts",
    "would_offences": "acts",
    "offences": "acts",
    "serious_offences": "acts",
    "instalments_due": "instalments",
    "instalments_kept": "instalments",
    "defaults": "people",
    "in_default": "people",
    "true_sightings": "records",
    "false_sightings": "records",
    "alerts": "alerts",
    "true_alerts": "alerts",
    "imposed": "restrictions",
    "ended": "restrictions",
    "in_force": "restrictions",
    "restricted": "people",
    "wrongful": "restrictions",
    "association_only": "restrictions",
    "stops": "stops",
    "wrongful_stops": "stops",
    "flights_refused": "tickets",
    "trains_refused": "tickets",
    "appeals_filed": "appeals",
    "appeals_heard": "appeals",
    "appeals_upheld": "appeals",
    "appeal_days": "days",
    "scored": "people",
    "score_sum": "points",
    "risk_sum": "65535ths",
    "trust_sum": "65535ths",
}
NAMES = tuple(MEASURES)
(
    ADULTS, WOULD_POSTS, POSTS, CHILLED, WOULD_OFFENCES, OFFENCES, SERIOUS, DUE, KEPT, DEFAULTS,
    IN_DEFAULT, TRUE_SIGHTINGS, FALSE_SIGHTINGS, ALERTS, TRUE_ALERTS, IMPOSED, ENDED, IN_FORCE,
    RESTRICTED, WRONGFUL, ASSOCIATION_ONLY, STOPS, WRONGFUL_STOPS, FLIGHTS_REFUSED, TRAINS_REFUSED,
    APPEALS_FILED, APPEALS_HEARD, APPEALS_UPHELD, APPEAL_DAYS, SCORED, SCORE_SUM, RISK_SUM,
    TRUST_SUM,
) = range(len(NAMES))  # fmt: skip


@law
def stratum(me):
    """One of 144: group × age band × place × conviction class."""
    age = 0 if me.age < 30 else (1 if me.age < 60 else 2)
    conviction = 0 if me.conviction < 86 else (1 if me.conviction < 171 else 2)
    return ((me.group * 3 + age) * 3 + me.place) * 4 + conviction


STRATA = 4 * 3 * 3 * 4


@law
def measure(row, today, acts, seen, watched, face, name, made, met, scored, after):
    """Add one citizen's day to the row of their stratum."""
    if acts.would_post:
        row[WOULD_POSTS] += 1
        row[POSTS] += acts.posted
        row[CHILLED] += 1 - acts.posted
    if acts.would_minor:
        row[WOULD_OFFENCES] += 1
        row[OFFENCES] += acts.minor
    if acts.serious:
        row[SERIOUS] += 1
    if acts.due:
        row[DUE] += 1
        row[KEPT] += acts.kept
        row[DEFAULTS] += met.defaulted
    true = (
        seen.contradicting + seen.unpermitted + seen.disfavoured + seen.favoured
        + seen.minor + seen.serious + seen.late + seen.repaid + seen.good + seen.judged
    )  # fmt: skip
    false = seen.misread + face + name
    if true + false:
        row[TRUE_SIGHTINGS] += true
        row[FALSE_SIGHTINGS] += false
    if seen.alerted:
        row[ALERTS] += 1
        row[TRUE_ALERTS] += watched
    if made.imposed or made.ended or made.heard or made.files_appeal:
        row[IMPOSED] += made.imposed
        row[ENDED] += made.ended
        row[WRONGFUL] += made.wrongful
        row[ASSOCIATION_ONLY] += made.by_association
        row[APPEALS_FILED] += made.files_appeal
        row[APPEALS_HEARD] += made.heard
        row[APPEALS_UPHELD] += made.reversed
    standing = in_force(after)
    if standing:
        row[IN_FORCE] += standing
        row[RESTRICTED] += 1
        row[FLIGHTS_REFUSED] += met.refused_flight
        row[TRAINS_REFUSED] += met.refused_train
    if met.stopped:
        row[STOPS] += 1
        row[WRONGFUL_STOPS] += 1 - met.stopped_own
    if after.appeal_wait:
        row[APPEAL_DAYS] += 1
    if today.stocktaking:
        row[ADULTS] += 1
        row[IN_DEFAULT] += after.standing & 1
        row[SCORED] += scored
        row[SCORE_SUM] += scored * after.score
        row[RISK_SUM] += after.risk
        row[TRUST_SUM] += after.trust
