"""Stage 7, measure: truth and file held together, counted by stratum.

Only measures hold both, and no stage of a day reads a measure.
"""

from underwatch.kernel.compile import kernel
from underwatch.measurement import history
from underwatch.measurement.queues import FIRST
from underwatch.model.decisions.restrictions import in_force
from underwatch.model.dossiers.records import records
from underwatch.model.state import DISMISSED, IN_DEFAULT, KNOWS, MEMBER

(
    WOULD_ACTS,
    CHILLED,
    WOULD_POSTS,
    POSTS,
    WOULD_MESSAGES,
    MESSAGES,
    WOULD_PETITIONS,
    PETITIONS,
    WOULD_PROTESTS,
    PROTESTS,
    WOULD_FOREIGN_VISITS,
    FOREIGN_VISITS,
    FOREIGN_VISITS_BLOCKED,
    POSTS_FILTERED,
    POSTS_REMOVED,
    WOULD_OFFENCES,
    OFFENCES,
    WOULD_WATCHED,
    OFFENCES_WATCHED,
    SERIOUS,
    DUE,
    KEPT,
    DEFAULTS,
    JOINED,
    APPLICATIONS,
    APPROVED,
    DECLINED,
    DECLINED_REPAYING,
    GAMED,
    TRUE_SIGHTINGS,
    FALSE_SIGHTINGS,
    FALSE_READER,
    FALSE_FACE,
    FALSE_NAME,
    FALSE_NEIGHBOUR,
    BYSTANDERS,
    REPORTS,
    MESSAGES_READ,
    EVASIONS,
    TRUE_NEWS,
    HANDED_BY_MARKETPLACES,
    HANDED_BY_PLATFORMS,
    ALERTS,
    TRUE_ALERTS,
    IMPOSED,
    ENDED,
    IN_FORCE,
    RESTRICTED,
    WRONGFUL,
    ASSOCIATION_ONLY,
    FOR_SPEECH,
    FOR_COMPANY_DATA,
    REVIEWED,
    SPARED,
    CORRECTIONS,
    NAMINGS,
    WRONGFUL_NAMINGS,
    DISMISSALS,
    STOPS,
    WRONGFUL_STOPS,
    WARNINGS,
    CHARGES,
    WRONGFUL_CHARGES,
    FLIGHTS_REFUSED,
    TRAINS_REFUSED,
    VISAS_REFUSED,
    PRIVILEGED_VISAS,
    APPEALS_FILED,
    APPEALS_HEARD,
    APPEALS_UPHELD,
    ADULTS,
    DEFAULTED,
    JOBLESS,
    NAMED,
    SCORED,
    MEMBERS,
    BOASTING,
    PRIVILEGED,
    STRIVING,
    WATCHED,
    RECORDS,
    STATE_RECORDS,
    COMPANY_RECORDS,
    REGIONAL,
    NATIONAL,
    TIERS,
    SCORE_SUM,
    RISK_SUM,
    TRUST_SUM,
    SUPPORT_SUM,
    SUPPORTERS,
    KNOWING,
    KNOWING_SUPPORT,
    OPINION_SUM,
    TIES,
) = range(FIRST)  # and then the tallies of queues


@kernel
def stratum(traits):
    """One of 108: group × age band × place × conviction class. Without branches, for arrays too."""
    age = 1 * (traits.age >= 30) + 1 * (traits.age >= 60)
    conviction = 1 * (traits.conviction >= 86) + 1 * (traits.conviction >= 171)
    return ((traits.group * 3 + age) * 3 + traits.place) * 3 + conviction


@kernel
def _expression(counts, k, speech, seen):
    """Lawful expression: at zero risk, done, filtered and removed."""
    would = (
        speech.would_post + speech.would_message + speech.would_petition + speech.would_protest
        + speech.would_foreign_visit
    )  # fmt: skip
    if would == 0:
        return
    done = (
        speech.posted
        + speech.messaged
        + speech.petitioned
        + speech.protested
        + speech.foreign_visit
    )
    counts[k, WOULD_ACTS] += would
    counts[k, CHILLED] += would - done
    counts[k, WOULD_POSTS] += speech.would_post
    counts[k, POSTS] += speech.posted
    counts[k, WOULD_MESSAGES] += speech.would_message
    counts[k, MESSAGES] += speech.messaged
    counts[k, WOULD_PETITIONS] += speech.would_petition
    counts[k, PETITIONS] += speech.petitioned
    counts[k, WOULD_PROTESTS] += speech.would_protest
    counts[k, PROTESTS] += speech.protested
    counts[k, WOULD_FOREIGN_VISITS] += speech.would_foreign_visit
    counts[k, FOREIGN_VISITS] += speech.foreign_visit
    counts[k, FOREIGN_VISITS_BLOCKED] += speech.foreign_visit - seen.passed.foreign
    counts[k, POSTS_FILTERED] += speech.posted - seen.passed.post
    counts[k, POSTS_REMOVED] += seen.passed.post - seen.heard


