"""Stage 6, respond: what happened to a citizen today. This stage alone writes tomorrow's state."""

from typing import NamedTuple

from underwatch.kernel.compile import kernel
from underwatch.model import streams
from underwatch.model.decisions.police import stop
from underwatch.model.decisions.restrictions import (
    FLIGHT_BAN,
    TRAIN_BAN,
    VISA_BAN,
    bans_for_speech,
    bans_in_force,
)
from underwatch.model.dossiers.handed import WAITING, without_mislinked
from underwatch.model.dossiers.records import corrected
from underwatch.model.sensing.platforms import removed, vanished
from underwatch.model.state import (
    APPEAL,
    APPEAL_SERVED,
    COURT,
    COURT_SERVED,
    DISMISSED,
    IN_DEFAULT,
    KNOWS,
    MEMBER,
    OVERDUE,
    POLICE,
    POLICE_OWN,
    POLICE_SERVED,
    POLICE_SPEECH,
    REVIEW,
    REVIEW_SERVED,
    State,
)
from underwatch.model.streams import chance


class Events(NamedTuple):
    """What happened to the citizen today; flags 0 or 1."""

    stopped: int
    stopped_own: int  # for an own act
    stopped_for_speech: int  # for posts or assembly
    warned: int
    charged: int
    refused_flight: int
    refused_train: int
    refused_visa: int
    refused_for_speech: int  # of these, under a restriction in which speech weighed: 0..3
    privileged_visa: int  # granted with privileged access
    appeals: int  # after learning of a restriction from a refusal
    defaulted: int
    cured: int
    rehired: int
    corrected: int  # an office or a court removed records that are not the citizen's own
    lapsed: int  # a pending police visit was dropped
    moved_by_foreign_source: int  # a foreign site moved the private opinion


NO_EVENTS = Events(*(0 for _ in Events._fields))


@kernel
def overdue(state):
    """Instalments missed in a row, 0..3."""
    return state.standing // OVERDUE & 3


@kernel
def meet(state, acts, seen, made, wrong, today, person, params):
    """Stops, refusals, defaults, and other events of the day.

    wrong: not 0 if the local office holds records that are not the citizen's own.
    """
    bans = bans_in_force(state, params)
    no_flight = int(acts.flies and (bans & FLIGHT_BAN) != 0)
    no_train = int(acts.rides and (bans & TRAIN_BAN) != 0)
    no_visa = int(acts.applies and (bans & VISA_BAN) != 0)
    grounds = bans_for_speech(state, params)
    for_speech = (
        no_flight * int((grounds & FLIGHT_BAN) != 0) + no_train * int((grounds & TRAIN_BAN) != 0)
        + no_visa * int((grounds & VISA_BAN) != 0)
    )  # fmt: skip
    appeals = 0
    refused = no_flight | no_train | no_visa
    if refused and made.placed.reasons > 0 and (state.standing & APPEAL) == 0:
        appeals = int(chance(today, streams.REFUSAL_APPEAL, person) < params.appeals_refused)
    visit = stop(state, today, person, params)
    in_default = (state.standing & IN_DEFAULT) != 0
    rehired = 0
    if state.standing & DISMISSED:
        rehired = int(chance(today, streams.REHIRED, person) < params.rehired)
    found = 0
    if wrong and params.corrected_daily > 0:
        found = int(chance(today, streams.CORRECTION, person) < params.corrected_daily)
    lapsed = 0
    if state.standing & POLICE:
        lapsed = int(chance(today, streams.LAPSE, person) < params.lapse)
    moved = 0
    if seen.passed.foreign:
        moved = int(chance(today, streams.FOREIGN_MOVED, person) < params.foreign_moves)
    return Events(
        visit.stopped, visit.own, visit.for_speech, visit.warned, visit.charged,
        no_flight, no_train, no_visa, for_speech,
        int(acts.applies and made.privileged and not no_visa), appeals,
        int(acts.due and not acts.kept and not in_default and overdue(state) >= 2),
        int(acts.due and acts.kept and in_default), rehired,
        int(found or (made.hearing.upheld and params.correct and wrong != 0)), lapsed, moved,
    )  # fmt: skip


class Penalties(NamedTuple):
    """Penalties that become known to the citizen, and so to contacts, on this day; counts."""

    notified: int  # restrictions imposed and noticed
    refused: int  # tickets and visas
    for_speech: int  # of all penalties and removals, those whose ground is expression
    offence: int  # caught, stopped or named for an offence
    known: int  # flag: contacts hear of one
    seen_for_speech: int  # flag: contacts hear of one whose ground is expression


