"""The order of a day.

0. overnight – contacts' public signals of yesterday reach everyone (the end of stage 6).
1. act – every citizen acts, given their traits and yesterday's state.
2. sense – sensors turn acts into sightings with a claimed identity.
3. fuse – sightings become a dossier.
4. score – rules turn the dossier into points; association reads the contacts' scores.
5. decide – thresholds and lists become restrictions, dispatches and rulings.
6. respond – what happened reaches the citizen; this stage alone writes tomorrow's state.
7. measure – truth and file are compared; nothing reads a measure back.

On most days, most people do nothing and nothing happens to them. So `morning`
(vector code) is computed for everyone at once. It says among other things who may
be active today. Only for the active are the stages simulated one by one
(`citizen_day`). To simulate more people than necessary changes nothing.
"""

from typing import NamedTuple

import numpy as np

from underwatch.kernel.columns import picked
from underwatch.kernel.compile import kernel
from underwatch.kernel.fixed import upper_half
from underwatch.kernel.narrow import narrow
from underwatch.model.decisions.decide import Decisions, decide, nothing_decided, privileged
from underwatch.model.decisions.lending import Lending, lend
from underwatch.model.decisions.police import on_watch_list
from underwatch.model.decisions.restrictions import is_below
from underwatch.model.dossiers.companies import shares_purchases
from underwatch.model.dossiers.handed import MISLINKED, WAITING, halved
from underwatch.model.dossiers.records import fuse, halves_today, retained
from underwatch.model.dossiers.tiers import Files, Found, files_of, read_at, read_file
from underwatch.model.parameters.record import Night
from underwatch.model.reasons import (
    ACTIVE,
    BY_DEBT,
    BY_OFFENCE,
    BY_OTHER,
    BY_PURCHASE,
    BY_WRITING,
)
from underwatch.model.response.adapt import NO_EVENTS, Events, meet, penalties, respond
from underwatch.model.response.overnight import Feelings, overnight
from underwatch.model.scoring.precursor import boasts, company_score, has_perks
from underwatch.model.scoring.scores import (
    Score,
    assess,
    associates,
    is_scored,
    morning_score,
    whole_points,
)
from underwatch.model.scoring.striving import BY_PURCHASES, strives
from underwatch.model.sensing.sightings import Sightings, sense
from underwatch.model.society.acts import Acts, act, minor_chance
from underwatch.model.society.people import ADULT, BORROWS, POSTS, SHOPS
from underwatch.model.society.speech import foreign_visit_chance, rests_today, sociable
from underwatch.model.state import (
    APPEAL,
    BOASTS,
    BOASTS_STORED,
    BROKE,
    CAUGHT,
    COURT,
    CREDIT,
    CROWD_MISTAKEN,
    DISMISSED,
    FACE_MISTAKEN,
    FATIGUE,
    KEPT,
    MARCHED,
    MEMBER,
    NAME_MISTAKEN,
    OFFENDED,
    PENALISED,
    PENALISED_FOR_SPEECH,
    PENDING,
    PETITIONED,
    POLICE,
    PROTESTED,
    REVIEW,
    SANCTIONED,
    SCORE_LANE,
    SCORED,
    SCORED_STORED,
    SPOKE,
    State,
    unpack,
    unpack_narrow,
)
from underwatch.model.streams import DRIFT, FEELING, FEELING_FINE, HALVES, LEARN

# What the morning does with parameters: narrow numbers are those that it compares with others, or
# multiplies by counts and feelings.
_CHANCES = ("drift_", "opted_out", "enrolled", "corrected_daily")  # of 2^32
_SHARES = (
    "news_passes risk_heard spill detection_heard trust_kept trust_broke support_perk support_kept "
    "support_safety support_boasts support_news support_broke support_voices support_offences "
    "support_bias support_discount learn association"
).split()
_BOUNDS = ("cap_", "join_", "minor_rate", "foreign_visit_rate")  # of who is active; of 2^32
night_params = picked(
    Night,
    wide=[name for name in Night._fields if name.startswith(_CHANCES)],
    shares=_SHARES,
    upper=[name for name in Night._fields if name.startswith(_BOUNDS)],
)


