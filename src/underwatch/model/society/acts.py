"""Stage 1, live: what citizens do, given who they are and yesterday's state."""

from typing import NamedTuple

from underwatch.kernel.compile import law
from underwatch.model import streams as draws
from underwatch.model.society.people import BORROWS, SHOPS
from underwatch.model.society.speech import Speech, speak
from underwatch.model.state import DISMISSED, IN_DEFAULT, KNOWS, MEMBER
from underwatch.model.streams import MONTH, chance, turned


class Acts(NamedTuple):
    """A citizen's day: flags 0 or 1."""

    speech: Speech
    disfavoured: int  # purchases
    favoured: int
    would_minor: int  # a minor offence, at zero perceived detection
    minor: int
    watched: int  # … where it would be done under a camera
    serious: int
    due: int  # an instalment falls due
    kept: int
    good: int  # a good deed
    flies: int  # tries to
    rides: int
    applies: int  # for a visa
    joins: int  # opts into the private score


@law
def earnings(me, mine):
    """What a citizen earns, as a quantile: half of it after a dismissal."""
    return me.income >> 1 if mine.standing & DISMISSED else me.income


@law
def minor_chance(me, rules):
    """That a citizen offends a little today, of 2^32, at zero perceived detection."""
    return rules.minor_rate * (64 + me.independence) >> 8


@law
def flight_chance(me, income, rules):
    """That a citizen of these earnings wants to fly today, of 2^32."""
    return rules.flight_rate * (income * (64 + me.mobility)) >> 15


@law
def train_chance(me, rules):
    """That a citizen wants to take a train today, of 2^32."""
    return rules.train_rate * (64 + me.mobility) >> 7


@law
def _offend(me, mine, watched_share, luck, today, person, rules):
    """(would, does, watched, serious): offences, with the detection that is felt where one is."""
    p = minor_chance(me, rules)
    would = luck.minor < p
    does = would
    watched = False
    if would:
        # At a camera the perceived chance weighs in full, elsewhere a part of it.
        watched = chance(today, draws.MINOR_SPOT, person) < watched_share
        felt = mine.detection if watched else mine.detection * rules.elsewhere >> 16
        does = luck.minor < (p * rules.deter[me.prudence * felt >> 8] >> 16)
    p = rules.serious_rate * (64 + me.independence) >> 8
    serious = False
    u = turned(luck.rare, draws.SERIOUS)
    if u < p:
        felt = mine.detection * rules.elsewhere >> 16
        serious = u < (p * rules.deter[me.prudence * felt >> 8] >> 16)
    return int(would), int(does), int(watched), int(serious)


@law
def _pay(me, mine, today, person, rules):
    """(due, kept): an instalment every thirty days, for those who borrow."""
    due = (me.memberships & BORROWS) != 0 and (today.day + person) % MONTH == 0
    kept = False
    if due:
        u = chance(today, draws.REPAY, person)
        if mine.standing & IN_DEFAULT:
            barred = mine.list_until > 0 or (mine.score_until > 0 and mine.reasons > 15)
            kept = u < (rules.cure_barred if barred else rules.cure_free)
        else:
            missed = rules.miss_rate[me.thrift] * (384 - earnings(me, mine)) >> 8
            if mine.standing & KNOWS:  # M21: whoever knows what awaits debtors takes care
                missed = missed * rules.careful[me.prudence] >> 16
            kept = u >= missed
    return int(due), int(kept)


@law
def live(me, mine, heard, share, watched_share, luck, today, person, rules):
    """A day's acts. `luck` holds the daily draws; shares are in 65,536ths."""
    speech = speak(me, mine, heard, share, luck, today, person, rules)
    disfavoured = False
    favoured = False
    if me.memberships & SHOPS:
        p_bad = rules.buy_disfavoured * me.taste >> 8
        p_good = rules.buy_favoured * (255 - me.taste) >> 8
        disfavoured = luck.purchase < p_bad
        favoured = not disfavoured and luck.purchase < p_bad + p_good
    would_minor, minor, watched, serious = _offend(
        me, mine, watched_share, luck, today, person, rules
    )  # fmt: skip
    due, kept = _pay(me, mine, today, person, rules)
    income = earnings(me, mine)
    # M4: word of mouth, and the perks that the scheme offers.
    joins = False
    if rules.precursor_on and (me.memberships & SHOPS) and not mine.standing & MEMBER:
        joins = turned(luck.rare, draws.JOIN) < rules.join_alone + (
            rules.join_heard * (heard.boasts * share) >> 16
        )
    return Acts(
        speech, int(disfavoured), int(favoured), would_minor, minor, watched, serious, due, kept,
        int(turned(luck.rare, draws.GOOD_DEED) < (rules.good_rate * mine.trust >> 8)),
        int(turned(luck.rare, draws.FLIGHT) < flight_chance(me, income, rules)),
        int(turned(luck.rare, draws.TRAIN) < train_chance(me, rules)),
        int(turned(luck.rare, draws.VISA) < (rules.visa_rate * income >> 7)),
        int(joins),
    )  # fmt: skip
