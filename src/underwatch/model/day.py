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

from underwatch.kernel.columns import picked
from underwatch.kernel.compile import kernel
from underwatch.model.decisions.decide import Decisions, decide, privileged
from underwatch.model.decisions.police import on_watch_list
from underwatch.model.dossiers.records import fuse, halves_today
from underwatch.model.dossiers.tiers import copy_read
from underwatch.model.parameters.record import Night
from underwatch.model.response.adapt import Events, meet, respond
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
from underwatch.model.sensing.platforms import removed
from underwatch.model.sensing.sightings import Sightings, sense
from underwatch.model.society.acts import Acts, act, flight_chance, minor_chance, train_chance
from underwatch.model.society.people import ADULT, BORROWS, MARKET, POSTS, SHOPS
from underwatch.model.society.speech import foreign_visit_chance, sociable
from underwatch.model.society.ties import OpenTies
from underwatch.model.state import (
    APPEAL,
    BOASTS,
    BROKE,
    CAUGHT,
    COURT,
    CROWD_MISTAKEN,
    DISMISSED,
    FACE_MISTAKEN,
    KEPT,
    MARCHED,
    MEMBER,
    NAME_MISTAKEN,
    NAMED,
    PENALISED,
    PENALISED_FOR_SPEECH,
    PENDING,
    PETITIONED,
    POLICE,
    PROTESTED,
    REVIEW,
    SCORE_LANE,
    SCORED,
    SPEECH,
    SPOKE,
    State,
    unpack,
)
from underwatch.model.streams import (
    BYSTANDER,
    FLIGHT,
    FOREIGN_VISIT,
    GOOD_DEED,
    JOIN,
    MISREAD,
    PASS_BY,
    PETITION,
    SERIOUS,
    SLANDER,
    TRAIN,
    VISA,
    rotated,
)

# Probabilities of 2^32; every other parameter of the morning is a share, a weight or a score.
_CHANCES = ("cap_", "drift_", "join_", "opted_out", "corrected_daily")
WIDE = {n for n in Night._fields if n.startswith(_CHANCES) or n.endswith("_rate")} | {"enrolled"}
night_params = picked(Night, WIDE)


class DailyDraws(NamedTuple):
    """The draws that everyone needs every day, uint32 values, in the order of their streams."""

    post: int
    message: int
    purchase: int
    minor: int
    protest: int
    rare: int  # shared by rare events (streams.rotated)
    feeling: int
    drift: int
    rounding: int  # of the mean of contacts' scores
    feeling_fine: int


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
    signals: int  # the public signals of tonight, if the citizen is not active
    privileged: int
    watched: int
    active: int


class CitizenDay(NamedTuple):
    """The results of one citizen's day, stage by stage."""

    acts: Acts
    seen: Sightings
    watched: int  # on the watch list
    misattributed: Misattributed
    score: Score
    scored: int
    boasting: int
    made: Decisions
    met: Events
    after: State


