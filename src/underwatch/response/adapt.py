"""Stage 6, respond: what happened reaches the citizen. This alone writes tomorrow."""

from typing import NamedTuple

from underwatch import draws
from underwatch.consequences.decisions import FLIGHT_BAN, TRAIN_BAN, VISA_BAN
from underwatch.draws import chance
from underwatch.engine.law import law
from underwatch.response.state import (
    APPEAL,
    APPEAL_CALLED,
    COURT,
    COURT_CALLED,
    IN_DEFAULT,
    ONE,
    POLICE,
    POLICE_CALLED,
    POLICE_OWN,
    TOP,
    State,
)


class Events(NamedTuple):
    """What the citizen met with today: flags 0 or 1."""

    stopped: int
    stopped_own: int  # for an own act
    refused_flight: int
    refused_train: int
    refused_visa: int
    fast_visa: int  # granted on the fast lane
    files_appeal: int  # having learnt of a restriction by running into it
    defaulted: int
    cured: int


@law
def _toward(level, step, decay, rest):
    """A feeling, moved by what happened and drawn back to rest; stays in 0..65535."""
    return min(TOP, max(0, level + step - ((level - rest) * decay >> 16)))


@law
def meet(mine, acts, made, today, person, rules):
    """Stops, refusals and defaults of the day."""
    bans = 0
    if mine.list_until > 0:
        bans |= rules.list_bans
    if mine.score_until > 0:
        bans |= rules.score_bans
    no_flight = int(acts.flies and (bans & FLIGHT_BAN) != 0)
    no_train = int(acts.rides and (bans & TRAIN_BAN) != 0)
    no_visa = int(acts.applies and (bans & VISA_BAN) != 0)
    appeals = 0
    if (no_flight | no_train | no_visa) and (mine.standing & APPEAL) == 0:
        appeals = int(chance(today, draws.REFUSAL_APPEAL, person) < rules.appeals_refused)
    stopped = int((mine.standing & POLICE_CALLED) != 0)
    in_default = (mine.standing & IN_DEFAULT) != 0
    return Events(
        stopped,
        int(stopped and (mine.standing & POLICE_OWN) != 0),
        no_flight, no_train, no_visa,
        int(acts.applies and made.privileged and not no_visa), appeals,
        int(acts.due and not acts.kept and not in_default and mine.overdue >= 2),
        int(acts.due and acts.kept and in_default),
    )


@law
def respond(mine, acts, seen, watched, file, score, made, met, heard, share, rules):
    """Tomorrow's state. `heard` are the contacts' counts, `share` 65,536 over their number."""
    risk = (
        rules.risk_removed * (seen.unpermitted + seen.contradicting + seen.misread)
        + rules.risk_stopped * met.stopped
        + rules.risk_penalised * made.imposed
        + rules.risk_refused * (met.refused_flight + met.refused_train + met.refused_visa)
        + (rules.risk_heard * (heard.penalised * share) >> 16)
    )
    caught = rules.detection_caught * (seen.minor + seen.serious) + (
        rules.detection_heard * (heard.caught * share) >> 16
    )
    trust = (
        (rules.trust_kept * (heard.kept * share) >> 16)
        - (rules.trust_broke * (heard.broke * share) >> 16)
        - rules.trust_stopped * met.stopped
        - rules.trust_wronged * made.wrongful
    )

    overdue = mine.overdue
    if acts.due:
        overdue = 0 if acts.kept else min(255, overdue + 1)
    standing = mine.standing & ~(COURT_CALLED | POLICE_CALLED | APPEAL_CALLED)
    if mine.standing & POLICE_CALLED:
        standing &= ~POLICE_OWN
    if met.defaulted:
        standing |= IN_DEFAULT | COURT
    if met.cured:
        standing &= ~(IN_DEFAULT | COURT)
    if made.dispatched:
        own = seen.contradicting or seen.serious or (seen.alerted and watched)
        standing |= POLICE | (POLICE_OWN if own else 0)
    if made.files_appeal | met.files_appeal:
        standing |= APPEAL
    wait = 0
    if standing & APPEAL:  # one filed today waits from today, whatever was heard
        wait = min(255, mine.appeal_wait + 1) if mine.standing & APPEAL else 1

    clear = made.reversed and rules.correct
    default = file.default - file.wrong_default if clear else file.default
    unpermitted = file.unpermitted - file.wrong_post if clear else file.unpermitted
    minor = file.minor - file.wrong_minor if clear else file.minor
    keep = 0 if clear else 1
    return State(
        score.total,
        _toward(mine.risk, risk, rules.risk_decay, 0),
        _toward(mine.detection, caught, rules.detection_decay, 0),
        _toward(mine.trust, trust, rules.trust_decay, ONE >> 1),
        made.list_until, made.score_until,
        file.late, file.repaid, max(0, default), file.favoured, file.disfavoured,
        max(0, unpermitted), file.contradicting, max(0, minor), file.serious, file.good,
        keep * file.wrong_default, keep * file.wrong_post, keep * file.wrong_minor,
        overdue, standing, made.reasons, wait,
    )  # fmt: skip