@kernel
def _seen(counts, k, day):
    """Records of the day, by whether they are the citizen's own."""
    seen, misattributed = day.seen, day.misattributed
    read, caught, entered, reported = seen.read, seen.caught, seen.entered, seen.reported
    true = (
        read.contradicting + read.unpermitted + read.petition + seen.disfavoured + seen.favoured
        + caught.minor + caught.protest + entered.serious + entered.late + entered.repaid
        + entered.good + entered.judged + reported.truly + seen.passed.evasion
    )  # fmt: skip
    false = (
        read.misread
        + misattributed.face
        + misattributed.name
        + misattributed.crowd
        + caught.bystander
        + reported.falsely
    )
    if read.true_news:  # flagged, whether or not it is handed over
        counts[k, TRUE_NEWS] += 1
    if true + false == 0:
        return
    counts[k, TRUE_SIGHTINGS] += true
    counts[k, HANDED_BY_MARKETPLACES] += day.shares * (seen.favoured + seen.disfavoured)
    counts[k, HANDED_BY_PLATFORMS] += (
        read.contradicting + read.unpermitted + read.misread + read.petition
    )
    counts[k, REPORTS] += reported.truly
    counts[k, EVASIONS] += seen.passed.evasion
    counts[k, MESSAGES_READ] += read.private
    if false:
        counts[k, FALSE_SIGHTINGS] += false
        counts[k, FALSE_READER] += read.misread
        counts[k, FALSE_FACE] += misattributed.face + misattributed.crowd
        counts[k, FALSE_NAME] += misattributed.name
        counts[k, FALSE_NEIGHBOUR] += reported.falsely
        counts[k, BYSTANDERS] += caught.bystander


@kernel
def _decided(counts, k, day):
    """Decisions of the day and what they did to the citizen."""
    made, met = day.made, day.met
    placed, hearing, naming = made.placed, made.hearing, made.naming
    imposed = placed.listed + placed.scored_out
    filed = made.notice.appeals | met.appeals
    if imposed | placed.ended | hearing.heard | filed | placed.reviewed:
        counts[k, IMPOSED] += imposed
        counts[k, ENDED] += placed.ended
        counts[k, WRONGFUL] += placed.wrongful
        counts[k, ASSOCIATION_ONLY] += placed.by_association
        counts[k, FOR_SPEECH] += made.for_speech
        counts[k, FOR_COMPANY_DATA] += placed.for_company_data
        counts[k, REVIEWED] += placed.reviewed
        counts[k, SPARED] += placed.spared
        counts[k, APPEALS_FILED] += filed
        counts[k, APPEALS_HEARD] += hearing.heard
        counts[k, APPEALS_UPHELD] += hearing.upheld
    if naming.named:
        counts[k, NAMINGS] += 1
        counts[k, WRONGFUL_NAMINGS] += naming.wrongly
        counts[k, DISMISSALS] += naming.dismissed
    standing = in_force(day.after)
    if standing:
        counts[k, IN_FORCE] += standing
        counts[k, RESTRICTED] += 1
    if met.refused_flight | met.refused_train | met.refused_visa:
        counts[k, FLIGHTS_REFUSED] += met.refused_flight
        counts[k, TRAINS_REFUSED] += met.refused_train
        counts[k, VISAS_REFUSED] += met.refused_visa
    if met.privileged_visa:
        counts[k, PRIVILEGED_VISAS] += 1
    if met.stopped:
        counts[k, STOPS] += 1
        counts[k, WRONGFUL_STOPS] += 1 - met.stopped_own
        counts[k, WARNINGS] += met.warned
        counts[k, CHARGES] += met.charged
        counts[k, WRONGFUL_CHARGES] += met.charged * (1 - met.stopped_own)
    if met.corrected:
        counts[k, CORRECTIONS] += 1


