"""Stage 6, respond: what befell a citizen today. This alone writes tomorrow."""

from typing import NamedTuple

from underwatch.kernel.compile import law
from underwatch.model import streams as draws
from underwatch.model.decisions.restrictions import FLIGHT_BAN, TRAIN_BAN, VISA_BAN, bans_in_force
from underwatch.model.dossiers.records import corrected
from underwatch.model.sensing.platforms import removed
from underwatch.model.state import (
    APPEAL,
    APPEAL_CALLED,
    COURT,
    COURT_CALLED,
    DISMISSED,
    IN_DEFAULT,
    KNOWS,
    MEMBER,
    OVERDUE,
    POLICE,
    POLICE_CALLED,
    POLICE_OWN,
    REVIEW,
    REVIEW_CALLED,
    State,
)
from underwatch.model.streams import chance


class Events(NamedTuple):
    """What the citizen met with today: flags 0 or 1."""

    stopped: int
    stopped_own: int  # for an own act
    refused_flight: int
    refused_train: int
    refused_visa: int
    fast_visa: int  # granted on the fast lane
    appeals: int  # having learnt of a restriction by running into it
    defaulted: int
    cured: int
    rehired: int
    corrected: int  # the office found what is not the citizen's own, or a court did
    lapsed: int  # police who were to call no longer will
    moved_abroad: int  # what was read abroad moved an opinion


@law
def overdue(state):
    """Instalments missed in a row, 0..3."""
    return state.standing // OVERDUE & 3


@law
def meet(mine, acts, seen, made, file, today, person, rules):
    """Stops, refusals, defaults and what the day brought of its own."""
    bans = bans_in_force(mine, rules)
    no_flight = int(acts.flies and (bans & FLIGHT_BAN) != 0)
    no_train = int(acts.rides and (bans & TRAIN_BAN) != 0)
    no_visa = int(acts.applies and (bans & VISA_BAN) != 0)
    appeals = 0
    if (no_flight | no_train | no_visa) and (mine.standing & APPEAL) == 0:
        appeals = int(chance(today, draws.REFUSAL_APPEAL, person) < rules.appeals_refused)
    stopped = int((mine.standing & POLICE_CALLED) != 0)
    in_default = (mine.standing & IN_DEFAULT) != 0
    rehired = 0
    if mine.standing & DISMISSED:
        rehired = int(chance(today, draws.REHIRED, person) < rules.rehired)
    amiss = file >> 48 & 0xFFFF
    found = 0
    if amiss and rules.corrected_daily > 0:
        found = int(chance(today, draws.CORRECTION, person) < rules.corrected_daily)
    lapsed = 0
    if mine.standing & POLICE:
        lapsed = int(chance(today, draws.LAPSE, person) < rules.lapse)
    moved = 0
    if seen.passed.abroad:
        moved = int(chance(today, draws.LOOK_MOVED, person) < rules.look_moves)
    return Events(
        stopped,
        int(stopped and (mine.standing & POLICE_OWN) != 0),
        no_flight, no_train, no_visa,
        int(acts.applies and made.fast_lane and not no_visa), appeals,
        int(acts.due and not acts.kept and not in_default and overdue(mine) >= 2),
        int(acts.due and acts.kept and in_default), rehired,
        int(found or (made.hearing.upheld and rules.correct and amiss != 0)), lapsed, moved,
    )  # fmt: skip


@law
def _moved(level, step):
    return min(255, max(0, level + step))


@law
def _standing(mine, acts, made, met, penalised, rules):
    """What is pending tomorrow, and what one is."""
    standing = mine.standing & ~(COURT_CALLED | POLICE_CALLED | APPEAL_CALLED | REVIEW_CALLED)
    if mine.standing & POLICE_CALLED or met.lapsed:
        standing &= ~(POLICE | POLICE_OWN)
    if met.defaulted:
        standing |= IN_DEFAULT | COURT
    if met.cured:
        standing &= ~(IN_DEFAULT | COURT)
    if acts.due:
        missed = 0 if acts.kept else min(3, overdue(mine) + 1)
        standing = (standing & ~(3 * OVERDUE)) | missed * OVERDUE
    if made.police.sent:
        standing |= POLICE | (POLICE_OWN if made.police.for_own_act else 0)
    if made.notice.appeals | met.appeals:
        standing |= APPEAL
    if made.placed.to_review:
        standing |= REVIEW
    if not rules.review_on:
        standing &= ~REVIEW
    if acts.joins:
        standing |= MEMBER
    if made.naming.dismissed:
        standing |= DISMISSED
    elif met.rehired:
        standing &= ~DISMISSED
    if penalised:
        standing |= KNOWS
    return standing


@law
def respond(mine, acts, seen, file, made, met, rules):
    """Tomorrow's state, from what befell today; feelings move by steps of 255ths."""
    placed = made.placed
    refused = met.refused_flight + met.refused_train + met.refused_visa
    imposed = placed.listed + placed.scored_out
    told = imposed * made.notice.told
    named = made.naming.named
    penalised = told + refused + met.stopped + named > 0
    risk = (
        rules.risk_removed * removed(seen.read) + rules.risk_stopped * met.stopped
        + rules.risk_penalised * told + rules.risk_refused * refused + rules.risk_own_name * named
    )  # fmt: skip
    caught = seen.caught.minor + seen.entered.serious
    trust = (
        rules.trust_stopped * met.stopped + rules.trust_informed * seen.told.found_out
        + rules.trust_wronged * (placed.wrongful * made.notice.told + made.naming.wrongly)
    )  # fmt: skip
    support = rules.support_visa * met.fast_visa - rules.support_penalised * (
        told + refused + met.stopped + named
    )

    wait = 0
    standing = _standing(mine, acts, made, met, penalised, rules)
    if standing & APPEAL:  # one filed today waits from today, whatever was heard
        wait = min(255, mine.appeal_wait + 1) if mine.standing & APPEAL else 1
    if met.corrected:
        file = corrected(file)
    return State(
        _moved(mine.risk, risk),
        _moved(mine.detection, rules.detection_caught * caught),
        _moved(mine.trust, -trust),
        _moved(mine.support, support),
        _moved(mine.opinion, met.moved_abroad),
        rules.named_days if named else max(0, mine.named - 1),
        wait, placed.reasons, placed.list_until, placed.score_until,
        standing, mine.gone, file, mine.region, mine.nation,
    )  # fmt: skip
