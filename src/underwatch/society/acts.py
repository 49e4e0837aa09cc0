"""Stage 1, live: what citizens do, given who they are and yesterday's state.

Every lawful act is asked twice of the same draw: at the risk the citizen
perceives, and at none. A chilled act would have been done at none.
"""

from typing import NamedTuple

from underwatch import draws
from underwatch.draws import chance
from underwatch.engine.law import law
from underwatch.response.state import IN_DEFAULT, ONE
from underwatch.society.people import BORROWS, SHOPS

CERTAIN = 1 << 32  # a probability of 1, in 2^32nds


class Acts(NamedTuple):
    """A citizen's day: flags 0 or 1."""

    would_post: int  # a critical post, at zero perceived risk
    posted: int
    contradicting: int  # the post contradicts the narrative; else it is unpermitted
    true_news: int
    disfavoured: int  # purchases
    favoured: int
    would_minor: int  # a minor offence, at zero perceived detection
    minor: int
    spot: int  # 0..2^32: where it happens; below the watched share, under a camera
    serious: int
    due: int  # an instalment falls due
    kept: int
    good: int  # a good deed
    flies: int  # tries to
    rides: int
    applies: int  # for a visa


@law
def live(me, mine, spoke_share, watched_share, luck, today, person, rules):
    """A day's acts. `luck` holds the eight daily draws; shares are in 65,536ths."""
    p = rules.post_rate[me.conviction] * (128 + me.sociability) >> 8
    p = min(CERTAIN, p * (ONE + (rules.hear_boost * spoke_share >> 16)) >> 16)
    # What is rare is asked first: most days, for most, nothing of the rest matters.
    would_post = luck.post < p
    posted = False
    contradicting = 0
    true_news = 0
    if would_post:
        posted = luck.post < (p * rules.chill[me.prudence * mine.risk >> 16] >> 16)
    if posted:
        contradicting = chance(today, draws.POST_KIND, person) < rules.contradicting_share
        true_news = chance(today, draws.POST_TRUE, person) < rules.true_share

    p_bad = rules.buy_disfavoured * me.taste >> 8
    p_good = rules.buy_favoured * (255 - me.taste) >> 8
    disfavoured = luck.purchase < p_bad
    favoured = not disfavoured and luck.purchase < p_bad + p_good

    p = rules.minor_rate * (64 + me.independence) >> 8
    would_minor = luck.minor < p
    minor = would_minor
    spot = 0
    if would_minor:
        # At a camera the perceived chance weighs in full, elsewhere a part of it.
        spot = chance(today, draws.MINOR_SPOT, person)
        felt = mine.detection if spot < watched_share else mine.detection * rules.elsewhere >> 16
        minor = luck.minor < (p * rules.deter[me.prudence * felt >> 16] >> 16)
    p = rules.serious_rate * (64 + me.independence) >> 8
    serious = False
    if luck.serious < p:
        felt = mine.detection * rules.elsewhere >> 16
        serious = luck.serious < (p * rules.deter[me.prudence * felt >> 16] >> 16)

    due = (me.memberships & BORROWS) != 0 and (today.day + person) % 30 == 0
    kept = 0
    if due:
        u = chance(today, draws.REPAY, person)
        if mine.standing & IN_DEFAULT:
            barred = mine.list_until > 0 or mine.score_until > 0
            kept = u < (rules.cure_barred if barred else rules.cure_free)
        else:
            kept = u >= rules.miss_rate[me.thrift] * (384 - me.income) >> 8
    good = 0
    if (today.day + person) % 30 == 15:
        good = chance(today, draws.GOOD_DEED, person) < (rules.good_rate * mine.trust >> 16)
    applies = 0
    if (today.day + person) % 30 == 7:
        applies = int(chance(today, draws.VISA, person) < rules.visa_rate * me.income >> 7)
    return Acts(
        int(would_post), int(posted), int(contradicting), int(true_news),
        int(disfavoured and (me.memberships & SHOPS) != 0),
        int(favoured and (me.memberships & SHOPS) != 0),
        int(would_minor), int(minor), spot, int(serious), int(due), int(kept), int(good),
        int(luck.flight < (rules.flight_rate * me.income * (64 + me.mobility) >> 15)),
        int(luck.train < (rules.train_rate * (64 + me.mobility) >> 7)), applies,
    )  # fmt: skip
