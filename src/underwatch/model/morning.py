"""The morning of everyone: the news of the night, the score, and who may be active today.

This is vector code, for everyone at once.
"""

from typing import NamedTuple

import numpy as np

from underwatch.kernel.columns import picked
from underwatch.kernel.compile import kernel
from underwatch.kernel.fixed import upper_half
from underwatch.kernel.narrow import narrow
from underwatch.model.decisions.decide import privileged
from underwatch.model.decisions.police import on_watch_list
from underwatch.model.dossiers.companies import shares_purchases
from underwatch.model.dossiers.handed import MISLINKED, WAITING
from underwatch.model.dossiers.records import halves_today
from underwatch.model.dossiers.tiers import files_of, read_at
from underwatch.model.parameters.record import Night
from underwatch.model.reasons import ACTIVE, BY_OFFENCE, BY_OTHER, BY_PURCHASE, BY_WRITING
from underwatch.model.response.overnight import Feelings, overnight
from underwatch.model.scoring.precursor import boasts, company_score, has_perks
from underwatch.model.scoring.scores import associates, is_scored, morning_score, whole_points
from underwatch.model.scoring.striving import BY_PURCHASES, strives
from underwatch.model.society.acts import minor_chance
from underwatch.model.society.people import ADULT, BORROWS, POSTS, SHOPS
from underwatch.model.society.speech import foreign_visit_chance, rests_today, sociable
from underwatch.model.state import (
    BOASTS_STORED,
    DISMISSED,
    MEMBER,
    PENDING,
    SCORED_STORED,
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
