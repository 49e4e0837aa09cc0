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
(`live_through`). Asking more people than need be changes nothing.
"""

from typing import NamedTuple

from underwatch.kernel.columns import picked
from underwatch.kernel.compile import law
from underwatch.model.decisions.decide import Decisions, decide, fast_lane
from underwatch.model.decisions.police import on_watch_list
from underwatch.model.dossiers.records import fuse, halves_today
from underwatch.model.dossiers.tiers import LOCAL, NATION, copy_held, copy_of, fold, points_held
from underwatch.model.parameters.record import Night
from underwatch.model.response.adapt import Events, meet, respond
from underwatch.model.response.overnight import Feelings, overnight
from underwatch.model.scoring.precursor import boasts, company_score, has_perks
from underwatch.model.scoring.scores import Score, assess, by_company, company, is_scored, within
from underwatch.model.sensing.platforms import removed
from underwatch.model.sensing.sightings import Sightings, sense
from underwatch.model.society.acts import Acts, flight_chance, live, minor_chance, train_chance
from underwatch.model.society.people import ADULT, BORROWS, MARKET, POSTS, SHOPS
from underwatch.model.society.speech import look_chance, sociable
from underwatch.model.society.ties import Ties
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
    GOOD_DEED,
    JOIN,
    LOOK,
    MISREAD,
    PASS_BY,
    PETITION,
    SERIOUS,
    SLANDER,
    TRAIN,
    VISA,
    turned,
)

# Probabilities of 2^32; every other rule of the night is a share, a weight or a score.
_CHANCES = ("cap_", "drift_", "join_", "opted_out", "corrected_daily")
_WIDE = {n for n in Night._fields if n.startswith(_CHANCES) or n.endswith("_rate")}
night_rules = picked(Night, _WIDE)


class Luck(NamedTuple):
    """The draws that everyone needs every day, uint32 values, in the order of their streams."""

    post: int
    message: int
    purchase: int
    minor: int
    protest: int
    rare: int  # shared by what is rare (draws.turned)
    feeling: int
    drift: int


class News(NamedTuple):
    """Yesterday's words that reach a citizen, and what one contact weighs."""

    home: int  # sums of words by layer
    local: int
    online: int
    share: int  # 65,536 over the adults one knows


class Landed(NamedTuple):
    """Yesterday's mistakes that land on this citizen, flags 0 or 1."""

    face: int
    name: int
    crowd: int


class Morning(NamedTuple):
    """What everyone is asked at once."""

    felt: Feelings
    word: int  # what others may see tonight, if nothing stirs
    fast_lane: int
    watched: int
    stirs: int


class Lived(NamedTuple):
    """One citizen's day, stage by stage."""

    acts: Acts
    seen: Sightings
    watched: int  # on the watch list
    landed: Landed
    score: Score
    scored: int
    boasting: int
    made: Decisions
    met: Events
    after: State