class DailyDraws(NamedTuple):
    """The draws that everyone needs every day, in the order of their streams."""

    # uint32 values
    feeling: int
    feeling_fine: int
    drift: int
    learn: int
    # The upper sixteen bits of the draws of acts and events (streams.happens).
    post: int
    message: int
    purchase: int
    minor: int
    protest: int
    serious: int
    visa: int
    good_deed: int
    misread: int
    slander: int
    bystander: int
    join: int
    foreign_visit: int
    petition: int
    pass_by: int
    rounding: int  # of the mean of contacts' scores: sixteen bits in all


@kernel
def daily_draws(words, k):
    """The draws of person k, from uint32 words[stream, person].

    They are narrow, but for the two that are compared with probabilities in full.
    """
    return DailyDraws(
        narrow(words[FEELING, k]), narrow(words[FEELING_FINE, k]),
        np.int64(words[DRIFT, k]), np.int64(words[LEARN, k]),
        narrow(words[HALVES, k] & 0xFFFF), narrow(words[HALVES, k] >> 16),
        narrow(words[HALVES + 1, k] & 0xFFFF), narrow(words[HALVES + 1, k] >> 16),
        narrow(words[HALVES + 2, k] & 0xFFFF), narrow(words[HALVES + 2, k] >> 16),
        narrow(words[HALVES + 3, k] & 0xFFFF), narrow(words[HALVES + 3, k] >> 16),
        narrow(words[HALVES + 4, k] & 0xFFFF), narrow(words[HALVES + 4, k] >> 16),
        narrow(words[HALVES + 5, k] & 0xFFFF), narrow(words[HALVES + 5, k] >> 16),
        narrow(words[HALVES + 6, k] & 0xFFFF), narrow(words[HALVES + 6, k] >> 16),
        narrow(words[HALVES + 7, k] & 0xFFFF), narrow(words[HALVES + 7, k] >> 16),
    )  # fmt: skip


class ContactSignals(NamedTuple):
    """Yesterday's public signals of a citizen's contacts, and the share of one contact."""

    home: int  # sums of signals by layer
    local: int
    online: int
    share: int  # 65,536 divided by the number of known adults


class Misattributed(NamedTuple):
    """Yesterday's acts of others that were ascribed to this citizen; flags 0 or 1."""

    face: int
    name: int
    crowd: int


class Morning(NamedTuple):
    """What is computed for everyone at once."""

    felt: Feelings
    signals: int  # the public signals of tonight, as stored, if the citizen is not active
    privileged: int
    watched: int
    reasons: int  # for which the citizen may be active: bits (reasons.py)
    fatigue: int  # recent days of protest tonight, if the citizen is not active
    strives: int  # by what the citizen strives for a score today (scoring/striving.py)


class CitizenDay(NamedTuple):
    """The results of one citizen's day, stage by stage."""

    acts: Acts
    seen: Sightings
    watched: int  # on the watch list
    misattributed: Misattributed
    score: Score
    scored: int
    boasting: int
    strives: int
    made: Decisions
    lending: Lending
    met: Events
    after: State
    fatigue: int  # recent days of protest, tonight
    shares: int  # the citizen's marketplace hands purchases over
    grounds: int  # for a decision: of everyday reasons none is made, and the day is to be repeated


@kernel
def _shown(score, scored, boasting):
    """The public signals that are set on inactive days as well."""
    return scored * (SCORED | score << SCORE_LANE) | BOASTS * boasting


@kernel
def lean(opinion, params):
    """An upper bound of an opinion's share of the critics' rates, in 65,536ths."""
    return params.lean + (
        params.lean_linear * opinion + params.lean_square * opinion * opinion >> 8
    )


