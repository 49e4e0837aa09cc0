"""Stage 1, act: what citizens do, given their traits and yesterday's state."""

from typing import NamedTuple

from underwatch.kernel.compile import kernel
from underwatch.model import streams
from underwatch.model.reasons import BY_DEBT, BY_OFFENCE, BY_OTHER, BY_PURCHASE, BY_WRITING
from underwatch.model.society.people import BORROWS, SHOPS
from underwatch.model.society.speech import SILENCE, Speech, speak
from underwatch.model.state import DISMISSED, IN_DEFAULT, KNOWS, MEMBER, has_loan
from underwatch.model.streams import MONTH, chance, happens


class Acts(NamedTuple):
    """A citizen's day: flags 0 or 1."""

    speech: Speech
    disfavoured: int  # purchases
    favoured: int
    would_minor: int  # a minor offence, at zero perceived detection
    minor: int
    watched: int  # the spot of the offence is under a camera
    serious: int
    due: int  # an instalment falls due
    kept: int
    good: int  # a good deed
    gamed: int  # acts of today that differ because the citizen strives: 0..2
    flies: int  # under a restriction, wants to take a flight
    rides: int  # under a restriction, wants to take a train
    applies: int  # for a visa
    joins: int  # joins the private score


@kernel
def earnings(traits, state):
    """The income quantile of a citizen, halved after a dismissal."""
    return traits.income >> 1 if state.standing & DISMISSED else traits.income


@kernel
def minor_chance(traits, params):
    """The probability of a minor offence today, of 2^32, at zero perceived detection."""
    return params.minor_rate * (64 + traits.independence) >> 8


@kernel
def flight_chance(traits, income, params):
    """The probability that a citizen of this income wants to fly today, of 2^32."""
    return params.flight_rate * (income * (64 + traits.mobility)) >> 15


@kernel
def train_chance(traits, params):
    """The probability that a citizen wants to take a train today, of 2^32."""
    return params.train_rate * (64 + traits.mobility) >> 7


@kernel
def _offend(traits, state, watched_share, draws, today, person, params):
    """(would, does, watched): a minor offence, with the detection perceived at the spot."""
    p = minor_chance(traits, params)
    would = happens(draws.minor, streams.MINOR, p, today, person)
    does = would
    watched = False
    if would:
        # At a camera the perceived detection counts in full, elsewhere in part.
        watched = chance(today, streams.MINOR_SPOT, person) < watched_share
        felt = state.detection if watched else state.detection * params.elsewhere >> 16
        p = p * params.deter[traits.prudence * felt >> 8] >> 16
        does = happens(draws.minor, streams.MINOR, p, today, person)
    return int(would), int(does), int(watched)


@kernel
def _offend_seriously(traits, state, draws, today, person, params):
    p = params.serious_rate * (64 + traits.independence) >> 8
    serious = False
    if happens(draws.serious, streams.SERIOUS, p, today, person):
        felt = state.detection * params.elsewhere >> 16
        p = p * params.deter[traits.prudence * felt >> 8] >> 16
        serious = happens(draws.serious, streams.SERIOUS, p, today, person)
    return int(serious)


@kernel
def miss_chance(traits, state, params):
    """The probability that an instalment is missed, of 2^32, unless in default."""
    missed = params.miss_rate[traits.thrift] * (384 - earnings(traits, state)) >> 8
    if state.standing & KNOWS:  # M21: people who know of the penalties miss fewer
        missed = missed * params.careful[traits.prudence] >> 16
    return missed


@kernel
def _pay(traits, state, credit, today, person, params):
    """(due, kept): borrowers owe an instalment every thirty days, if they have a loan.

    Where nobody decides on loans, everyone who wants one has it for good.
    """
    due = (traits.memberships & BORROWS) != 0 and (today.day + person) % MONTH == 0
    if params.credit_on:
        due = due and (has_loan(credit) or (state.standing & IN_DEFAULT) != 0)
    kept = False
    if due:
        u = chance(today, streams.REPAY, person)
        if state.standing & IN_DEFAULT:
            barred = state.list_until > 0 or (state.score_until > 0 and state.reasons > 15)
            kept = u < (params.cure_barred if barred else params.cure_free)
        else:
            kept = u >= miss_chance(traits, state, params)
    return int(due), int(kept)


@kernel
def _buys(draws, bad, good, today, person):
    """(disfavoured, favoured): the purchase of today, at these probabilities."""
    disfavoured = happens(draws.purchase, streams.PURCHASE, bad, today, person)
    either = happens(draws.purchase, streams.PURCHASE, bad + good, today, person)
    return int(disfavoured), int(either and not disfavoured)


@kernel
def act(traits, state, heard, share, street, watched_share, draws, reasons, today, person, params):
    """A day's acts; shares are in 65,536ths.

    watched_share: the probability of a camera at the spot, of 2^32. reasons: for which the citizen
    may be active; acts of no reason are not asked for.
    """
    speech = SILENCE
    if reasons & (BY_WRITING | BY_OTHER):
        speech = speak(traits, state, heard, share, street, draws, today, person, params)
    disfavoured = 0
    favoured = 0
    gamed = 0
    if reasons & BY_PURCHASE and traits.memberships & SHOPS:
        p_bad = params.buy_disfavoured * traits.taste >> 8
        p_good = params.buy_favoured * (255 - traits.taste) >> 8
        disfavoured, favoured = _buys(draws, p_bad, p_good, today, person)
        if street.strives & 1:  # some disfavoured goods give way, and there are more favoured ones
            before = disfavoured + 2 * favoured
            fewer = p_bad * params.striving >> 16
            p_good += fewer + (p_good * params.striving >> 16)
            p_bad -= fewer
            disfavoured, favoured = _buys(draws, p_bad, p_good, today, person)
            gamed = int(disfavoured + 2 * favoured != before)
    would_minor, minor, watched, serious, due, kept = 0, 0, 0, 0, 0, 0
    if reasons & BY_OFFENCE:
        would_minor, minor, watched = _offend(
            traits, state, watched_share, draws, today, person, params
        )
    if reasons & BY_DEBT:
        due, kept = _pay(traits, state, street.credit, today, person, params)
    joins, does_good, flies, rides, applies = False, False, False, False, False
    if reasons & BY_OTHER:
        serious = _offend_seriously(traits, state, draws, today, person, params)
        # M4: people join alone, or by word of mouth.
        if params.precursor_on and (traits.memberships & SHOPS) and not state.standing & MEMBER:
            p = params.join_alone + (params.join_heard * (heard.boasts * share) >> 16)
            joins = happens(draws.join, streams.JOIN, p, today, person)
        good = params.good_rate * state.trust >> 8
        more = good
        if street.strives & 2:
            more = good + (good * params.striving >> 16)
        does_good = happens(draws.good_deed, streams.GOOD_DEED, more, today, person)
        if does_good and not happens(draws.good_deed, streams.GOOD_DEED, good, today, person):
            gamed += 1
        income = earnings(traits, state)
        if state.list_until | state.score_until:  # whoever may be refused
            flies = chance(today, streams.FLIGHT, person) < flight_chance(traits, income, params)
            rides = chance(today, streams.TRAIN, person) < train_chance(traits, params)
        visa = params.visa_rate * income >> 7
        applies = happens(draws.visa, streams.VISA, visa, today, person)
    return Acts(
        speech, disfavoured, favoured, would_minor, minor, watched, serious, due, kept,
        int(does_good), gamed, int(flies), int(rides), int(applies), int(joins),
    )  # fmt: skip