@kernel
def penalties(seen, made, met):
    """The day's penalties by ground. A removed post is one; a debt is no offence."""
    notified = (made.placed.listed + made.placed.scored_out) * made.notice.notified
    refused = met.refused_flight + met.refused_train + met.refused_visa
    posts, hidden = removed(seen.read), removed(seen.read) - vanished(seen.read, seen.passed)
    speech = met.stopped_for_speech + made.for_speech * made.notice.notified
    speech += met.refused_for_speech
    every = notified + refused + met.stopped + made.naming.named
    caught = seen.caught.minor + seen.entered.serious
    visited = met.stopped_own * (1 - met.stopped_for_speech)
    named = made.naming.named * (1 - made.placed.listed) * (1 - seen.caught.minor)
    return Penalties(
        notified, refused, speech + posts, caught + visited + named,
        int(every + posts > hidden), int(speech + posts > hidden),
    )  # fmt: skip


@kernel
def _moved(level, step):
    return min(255, max(0, level + step))


class _Felt(NamedTuple):
    """Feelings tonight, 0..255."""

    risk: int
    detection: int
    trust: int
    support: int


@kernel
def _felt(state, seen, made, met, now, params):
    """Feelings after the events of the day, by steps of 255ths; most days move none."""
    notified, refused, named = now.notified, now.refused, made.naming.named
    events = (
        notified | refused | named | now.offence | now.for_speech
        | met.stopped | met.privileged_visa | seen.reported.found_out
    )  # fmt: skip
    if events == 0:
        return _Felt(state.risk, state.detection, state.trust, state.support)
    notified_for_speech = made.for_speech * made.notice.notified
    other = (
        params.risk_stopped * (met.stopped - met.stopped_for_speech)
        + params.risk_penalised * (notified - notified_for_speech)
        + params.risk_refused * (refused - met.refused_for_speech)
        + params.risk_own_name * named
    )
    risk = (
        params.risk_removed * removed(seen.read)
        + params.risk_stopped * met.stopped_for_speech
        + params.risk_penalised * notified_for_speech
        + params.risk_refused * met.refused_for_speech
        + (params.spill * other >> 16)
    )
    detection = params.detection_caught * now.offence
    detection += params.spill * (params.detection_caught * now.for_speech) >> 16
    trust = (
        params.trust_stopped * met.stopped + params.trust_informed * seen.reported.found_out
        + params.trust_wronged * (made.placed.wrongful * made.notice.notified + made.naming.wrongly)
    )  # fmt: skip
    punished = met.warned + met.charged  # a stop may end with nothing, and is still known
    support = params.support_visa * met.privileged_visa - params.support_penalised * (
        notified + refused + punished + named
    )
    return _Felt(
        _moved(state.risk, risk), _moved(state.detection, detection),
        _moved(state.trust, -trust), _moved(state.support, support),
    )  # fmt: skip


@kernel
def _standing(state, acts, made, met, penalised, params):
    """Tomorrow's pending cases and status."""
    standing = state.standing & ~(COURT_SERVED | POLICE_SERVED | APPEAL_SERVED | REVIEW_SERVED)
    if state.standing & POLICE_SERVED or met.lapsed:
        standing &= ~(POLICE | POLICE_OWN | POLICE_SPEECH)
    if met.defaulted:
        standing |= IN_DEFAULT | COURT
    if met.cured:
        standing &= ~(IN_DEFAULT | COURT)
    if acts.due:
        missed = 0 if acts.kept else min(3, overdue(state) + 1)
        standing = (standing & ~(3 * OVERDUE)) | missed * OVERDUE
    if made.police.sent:
        standing |= POLICE | (POLICE_OWN if made.police.for_own_act else 0)
        standing |= POLICE_SPEECH if made.police.for_speech else 0
    if made.notice.appeals | met.appeals:
        standing |= APPEAL
    if made.placed.reasons == 0:  # nothing is left to appeal against
        standing &= ~APPEAL
    standing &= ~REVIEW
    if made.placed.to_review:
        standing |= REVIEW
    if acts.joins:
        standing |= MEMBER
    if made.naming.dismissed:
        standing |= DISMISSED
    elif met.rehired:
        standing &= ~DISMISSED
    if penalised:
        standing |= KNOWS
    return standing


@kernel
def respond(state, acts, seen, files, made, met, params):
    """Tomorrow's state, from today's events; feelings move by steps of 255ths."""
    placed = made.placed
    now = penalties(seen, made, met)
    penalised = now.notified + now.refused + met.stopped + made.naming.named > 0
    felt = _felt(state, seen, made, met, now, params)
    wait = 0
    standing = _standing(state, acts, made, met, penalised, params)
    if standing & APPEAL:  # an appeal filed today waits from today
        wait = min(255, state.appeal_wait + 1) if state.standing & APPEAL else 1
    local = corrected(files.local) if met.corrected else files.local
    handed = without_mislinked(files.handed) if met.corrected else files.handed
    return State(
        felt.risk, felt.detection, felt.trust, felt.support,
        _moved(state.opinion, met.moved_by_foreign_source),
        params.named_days if made.naming.named else max(0, state.named - 1),
        wait, placed.reasons, placed.list_until, placed.score_until,
        standing, handed & ~WAITING | seen.read.waits << 12, local, files.region, files.nation,
    )  # fmt: skip
