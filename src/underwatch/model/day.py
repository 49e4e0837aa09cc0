"""The order of a day.

0. overnight – what contacts showed yesterday reaches everyone (stage 6 ends where a day begins).
1. live – every citizen acts, given who they are and yesterday's state.
2. sense – sensors turn acts into sightings with a claimed identity.
3. fuse – sightings become a dossier.
4. score – rules turn the dossier into points; association reads the contacts'.
5. decide – thresholds and lists become restrictions, calls, rulings.
6. respond – what happened reaches the citizen; this alone writes tomorrow.
7. measure – truth and file held together; nothing reads a measure back.

On most days, most people neither do nor suffer anything. So everyone is asked
the same few things at once (`morning`: vector code), among them whether
anything may stir; and only those for whom it may live the day stage by stage
(`citizen_day`). Asking more people than need be changes nothing.
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
)
from underwatch.model.sensing.platforms import removed
from underwatch.model.sensing.sightings import Sightings, sense
from underwatch.model.society.acts import Acts, flight_chance, live, minor_chance, train_chance
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
    PENDING,
    PETITIONED,
    POLICE,
    PROTESTED,
    REVIEW,
    SCORE_LANE,
    SCORED,
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

# Probabilities of 2^32; every other rule of the night is a share, a weight or a score.
_CHANCES = ("cap_", "drift_", "join_", "opted_out", "corrected_daily")
WIDE = {n for n in Night._fields if n.startswith(_CHANCES) or n.endswith("_rate")}
night_params = picked(Night, WIDE)


class DailyDraws(NamedTuple):
    """The draws that everyone needs every day, uint32 values, in the order of their streams."""

    post: int
    message: int
    purchase: int
    minor: int
    protest: int
    rare: int  # shared by what is rare (draws.turned)
    feeling: int
    drift: int


class ContactSignals(NamedTuple):
    """Yesterday's words that reach a citizen, and what one contact weighs."""

    home: int  # sums of words by layer
    local: int
    online: int
    share: int  # 65,536 over the adults one knows


class Misattributed(NamedTuple):
    """Yesterday's mistakes that land on this citizen, flags 0 or 1."""

    face: int
    name: int
    crowd: int


class Morning(NamedTuple):
    """What everyone is asked at once."""

    felt: Feelings
    signals: int  # what others may see tonight, if nothing stirs
    privileged: int
    watched: int
    active: int


class CitizenDay(NamedTuple):
    """One citizen's day, stage by stage."""

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
    """Whether a citizen's marketplace hands over what it knows."""
    return params.compelled >> (memberships // MARKET & 3) & 1


@kernel
def _shown(score, scored, boasting):
    """The part of the word that stands on quiet days as well."""
    return scored * (SCORED | score << SCORE_LANE) | BOASTS * boasting


@kernel
def lean(opinion, params):
    """At least the share of the critics' rates that an opinion has, in 65,536ths."""
    return params.lean + (
        params.lean_linear * opinion + params.lean_square * opinion * opinion >> 8
    )


@kernel
def morning(traits, state, misattributed, contacts, draws, person, today, crowded, params):
    """Overnight, and what stands whatever the day brings; `rules` are those of the night."""
    heard = unpack(contacts.home, contacts.local, contacts.online)
    observed = associates(contacts.home, contacts.local, contacts.online, params)
    scored = is_scored(traits.piloted, person, params)
    total = morning_score(state, shares_purchases(traits.memberships, params), observed, params)

    private = company_score(state.file, heard.boasts * contacts.share, params)
    boasting = boasts(private, state.standing, traits.sociability, params)
    fast = privileged(total, scored, has_perks(private, state.standing, params), params)
    watched = on_watch_list(state, params)
    felt = overnight(traits, state, heard, contacts.share, fast, draws, params)

    below = params.restrict_on * scored * (total < params.line)
    pending = (state.standing & (PENDING | DISMISSED)) | state.list_until | state.score_until
    pending |= (state.file >> 48 & 0xFFFF) * (params.corrected_daily > 0)  # what may be put right
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
        | (rotated(rare, PASS_BY) < (params.cap_watched if watched else params.cap_pass))
        | (shops & ((state.standing & MEMBER) == 0) & (rotated(rare, JOIN) < joins))
    )  # fmt: skip
    fades = halves_today(person, params.halve_days, today.fading)
    adult = traits.age >= ADULT
    active = adult & (acts | (below > 0) | fades | (pending != 0))
    signals = adult * _shown(total, scored, boasting)
    return Morning(felt, signals, fast, watched, active)


@kernel
def owes(traits):
    """Whether a citizen has instalments to pay: each thirtieth day stirs those who do."""
    return int(traits.age >= ADULT and (traits.memberships & BORROWS) != 0)


@kernel
def citizen_day(
    i, traits, state, misattributed, contacts, draws, lookalike, crowd, world, today, params
):
    """Stages 1 to 6 for citizen i, who woke as `mine`."""
    heard = unpack(contacts.home, contacts.local, contacts.online)
    acts = live(
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

    watched = on_watch_list(state, params)
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
    score = assess(copy, file, shared, observed, params)
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
    """What others may see of a citizen tomorrow."""
    acts, seen, after = day.acts, day.seen, day.after
    signals = _shown(day.score.total, day.scored, day.boasting)
    signals |= SPOKE * seen.heard | PETITIONED * acts.speech.petitioned
    signals |= PROTESTED * seen.passed.protest | MARCHED * acts.speech.protested
    restricted = after.list_until > 0 or (after.score_until > 0 and after.reasons > 15)
    if restricted or day.met.stopped or removed(seen.read):
        signals |= PENALISED
    if after.named > 0:
        signals |= NAMED
    if seen.caught.minor or seen.entered.serious:
        signals |= CAUGHT
    if acts.due:
        signals |= KEPT if acts.kept else BROKE
    return signals


@kernel
def misidentification_flags(seen):
    """The mistakes of today that will land on the double."""
    return (
        FACE_MISTAKEN * seen.caught.mistaken_face + NAME_MISTAKEN * seen.entered.mistaken_name
        + CROWD_MISTAKEN * seen.caught.mistaken_crowd
    )  # fmt: skip


@kernel
def queues_of(after, params):
    """The desks before which a citizen waits tonight: a bit for each, in the order of their bits
    of `standing`.
    """
    ready = (after.standing & APPEAL) != 0 and after.appeal_wait >= params.appeal_delay
    return (
        int((after.standing & COURT) != 0) | int((after.standing & POLICE) != 0) << 1
        | int(ready) << 2 | int((after.standing & REVIEW) != 0) << 3
    )  # fmt: skip