@kernel
def measure(counts, k, day):
    """Count one citizen's day into counts[stratum, measure]; k is the row of their stratum."""
    acts = day.acts
    _expression(counts, k, acts.speech, day.seen)
    if acts.would_minor:
        counts[k, WOULD_OFFENCES] += 1
        counts[k, OFFENCES] += acts.minor
        counts[k, WOULD_WATCHED] += acts.watched
        counts[k, OFFENCES_WATCHED] += acts.minor & acts.watched
    if acts.serious:
        counts[k, SERIOUS] += 1
    if acts.due:
        counts[k, DUE] += 1
        counts[k, KEPT] += acts.kept
        counts[k, DEFAULTS] += day.met.defaulted
    if acts.joins:
        counts[k, JOINED] += 1
    if acts.gamed:
        counts[k, GAMED] += acts.gamed
    lending = day.lending
    if lending.applied:
        counts[k, APPLICATIONS] += 1
        counts[k, APPROVED] += lending.approved
        counts[k, DECLINED] += 1 - lending.approved
        counts[k, DECLINED_REPAYING] += lending.would_repay
    _seen(counts, k, day)
    if day.seen.caught.alert:
        counts[k, ALERTS] += 1
        counts[k, TRUE_ALERTS] += day.watched
    _decided(counts, k, day)


@kernel
def history_of(day):
    """The bits that one citizen's day adds to their history."""
    made, met, seen = day.made, day.met, day.seen
    placed, naming, wrong = made.placed, made.naming, day.misattributed
    false_records = (
        seen.read.misread | seen.reported.falsely | seen.caught.bystander
        | wrong.face | wrong.name | wrong.crowd
    )  # fmt: skip
    return (
        history.LISTED * placed.listed
        + history.RESTRICTED_BY_SCORE * placed.scored_out
        + history.WRONGFUL_RESTRICTION * int(placed.wrongful > 0)
        + history.ASSOCIATION_ONLY * placed.by_association
        + history.NAMED * naming.named
        + history.WRONGFULLY_NAMED * naming.wrongly
        + history.DISMISSED * naming.dismissed
        + history.STOPPED * met.stopped
        + history.WRONGFULLY_STOPPED * (met.stopped - met.stopped_own)
        + history.FALSE_RECORD * int(false_records > 0)
        + history.FALSE_ALERT * seen.caught.alert * (1 - day.watched)
        + history.APPEALED * int((made.notice.appeals | met.appeals) > 0)
        + history.APPEAL_UPHELD * made.hearing.upheld
        + history.DEFAULTED * met.defaulted
    )


@kernel
def count_levels(
    counts, k, state, held, scored, shown, boasting, privileged, watched, strives, degree
):  # fmt: skip
    """Count one citizen's levels on an evening on which levels are counted."""
    standing = state.standing
    knows = (standing & KNOWS) != 0
    counts[k, ADULTS] += 1
    counts[k, SCORED] += scored
    # Most people are none of these.
    if standing & (IN_DEFAULT | DISMISSED | MEMBER) | state.named | privileged | watched | strives:
        counts[k, DEFAULTED] += (standing & IN_DEFAULT) != 0
        counts[k, JOBLESS] += (standing & DISMISSED) != 0
        counts[k, NAMED] += state.named > 0
        counts[k, MEMBERS] += (standing & MEMBER) != 0
        counts[k, BOASTING] += boasting  # members only
        counts[k, PRIVILEGED] += privileged
        counts[k, STRIVING] += strives > 0
        counts[k, WATCHED] += watched
    counts[k, RECORDS] += records(state.file)
    counts[k, STATE_RECORDS] += held.records
    counts[k, COMPANY_RECORDS] += held.from_companies
    counts[k, REGIONAL] += state.region != 0
    counts[k, NATIONAL] += state.nation != 0
    counts[k, TIERS] += (state.file != 0) + (state.region != 0) + (state.nation != 0)
    counts[k, SCORE_SUM] += scored * shown
    counts[k, RISK_SUM] += state.risk
    counts[k, TRUST_SUM] += state.trust
    counts[k, SUPPORT_SUM] += state.support
    counts[k, SUPPORTERS] += state.support > 127
    counts[k, KNOWING] += knows
    counts[k, KNOWING_SUPPORT] += state.support * knows
    counts[k, OPINION_SUM] += state.opinion
    counts[k, TIES] += degree