@kernel
def morning(
    traits, state, misattributed, contacts, draws, person, fatigue, today, crowded, spreads,
    offended, params,
):  # fmt: skip
    """The news of the night, the score, and whether the citizen may be active today.

    fatigue: recent days of protest this morning. crowded: a bound on the chance of passing near a
    protest. spreads: whether anybody may join a protest without a contact who protested.
    offended: the share of the district's adults who offended seriously yesterday, in 2^24ths.
    """
    heard = unpack_narrow(contacts.home, contacts.local, contacts.online)
    share, person = narrow(contacts.share), np.int64(person)  # whose hashes take 64 bits
    observed = associates(contacts.home, contacts.local, contacts.online, params)
    scored = is_scored(traits.piloted, person, params)
    read = read_at(params.score_reads, files_of(state))
    total = narrow(morning_score(read, observed, draws.rounding, params))

    private = company_score(state.file, heard.boasts * share, params)
    boasting = boasts(private, state.standing, traits.sociability, params)
    fast = privileged(total, scored, has_perks(private, state.standing, params), params)
    watched = on_watch_list(state, person, today.seed, params)
    felt = overnight(traits, state, heard, share, fast, offended, draws, person, params)

    striving = strives(
        total, scored, private, shares_purchases(traits.memberships, params), felt.standing, params
    )

    below = params.restrict_on * scored * (whole_points(total) < params.line)
    pending = (state.standing & (PENDING | DISMISSED)) | state.list_until | state.score_until
    wrong = narrow(state.file >> 48 & 0xFFFF) | state.handed & MISLINKED  # may be corrected
    pending |= wrong * (params.corrected_daily > 0) | state.handed & WAITING
    pending |= (
        state.named
        | state.appeal_wait
        | narrow(misattributed.face)
        | narrow(misattributed.name)
        | narrow(misattributed.crowd)
    )
    shops = (traits.memberships & SHOPS) != 0
    online = (traits.memberships & POSTS) != 0
    critical = lean(state.opinion, params)
    # Factors in fewer bits, rounded up, so that a product with the upper half of a bound is narrow.
    leans, talks = (critical >> 4) + 1, (critical * sociable(traits) >> 11) + 1
    boasters = (heard.boasts * share >> 2) + 1
    post = params.cap_post_heard if heard.spoke > 0 else params.cap_post
    sign = params.cap_sign_heard if heard.petitioned > 0 else params.cap_sign
    joinable = (heard.protested > 0) | spreads
    march = params.cap_march if joinable else params.cap_spark * leans >> 12
    joins = (params.join_heard * boasters >> 14) + params.join_alone
    checked = params.cap_watched if watched else upper_half(today.mistaken)
    most = params.cap_purchase_striving if striving & BY_PURCHASES else params.cap_purchase
    # Flights, train trips and refused visas concern only those with a restriction, who are
    # active anyway.
    # An act may happen if the upper half of its draw is not above a bound of its chance.
    writes = draws.post <= post * talks >> 13
    writes |= draws.message <= params.cap_message * talks >> 13
    buys = shops & (draws.purchase <= most)
    offends = draws.minor <= minor_chance(traits, params)
    visa = draws.visa <= params.cap_visa
    others = (
        (draws.protest <= march)
        | (draws.petition <= sign * leans >> 12)
        | (online & (draws.foreign_visit <= foreign_visit_chance(traits, params)))
        | (draws.serious <= params.cap_serious)
        | ((fast != 0) & visa)
        | (draws.good_deed <= params.cap_good * felt.trust >> 8)
        | (online & (draws.misread <= params.cap_misread))
        | (draws.slander <= params.cap_slander) | (draws.bystander <= upper_half(crowded))
        | (draws.pass_by <= checked)
        | (shops & ((state.standing & MEMBER) == 0) & (draws.join <= joins))
    )  # fmt: skip
    fades = halves_today(person, params.halve_days, today.fading)
    adult = traits.age >= ADULT
    others |= (below > 0) | fades | (pending != 0)
    reasons = ACTIVE * (writes | buys | offends | others)
    # Today's acts may give privileged access, and so make a visa matter.
    reasons |= BY_WRITING * writes | BY_OTHER * (others | visa)
    reasons |= BY_PURCHASE * buys | BY_OFFENCE * offends
    signals = adult * (scored * (SCORED_STORED | total) | BOASTS_STORED * boasting)
    rested = narrow(fatigue) >> rests_today(person, params.fatigue_days, today.resting)
    return Morning(felt, signals, fast, watched, reasons * adult, rested, striving)


@kernel
def owes(traits):
    """Whether a citizen has instalments to pay, and so is active each thirtieth day."""
    return int(traits.age >= ADULT and (traits.memberships & BORROWS) != 0)