@law
def shares_purchases(memberships, rules):
    """Whether a citizen's marketplace hands over what it knows."""
    return rules.compelled >> (memberships // MARKET & 3) & 1


@law
def _shown(score, scored, boasting):
    """The part of the word that stands on quiet days as well."""
    return scored * (SCORED | score << SCORE_LANE) | BOASTS * boasting


@law
def lean(opinion, rules):
    """At least the share of the critics' rates that an opinion has, in 65,536ths."""
    return rules.lean + (rules.lean_linear * opinion + rules.lean_square * opinion * opinion >> 8)


@law
def morning(me, mine, landed, news, luck, person, today, crowded, rules):
    """Overnight, and what stands whatever the day brings; `rules` are those of the night."""
    heard = unpack(news.home, news.local, news.online)
    kept = company(news.home, news.local, news.online, rules)
    scored = is_scored(me.piloted, person, rules)
    local = fold(mine.file, shares_purchases(me.memberships, rules), rules)
    above = points_held(mine.nation if rules.score_reads == NATION else mine.region)
    own = rules.base + (local if rules.score_reads == LOCAL else above)
    total = within(own + by_company(kept, rules), rules)

    private = company_score(mine.file, heard.boasts * news.share, rules)
    boasting = boasts(private, mine.standing, me.sociability, rules)
    fast = fast_lane(total, scored, has_perks(private, mine.standing, rules), rules)
    watched = on_watch_list(mine, rules)
    felt = overnight(me, mine, heard, news.share, fast, luck, rules)

    below = rules.restrict_on * scored * (total < rules.line)
    pending = (mine.standing & (PENDING | DISMISSED)) | mine.list_until | mine.score_until
    pending |= (mine.file >> 48 & 0xFFFF) * (rules.corrected_daily > 0)  # what may be put right
    pending |= mine.named | mine.appeal_wait | landed.face | landed.name | landed.crowd
    shops = (me.memberships & SHOPS) != 0
    online = (me.memberships & POSTS) != 0
    critical = lean(mine.opinion, rules)
    talks = critical * sociable(me)
    post = rules.cap_post_heard if heard.spoke > 0 else rules.cap_post
    sign = rules.cap_sign_heard if heard.petitioned > 0 else rules.cap_sign
    march = rules.cap_march if heard.protested > 0 else rules.cap_spark * critical >> 16
    joins = (rules.join_heard * (heard.boasts * news.share) >> 16) + rules.join_alone
    rare = luck.rare
    acts = (
        (luck.post < post * talks >> 24) | (luck.message < rules.cap_message * talks >> 24)
        | (luck.protest < march) | (shops & (luck.purchase < rules.cap_purchase))
        | (luck.minor < minor_chance(me, rules))
        | (turned(rare, PETITION) < sign * critical >> 16)
        | (online & (turned(rare, LOOK) < look_chance(me, rules)))
        | (turned(rare, SERIOUS) < rules.cap_serious)
        | (turned(rare, FLIGHT) < flight_chance(me, me.income, rules))
        | (turned(rare, TRAIN) < train_chance(me, rules))
        | (turned(rare, VISA) < rules.cap_visa) | (turned(rare, GOOD_DEED) < rules.cap_good)
        | (online & (turned(rare, MISREAD) < rules.cap_misread))
        | (turned(rare, SLANDER) < rules.cap_slander) | (turned(rare, BYSTANDER) < crowded)
        | (turned(rare, PASS_BY) < (rules.cap_watched if watched else rules.cap_pass))
        | (shops & ((mine.standing & MEMBER) == 0) & (turned(rare, JOIN) < joins))
    )  # fmt: skip
    fades = halves_today(person, rules.halve_days, today.fading)
    adult = me.age >= ADULT
    stirs = adult & (acts | (below > 0) | fades | (pending != 0))
    word = adult * _shown(total, scored, boasting)
    return Morning(felt, word, fast, watched, stirs)


@law
def owes(me):
    """Whether a citizen has instalments to pay: each thirtieth day stirs those who do."""
    return int(me.age >= ADULT and (me.memberships & BORROWS) != 0)


@law
def live_through(i, me, mine, landed, news, luck, double, crowd, world, today, rules):
    """Stages 1 to 6 for citizen i, who woke as `mine`."""
    heard = unpack(news.home, news.local, news.online)
    acts = live(me, mine, heard, news.share, rules.watched_spots[me.place], luck, today, i, rules)

    watched = on_watch_list(mine, rules)
    ties = Ties(world.contacts, world.reach, world.slots)
    seen = sense(acts, me, watched, mine.standing, double, crowd, ties, world.people,
                 luck, today, i, rules)  # fmt: skip

    fades = halves_today(i, rules.halve_days, today.fading)
    file = fuse(mine.file, seen, landed.face, landed.name, landed.crowd, fades)

    if rules.score_reads == LOCAL:
        copy = copy_of(file, shares_purchases(me.memberships, rules), rules, rules.sees)
    else:
        copy = copy_held(mine.nation if rules.score_reads == NATION else mine.region)
    score = assess(copy, company(news.home, news.local, news.online, rules), rules)
    scored = is_scored(me.piloted, i, rules)
    private = company_score(file, heard.boasts * news.share, rules)
    perks = has_perks(private, mine.standing, rules)

    made = decide(mine, copy, score, scored, perks, seen, watched, landed, today, i, rules)
    met = meet(mine, acts, seen, made, file, today, i, rules)
    after = respond(mine, acts, seen, file, made, met, rules)
    boasting = boasts(private, after.standing, me.sociability, rules)
    return Lived(acts, seen, watched, landed, score, scored, boasting, made, met, after)


@law
def word_of(day, rules):
    """What others may see of a citizen tomorrow."""
    acts, seen, after = day.acts, day.seen, day.after
    word = _shown(day.score.total, day.scored, day.boasting)
    word |= SPOKE * seen.heard | PETITIONED * acts.speech.petitioned
    word |= PROTESTED * seen.passed.protest | MARCHED * acts.speech.protested
    restricted = after.list_until > 0 or (after.score_until > 0 and after.reasons > 15)
    if restricted or day.met.stopped or removed(seen.read):
        word |= PENALISED
    if after.named > 0:
        word |= NAMED
    if seen.caught.minor or seen.entered.serious:
        word |= CAUGHT
    if acts.due:
        word |= KEPT if acts.kept else BROKE
    return word


@law
def mark_of(seen):
    """The mistakes of today that will land on the double."""
    return (
        FACE_MISTAKEN * seen.caught.mistaken_face + NAME_MISTAKEN * seen.entered.mistaken_name
        + CROWD_MISTAKEN * seen.caught.mistaken_crowd
    )  # fmt: skip


@law
def queues_of(after, rules):
    """The desks before which a citizen waits tonight: a bit for each, in the order of their bits
    of `standing`.
    """
    ready = (after.standing & APPEAL) != 0 and after.appeal_wait >= rules.appeal_delay
    return (
        int((after.standing & COURT) != 0) | int((after.standing & POLICE) != 0) << 1
        | int(ready) << 2 | int((after.standing & REVIEW) != 0) << 3
    )  # fmt: skip
