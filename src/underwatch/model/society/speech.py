"""Lawful expression: posts, private messages, petitions, protest, looking abroad (M7, M17, M18).

Each is asked twice of the same draw: at the risk that the citizen perceives,
and at none. An act that would be done at none and is not done is a chilled act.

    p(r) = p0(opinion, sociability, company) · g(prudence · r),  g falling from 1
    protest: join if the share of contacts who protested ≥ threshold + shift · prudence · r

Granovetter (1978) for the thresholds; the curves are tables that the scenario resolves.
"""

from typing import NamedTuple

from underwatch.kernel.compile import law
from underwatch.kernel.random import draw
from underwatch.model import streams as draws
from underwatch.model.society.people import DISTRICT, POSTS
from underwatch.model.state import ONE
from underwatch.model.streams import chance, turned

CERTAIN = 1 << 32  # a probability of 1, in 2^32nds


class Speech(NamedTuple):
    """A citizen's lawful expression today; flags 0 or 1."""

    would_post: int  # a critical post, at zero perceived risk
    posted: int
    contradicting: int  # the post contradicts the narrative; else it is unpermitted
    true_news: int
    would_message: int  # a critical message to a contact
    messaged: int
    contradicting_message: int
    would_petition: int
    petitioned: int
    would_protest: int
    protested: int
    would_look: int  # abroad, at a foreign source
    looked: int


@law
def occasion(today, person, rules):
    """Whether this week gives the citizen's district an occasion to protest."""
    u = draw(today.seed, draws.OCCASION, today.day // 7, person // DISTRICT)
    return u < rules.occasion


@law
def _among(p, boost, share):
    """A probability raised by the share of contacts who do the same."""
    return min(CERTAIN, p * (ONE + (boost * share >> 16)) >> 16)


@law
def protest(me, mine, share_protesting, held, u, rules):
    """(would, does): a spark of one's own, or joining where enough of one's contacts are."""
    threshold = rules.threshold[me.threshold] + (255 - mine.opinion) * rules.threshold_loyal
    felt = threshold + rules.threshold_risk * (me.prudence * mine.risk >> 8)
    spark = rules.spark[mine.opinion]
    joins = share_protesting > 0 and share_protesting >= threshold
    dares = share_protesting > 0 and share_protesting >= felt
    would = u < (max(rules.join, spark) if joins else spark)
    does = u < (rules.join if dares else 0) or u < (spark * held >> 16)
    return int(would), int(does)


@law
def sociable(me):
    """How much a citizen talks, in 256ths of the rate."""
    return 128 + me.sociability


@law
def look_chance(me, rules):
    """That a citizen looks abroad today, of 2^32, at zero perceived risk."""
    return rules.look_rate * (64 + me.independence) >> 8


@law
def speak(me, mine, heard, share, luck, today, person, rules):
    """A day's lawful expression. `share` is what one contact weighs, in 65,536ths."""
    held = rules.chill[me.prudence * mine.risk >> 8]

    p = rules.post_rate[mine.opinion] * sociable(me) >> 8
    p = _among(p, rules.hear_boost, heard.spoke * share)
    would_post = luck.post < p
    posted = would_post and luck.post < (p * held >> 16)
    contradicting = 0
    true_news = 0
    if posted:
        contradicting = int(chance(today, draws.POST_KIND, person) < rules.contradicting_share)
        true_news = int(chance(today, draws.POST_TRUE, person) < rules.true_share)

    # In private, risk is felt less, and a message is heard by one contact only.
    p = rules.message_rate[mine.opinion] * sociable(me) >> 8
    would_message = luck.message < p
    messaged = False
    contradicting_message = 0
    if would_message:
        felt = mine.risk * rules.risk_in_private >> 16
        messaged = luck.message < (p * rules.chill[me.prudence * felt >> 8] >> 16)
        if messaged:
            u = chance(today, draws.MESSAGE_KIND, person)
            contradicting_message = int(u < rules.contradicting_share)

    p = _among(rules.petition_rate[mine.opinion], rules.sign_boost, heard.petitioned * share)
    u = turned(luck.rare, draws.PETITION)
    would_petition = u < p
    petitioned = u < (p * held >> 16)

    would_protest = 0
    protested = 0
    most = rules.cap_march if heard.protested > 0 else rules.spark[mine.opinion]
    if luck.protest < most and occasion(today, person, rules):
        would_protest, protested = protest(
            me, mine, heard.protested * share, held, luck.protest, rules
        )

    would_look = False
    looked = False
    if me.memberships & POSTS:
        p = look_chance(me, rules)
        u = turned(luck.rare, draws.LOOK)
        would_look = u < p
        looked = u < (p * held >> 16)
    return Speech(
        int(would_post), int(posted), contradicting, true_news,
        int(would_message), int(messaged), contradicting_message,
        int(would_petition), int(petitioned), would_protest, protested,
        int(would_look), int(looked),
    )  # fmt: skip