@kernel
def citizen_day(
    i,
    traits,
    state,
    misattributed,
    contacts,
    draws,
    lookalike,
    street,
    reasons,
    world,
    today,
    params,
):
    """Stages 1 to 6 for citizen i, whose state in the morning is `state`.

    lookalike: the citizen for whom i may be mistaken. reasons: for which i may be active.
    """
    heard = unpack(contacts.home, contacts.local, contacts.online)
    acts = act(
        traits,
        state,
        heard,
        contacts.share,
        street,
        params.watched_spots[traits.place],
        draws,
        reasons,
        today,
        i,
        params,
    )

    watched = on_watch_list(state, i, today.seed, params)
    seen = sense(acts, traits, watched, state.standing, lookalike, street.crowd, state.handed >> 12,
                 world.people, draws, reasons, today, i, params)  # fmt: skip

    fades = reasons & BY_OTHER and halves_today(i, params.halve_days, today.fading)
    files = Files(
        fuse(state.file, seen, misattributed.face, misattributed.name, misattributed.crowd, fades),
        retained(state.region, fades), retained(state.nation, fades),
        halved(state.handed) if fades else state.handed,
    )  # fmt: skip

    observed = associates(contacts.home, contacts.local, contacts.online, params)
    read = read_at(params.score_reads, files)
    total = morning_score(read, observed, draws.rounding, params)
    scored = is_scored(traits.piloted, i, params)
    found, score = Found(0, 0, 0, 0), Score(total, 0, 0, 0)
    below = is_below(total, scored, params)
    if below:  # only then it matters why
        found = read_file(read, files.handed, params)
        score = assess(found, read, observed, draws.rounding, params)
    private = company_score(files.local, heard.boasts * contacts.share, params)
    perks = has_perks(private, state.standing, params)

    made = nothing_decided(state, score, scored, perks, params)
    grounds = below or seen.caught.minor
    if reasons & BY_OTHER or (reasons & BY_WRITING and (grounds or seen.read.contradicting)):
        made = decide(
            state, found, score, scored, perks, seen, watched, misattributed, today, i, params
        )
    lending = Lending(0, 0, 0, street.credit)
    if reasons & BY_DEBT:
        lending = lend(traits, state, files.local, acts, street.credit, today, i, params)
    wrong = files.local >> 48 & 0xFFFF | files.handed & MISLINKED
    met = NO_EVENTS
    if reasons & (BY_DEBT | BY_OTHER):
        met = meet(state, acts, seen, made, wrong, today, i, params)
    after = respond(state, acts, seen, files, made, met, params)
    boasting = boasts(private, after.standing, traits.sociability, params)
    rested = street.fatigue >> rests_today(i, params.fatigue_days, today.resting)
    fatigue = min(15, rested + acts.speech.protested)
    return CitizenDay(
        acts, seen, watched, misattributed, score, scored, boasting, street.strives, made, lending,
        met, after, fatigue, shares_purchases(traits.memberships, params), grounds,
    )  # fmt: skip


@kernel
def public_signals(day, params):
    """The public signals of a citizen, which contacts read tomorrow."""
    acts, seen, after = day.acts, day.seen, day.after
    signals = _shown(day.score.total, day.scored, day.boasting)
    signals |= SPOKE * seen.heard | PETITIONED * seen.passed.petition
    signals |= PROTESTED * seen.passed.protest
    now = penalties(seen, day.made, day.met)  # today's: a penalty is news once
    if now.known:
        signals |= PENALISED
    if now.seen_for_speech:
        signals |= PENALISED_FOR_SPEECH
    if now.offence:
        signals |= CAUGHT
    restricted = after.list_until > 0 or (after.score_until > 0 and after.reasons > 15)
    if restricted or after.named > 0:
        signals |= SANCTIONED
    if acts.due:
        signals |= KEPT if acts.kept else BROKE
    return signals


@kernel
def flags_of(day):
    """Today's misidentifications, for the lookalike's file; protest, offence, fatigue, credit."""
    seen = day.seen
    return (
        FACE_MISTAKEN * seen.caught.mistaken_face + NAME_MISTAKEN * seen.entered.mistaken_name
        + CROWD_MISTAKEN * seen.caught.mistaken_crowd + MARCHED * day.acts.speech.protested
        + FATIGUE * day.fatigue + OFFENDED * day.acts.serious + CREDIT * day.lending.credit
    )  # fmt: skip


@kernel
def queues_of(after):
    """The queues in which a citizen waits, a bit for each: court, police, appeals, review."""
    return (
        int((after.standing & COURT) != 0) | int((after.standing & POLICE) != 0) << 1
        | int((after.standing & APPEAL) != 0) << 2 | int((after.standing & REVIEW) != 0) << 3
    )  # fmt: skip
