"""The nation of a scenario: who its people are, what they do, and how they respond."""

from typing import Annotated

from pydantic import Field

from underwatch.scenario.dated import Dated
from underwatch.scenario.sections.values import Days, Rate, Section, Share, Weight


class Society(Section):
    """Who the citizens are: shares of a census, never rows about people."""

    citizens: int = Field(ge=1, le=4_000_000_000, examples=[100_000])
    seed: int = Field(ge=0, lt=1 << 63, examples=[2018])
    share_under_15: Share
    share_over_60: Share
    share_urban: Share
    share_metropolis: Share
    household_sizes: list[Share] = Field(min_length=8, max_length=8)
    group_shares: list[Share] = Field(min_length=4, max_length=4)
    share_shopping_online: Share
    market_shares: list[Share] = Field(min_length=3, max_length=3)  # the two largest, the others
    share_on_platforms: Share
    share_evading: Share  # who know how to get round a firewall
    share_borrowing: Share
    conviction_skew: float = Field(gt=0, le=10)
    household_likeness_income: Share
    household_likeness_conviction: Share
    homophily: Share  # Pearson's r of opinion and of income over ties outside the household
    homophily_opinion: Share | None = None  # instead of homophily, for opinion alone
    homophily_income: Share | None = None  # instead of homophily, for income alone
    homophily_age: Share
    homophily_group: Share  # Newman's assortativity coefficient for categories


class Life(Section):
    """What people do when nobody minds."""

    critical_posts_per_year: Rate
    critical_messages_per_year: Rate
    critical_skew: float = Field(ge=0, le=10)  # how far criticism is the critics' alone
    posts_more_per_hearing: Weight
    share_contradicting: Share
    share_true_news: Share
    petitions_per_year: Rate
    petitions_more_per_hearing: Weight
    foreign_visits_per_year: Rate  # of each member of platforms
    favoured_purchases_per_year: Rate  # of each who shops online
    disfavoured_purchases_per_year: Rate
    minor_offences_per_year: Rate
    serious_offences_per_year: Rate
    missed_instalments_worst: Share
    missed_instalments_skew: float = Field(ge=0, le=10)
    cured_per_month: Share
    cured_per_month_restricted: Share
    good_deeds_per_year: Annotated[float, Field(ge=0, le=12)]
    flights_per_year: Rate
    train_trips_per_year: Rate
    visas_per_year: Annotated[float, Field(ge=0, le=12)]


class Protest(Section):
    """When a district has cause, who begins, and how many others it takes to join."""

    occasions_per_year: Annotated[float, Field(ge=0, le=52)]  # weeks of cause, in each district
    sparks: Share  # chance a day that the most critical begin unasked, given a cause
    joining: Share  # chance a day to go, once enough contacts go
    threshold_mean: Share  # of one's contacts
    threshold_spread: Share  # standard deviation of a normal, cut at 0
    threshold_of_loyal: Share  # what is added for the most loyal
    threshold_of_risk: Annotated[float, Field(ge=0, le=10)]  # added at full prudence and risk


class Response(Section):
    """How people learn and what it does to them; feelings run from 0 to 1."""

    caution: Annotated[float, Field(ge=0, le=1000)]  # scale of exp(−prudence · risk · caution)
    deterrence: Annotated[float, Field(ge=0, le=1000)]
    repayment_care: Annotated[float, Field(ge=0, le=10)]  # of who knows, where there is a list
    detection_felt_elsewhere: Share
    risk_felt_in_private: Share
    risk_after_removal: Share
    risk_after_stop: Share
    risk_after_restriction: Share
    risk_after_refusal: Share
    risk_after_naming: Share
    risk_from_contacts: Share
    risk_from_namings: Share
    risk_half_life_days: Days
    detection_after_own: Share
    detection_from_contacts: Share
    detection_half_life_days: Days
    trust_from_kept: Share
    trust_from_broken: Share
    trust_after_stop: Share
    trust_after_wrong: Share
    trust_after_informer: Share
    trust_half_life_days: Days


class Support(Section):
    """Support for the system, from 0 to 1: perks, safety, and information about penalties."""

    at_rest: Share
    lost_to_opinion: Share  # by the most critical
    lost_when_known: Share  # by those who know of the penalties
    learning: Share  # chance a day to learn, if all contacts were penalised or named
    from_perks: Share  # a day on the fast lane
    from_offenders_caught: Share  # if all contacts were caught that day
    from_news: Share  # lost if all contacts were penalised or named
    after_visa: Share
    after_penalty: Share  # lost
    half_life_days: Days


class Opinion(Section):
    """Drift of private opinion, in steps of 255ths a year at full effect."""

    steps_to_voices: Dated[Rate]  # if all contacts were heard to be critical every day
    steps_to_official: Dated[Rate]
    steps_to_conviction: Dated[Rate]
    openness_young: Annotated[float, Field(ge=0, le=10)]  # below 30
    openness_middle: Annotated[float, Field(ge=0, le=10)]
    openness_old: Annotated[float, Field(ge=0, le=10)]  # from 60
    foreign_source_moves: Share  # chance of a step by one look abroad


class Ties(Section):
    """How ties end and form: once in thirty days everyone looks at them."""

    lost_per_month: Annotated[float, Field(ge=0, le=0.5)]  # of open ties, whatever they cost
    let_go: Share  # chance a month, at cost 1 and full prudence
    cost_of_shame: Annotated[float, Field(ge=0, le=1)]  # of a contact who is penalised or named
    cost_per_100_points: Annotated[
        float, Field(ge=0, le=10)
    ]  # that the contact takes by association
    looseness_neighbours: Share
    looseness_local: Share
    looseness_online: Share