@kernel
def shares_purchases(memberships, params):
    """Whether a citizen's marketplace must hand purchases over; 0 or 1."""
    return params.compelled >> (memberships // MARKET & 3) & 1


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
def morning(traits, state, misattributed, contacts, draws, person, today, crowded, params):
    """The news of the night, the score, and whether the citizen may be active today."""
    heard = unpack(contacts.home, contacts.local, contacts.online)
    observed = associates(contacts.home, contacts.local, contacts.online, params)
    scored = is_scored(traits.piloted, person, params)
    shared = shares_purchases(traits.memberships, params)
    total = morning_score(state, shared, observed, draws.rounding, params)

    private = company_score(state.file, heard.boasts * contacts.share, params)
    boasting = boasts(private, state.standing, traits.sociability, params)
    fast = privileged(total, scored, has_perks(private, state.standing, params), params)
    watched = on_watch_list(state, person, today.seed, params)
    felt = overnight(traits, state, heard, contacts.share, fast, draws, params)

    below = params.restrict_on * scored * (whole_points(total) < params.line)
    pending = (state.standing & (PENDING | DISMISSED)) | state.list_until | state.score_until
    wrong = state.file >> 48 & 0xFFFF  # records that may be corrected
    pending |= wrong * (params.corrected_daily > 0)
    pending |= (
        state.named
        | state.appeal_wait
        | misattributed.face
        | misattributed.name
        | misattributed.crowd
    )
    shops = (traits.memberships & SHOPS) != 0
    online = (traits.memberships & POSTS) != 0
    critical = lean(state.opinion, params)
    talks = critical * sociable(traits)
    post = params.cap_post_heard if heard.spoke > 0 else params.cap_post
    sign = params.cap_sign_heard if heard.petitioned > 0 else params.cap_sign
    march = params.cap_march if heard.protested > 0 else params.cap_spark * critical >> 16
    joins = (params.join_heard * (heard.boasts * contacts.share) >> 16) + params.join_alone
    rare = draws.rare
    acts = (
        (draws.post < post * talks >> 24) | (draws.message < params.cap_message * talks >> 24)
        | (draws.protest < march) | (shops & (draws.purchase < params.cap_purchase))
        | (draws.minor < minor_chance(traits, params))
        | (rotated(rare, PETITION) < sign * critical >> 16)
        | (online & (rotated(rare, FOREIGN_VISIT) < foreign_visit_chance(traits, params)))
        | (rotated(rare, SERIOUS) < params.cap_serious)
        | (rotated(rare, FLIGHT) < flight_chance(traits, traits.income, params))
        | (rotated(rare, TRAIN) < train_chance(traits, params))
        | (rotated(rare, VISA) < params.cap_visa) | (rotated(rare, GOOD_DEED) < params.cap_good)
        | (online & (rotated(rare, MISREAD) < params.cap_misread))
        | (rotated(rare, SLANDER) < params.cap_slander) | (rotated(rare, BYSTANDER) < crowded)
        | (rotated(rare, PASS_BY) < (params.cap_watched if watched else today.mistaken))
        | (shops & ((state.standing & MEMBER) == 0) & (rotated(rare, JOIN) < joins))
    )  # fmt: skip
    fades = halves_today(person, params.halve_days, today.fading)
    adult = traits.age >= ADULT
    active = adult & (acts | (below > 0) | fades | (pending != 0))
    signals = adult * _shown(total, scored, boasting)
    return Morning(felt, signals, fast, watched, active)


@kernel
def owes(traits):
    """Whether a citizen has instalments to pay, and so is active each thirtieth day."""
    return int(traits.age >= ADULT and (traits.memberships & BORROWS) != 0)


@kernel
def citizen_day(
    i, traits, state, misattributed, contacts, draws, lookalike, crowd, world, today, params
):
    """Stages 1 to 6 for citizen i, whose state in the morning is `state`.

    lookalike: the citizen for whom i may be mistaken; crowd: yesterday's share of
    protesters in the district, in 65,536ths.
    """
    heard = unpack(contacts.home, contacts.local, contacts.online)
    acts = act(
        traits,
        state,
        heard,
        contacts.share,
        params.watched_spots[traits.place],
        draws,
        today,
        i,
        params,
    )

    watched = on_watch_list(state, i, today.seed, params)
    ties = OpenTies(world.contacts, world.reach, world.slots)
    seen = sense(acts, traits, watched, state.standing, lookalike, crowd, ties, world.people,
                 draws, today, i, params)  # fmt: skip

    fades = halves_today(i, params.halve_days, today.fading)
    file = fuse(
        state.file, seen, misattributed.face, misattributed.name, misattributed.crowd, fades
    )

    shared = shares_purchases(traits.memberships, params)
    observed = associates(contacts.home, contacts.local, contacts.online, params)
    copy = copy_read(state, file, shared, params)
    score = assess(copy, file, shared, observed, draws.rounding, params)
    scored = is_scored(traits.piloted, i, params)
    private = company_score(file, heard.boasts * contacts.share, params)
    perks = has_perks(private, state.standing, params)

    made = decide(state, copy, score, scored, perks, seen, watched, misattributed, today, i, params)
    met = meet(state, acts, seen, made, file, today, i, params)
    after = respond(state, acts, seen, file, made, met, params)
    boasting = boasts(private, after.standing, traits.sociability, params)
    return CitizenDay(acts, seen, watched, misattributed, score, scored, boasting, made, met, after)


@kernel
def public_signals(day, params):
    """The public signals of a citizen, which contacts read tomorrow."""
    acts, seen, after = day.acts, day.seen, day.after
    signals = _shown(day.score.total, day.scored, day.boasting)
    signals |= SPOKE * seen.heard | PETITIONED * acts.speech.petitioned
    signals |= PROTESTED * seen.passed.protest
    restricted = after.list_until > 0 or (after.score_until > 0 and after.reasons > 15)
    if restricted or day.met.stopped or removed(seen.read):
        signals |= PENALISED
    for_speech = after.score_until > 0 and (after.reasons >> 4 & SPEECH) != 0
    if for_speech or removed(seen.read):
        signals |= PENALISED_FOR_SPEECH
    if after.named > 0:
        signals |= NAMED
    if seen.caught.minor or seen.entered.serious:
        signals |= CAUGHT
    if acts.due:
        signals |= KEPT if acts.kept else BROKE
    return signals


@kernel
def flags_of(day):
    """Today's misidentifications, which change the lookalike's file tomorrow; and a protest."""
    seen = day.seen
    return (
        FACE_MISTAKEN * seen.caught.mistaken_face + NAME_MISTAKEN * seen.entered.mistaken_name
        + CROWD_MISTAKEN * seen.caught.mistaken_crowd + MARCHED * day.acts.speech.protested
    )  # fmt: skip


@kernel
def queues_of(after):
    """The queues in which a citizen waits, a bit for each: court, police, appeals, review."""
    return (
        int((after.standing & COURT) != 0) | int((after.standing & POLICE) != 0) << 1
        | int((after.standing & APPEAL) != 0) << 2 | int((after.standing & REVIEW) != 0) << 3
    )  # fmt: skip
