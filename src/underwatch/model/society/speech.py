"""Lawful expression: posts, messages, petitions, protest, foreign visits (M7, M17, M18).

The same draw decides each act twice: at the risk that the citizen perceives, and at
zero risk. An act that happens at zero risk only is withheld: a chilled act.

    p(r) = p0(opinion, sociability, contacts) · g(prudence · r),  g falling from 1
    protest: join if the share who protested yesterday ≥ threshold + shift · prudence · r

Granovetter (1978) for the thresholds. The share is that of the contacts, or of the adults of
the district. Recent days of protest lower the chance of another (fatigue). The curves are
tables, computed from the scenario.
"""

from typing import NamedTuple

from underwatch.kernel.compile import kernel
from underwatch.kernel.fixed import scaled
from underwatch.kernel.random import draw
from underwatch.model import streams
from underwatch.model.society.people import DISTRICT, POSTS
from underwatch.model.state import ONE
from underwatch.model.streams import chance, happens, whole

CERTAIN = 1 << 32  # a probability of 1, in 2^32nds


class Street(NamedTuple):
    """What a citizen knows besides what contacts show and what the state holds."""

    crowd: int  # the share of the district's adults who protested yesterday, in 65,536ths
    fatigue: int  # the citizen's own recent days of protest, 0..15
    credit: int  # the citizen's own loan, 0..127: see state.CREDIT
    strives: int  # by what the citizen strives for a score today (scoring/striving.py)


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
    would_foreign_visit: int  # to a foreign site
    foreign_visit: int


SILENCE = Speech(*(0 for _ in Speech._fields))


@kernel
def occasion(today, person, params):
    """Whether there is an occasion to protest in the citizen's district this week."""
    u = draw(today.seed, streams.OCCASION, today.day // 7, person // DISTRICT)
    return u < params.occasion


@kernel
def _among(p, boost, share):
    """A probability raised by the share of contacts who do the same."""
    return min(CERTAIN, p * (ONE + (boost * share >> 16)) >> 16)


@kernel
def rests_today(person, days, resting):
    """Whether a citizen's fatigue halves today: once in its half-life, on a hashed day."""
    return (person * 668_265_263 & 0xFFFFFFFF) * days >> 32 == resting


@kernel
def share_heeded(protested, share, street, params):
    """The share who protested yesterday, floor(65,536 · k / n), exactly.

    It is at least a threshold if and only if k / n is. Of n contacts, `share` holds
    floor(65,536 / n), which gives n back for n < 256.
    """
    if params.heeds_district:
        return street.crowd
    if protested == 0 or share == 0:  # on most days, and two divisions less
        return 0
    return protested * ONE // (ONE // share)


@kernel
def threshold_of(traits, opinion, person, params):
    """The share of others from which a citizen joins: by trait, or by rank in a listed order."""
    rank = person % params.thresholds_listed if params.thresholds_listed else traits.threshold
    return params.threshold[rank] + (255 - opinion) * params.threshold_loyal


@kernel
def protest(traits, state, others, tired, held, u, person, params):
    """(would, does): the citizen starts, or joins if enough others protested.

    others: the share who protested yesterday. tired: what fatigue leaves of each chance.
    """
    threshold = threshold_of(traits, state.opinion, person, params)
    felt = threshold + params.threshold_risk * (traits.prudence * state.risk >> 8)
    spark = scaled(params.spark[state.opinion], tired)
    join = scaled(params.join, tired)
    would = u < (max(join, spark) if others >= threshold else spark)
    does = (others >= felt and u < join) or u < scaled(spark, held)
    return int(would), int(does)


@kernel
def sociable(traits):
    """The factor of sociability on rates of expression, in 256ths."""
    return 128 + traits.sociability


@kernel
def foreign_visit_chance(traits, params):
    """The probability of a foreign visit today, of 2^32, at zero perceived risk."""
    return params.foreign_visit_rate * (64 + traits.independence) >> 8


@kernel
def speak(traits, state, heard, share, street, draws, today, person, params):
    """A day's lawful expression. `share` is the share of one contact, in 65,536ths."""
    held = params.chill[traits.prudence * state.risk >> 8]

    p = params.post_rate[state.opinion] * sociable(traits) >> 8
    p = _among(p, params.hear_boost, heard.spoke * share)
    would_post = happens(draws.post, streams.POST, p, today, person)
    posted = would_post and happens(draws.post, streams.POST, p * held >> 16, today, person)
    contradicting = 0
    true_news = 0
    if posted:
        contradicting = int(chance(today, streams.POST_KIND, person) < params.contradicting_share)
        true_news = int(chance(today, streams.POST_TRUE, person) < params.true_share)

    # Perceived risk is lower in private; a message is heard by one contact only.
    p = params.message_rate[state.opinion] * sociable(traits) >> 8
    would_message = happens(draws.message, streams.MESSAGE, p, today, person)
    messaged = False
    contradicting_message = 0
    if would_message:
        felt = state.risk * params.risk_in_private >> 16
        p = p * params.chill[traits.prudence * felt >> 8] >> 16
        messaged = happens(draws.message, streams.MESSAGE, p, today, person)
        if messaged:
            u = chance(today, streams.MESSAGE_KIND, person)
            contradicting_message = int(u < params.contradicting_share)

    p = _among(params.petition_rate[state.opinion], params.sign_boost, heard.petitioned * share)
    would_petition = happens(draws.petition, streams.PETITION, p, today, person)
    petitioned = would_petition and happens(
        draws.petition, streams.PETITION, p * held >> 16, today, person
    )

    would_protest = 0
    protested = 0
    others = share_heeded(heard.protested, share, street, params)
    spreads = others > 0 or params.instigators
    most = params.cap_march if spreads else params.spark[state.opinion]
    if draws.protest <= most >> 16 and occasion(today, person, params):
        u = whole(draws.protest, streams.PROTEST, today, person)
        would_protest, protested = protest(
            traits, state, others, params.tired[street.fatigue], held, u, person, params
        )

    would_foreign_visit = False
    foreign_visit = False
    if traits.memberships & POSTS:
        p = foreign_visit_chance(traits, params)
        would_foreign_visit = happens(draws.foreign_visit, streams.FOREIGN_VISIT, p, today, person)
        foreign_visit = would_foreign_visit and happens(
            draws.foreign_visit, streams.FOREIGN_VISIT, p * held >> 16, today, person
        )
    return Speech(
        int(would_post), int(posted), contradicting, true_news,
        int(would_message), int(messaged), contradicting_message,
        int(would_petition), int(petitioned), would_protest, protested,
        int(would_foreign_visit), int(foreign_visit),
    )  # fmt: skip
