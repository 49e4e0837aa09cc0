"""The order of a day.

0. overnight – contacts' public signals of yesterday reach everyone (the end of stage 6).
1. act – every citizen acts, given their traits and yesterday's state.
2. sense – sensors turn acts into sightings with a claimed identity.
3. fuse – sightings become a dossier.
4. score – rules turn the dossier into points; association reads the contacts' scores.
5. decide – thresholds and lists become restrictions, dispatches and rulings.
6. respond – what happened reaches the citizen; this stage alone writes tomorrow's state.
7. measure – truth and file are compared; nothing reads a measure back.

On most days, most people do nothing and nothing happens to them. So the morning
(morning.py, vector code) is computed for everyone at once. It says among other
things who may be active today. Only for the active are the stages simulated one
by one (`citizen_day`). To simulate more people than necessary changes nothing.
"""

from typing import NamedTuple

from underwatch.kernel.compile import kernel
from underwatch.model.decisions.decide import Decisions, decide, nothing_decided
from underwatch.model.decisions.lending import Lending, lend
from underwatch.model.decisions.police import on_watch_list
from underwatch.model.decisions.restrictions import is_below
from underwatch.model.dossiers.companies import shares_purchases
from underwatch.model.dossiers.handed import MISLINKED, halved
from underwatch.model.dossiers.records import fuse, halves_today, retained
from underwatch.model.dossiers.tiers import Files, Found, read_at, read_file
from underwatch.model.morning import Misattributed
from underwatch.model.reasons import BY_DEBT, BY_OTHER, BY_WRITING
from underwatch.model.response.adapt import NO_EVENTS, Events, meet, respond
from underwatch.model.scoring.precursor import boasts, company_score, has_perks
from underwatch.model.scoring.scores import Score, assess, associates, is_scored, morning_score
from underwatch.model.sensing.sightings import Sightings, sense
from underwatch.model.society.acts import Acts, act
from underwatch.model.society.speech import rests_today
from underwatch.model.state import State, unpack


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
