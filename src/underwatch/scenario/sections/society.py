"""The invented population of a scenario: traits, acts and responses."""

from typing import Annotated, Literal

from pydantic import Field

from underwatch.scenario.dated import Dated
from underwatch.scenario.sections.values import Days, MonthlyRate, Rate, Section, Share, Weight


class Size(Section):
    """How many citizens there are, and the seed of all random draws."""

    citizens: int = Field(ge=1, le=4_000_000_000, examples=[100_000])
    seed: int = Field(ge=0, lt=1 << 63, examples=[2018])


class Margins(Section):
    """What a census file gives: shares of aggregates, never rows about people."""

    share_under_15: Share
    share_over_60: Share
    share_urban: Share
    share_metropolis: Share  # a part of share_urban
    household_sizes: list[Share] = Field(min_length=8, max_length=8)  # of 1 to 8 people
    group_shares: list[Share] = Field(min_length=4, max_length=4)
    share_shopping_online: Share
    market_shares: list[Share] = Field(min_length=1, max_length=4)  # of marketplaces, in order
    share_on_platforms: Share
    share_borrowing: Share  # of adults, who owe instalments
    # By age: 0, 1-14, 15-29, 30-44, 45-59, 60-69, 70-79, 80-89, 90 and over.
    deaths_per_1000_a_year: list[Annotated[float, Field(ge=0, le=1000)]] = Field(
        min_length=9, max_length=9
    )


class Society(Margins, Size):
    """Who the citizens are: margins of a census, which a scenario names, and further traits."""

    share_evading: Share  # who can circumvent the firewall
    platform_shares: list[Share] = Field(min_length=1, max_length=4)  # of platforms, in order
    births_and_deaths: bool  # whether people are born, age and die
    conviction_spread: Share  # of a newborn's conviction about that of a parent, of the range
    conviction_skew: float = Field(gt=0, le=10)  # 1 = uniform; above 1, fewer critics
    household_likeness_income: Share
    household_likeness_conviction: Share
    # Homophily: Pearson's r over open ties outside the household.
    homophily: Share  # of opinion and of income, unless the next two say otherwise
    homophily_opinion: Share | None
    homophily_income: Share | None
    homophily_age: Share
    homophily_group: Share  # Newman's assortativity coefficient for categories


class Life(Section):
    """Acts at zero perceived risk; rates are means a year."""

    critical_posts_per_year: Rate
    critical_messages_per_year: Rate
    critical_skew: float = Field(ge=0, le=10)  # concentration of criticism among critics
    posts_more_per_hearing: Weight  # relative increase if all contacts posted yesterday
    share_contradicting: Share
    share_true_news: Share
    petitions_per_year: Rate
    petitions_more_per_hearing: Weight  # if all contacts petitioned yesterday
    foreign_visits_per_year: Rate  # per member of a platform
    favoured_purchases_per_year: Rate  # per online shopper
    disfavoured_purchases_per_year: Rate
    minor_offences_per_year: Rate
    serious_offences_per_year: Rate
    missed_instalments_worst: Share  # by the least thrifty
    missed_instalments_skew: float = Field(ge=0, le=10)
    cured_per_month: Share  # chance that a debtor in default repays
    cured_per_month_restricted: Share
    good_deeds_per_year: MonthlyRate
    flights_per_year: Rate
    train_trips_per_year: Rate
    visas_per_year: MonthlyRate  # applications


class Protest(Section):
    """Occasions for protest in a district, first protesters, and thresholds for joining."""

    occasions_per_year: Annotated[float, Field(ge=0, le=52)]  # weeks, in each district
    sparks: Share  # chance a day that the most critical start, given an occasion
    joining: Share  # chance a day to join, once the threshold is reached
    heeds: Literal["contacts", "district"]  # whose protest of yesterday is weighed
    thresholds: list[Share] = Field(max_length=256)  # of citizens in order, repeated; [] = drawn
    threshold_mean: Share  # share of contacts who protest
    threshold_spread: Share  # standard deviation of a normal distribution, cut at 0
    threshold_of_loyal: Share  # added for the most loyal
    threshold_of_risk: Annotated[float, Field(ge=0, le=10)]  # at full prudence and risk
    fatigue: Share  # of the chance, lost with each recent day of protest
    fatigue_half_life_days: Days  # of recent days of protest


class Response(Section):
    """How perceived risk, perceived detection and trust are learned; each runs from 0 to 1."""

    caution: Annotated[float, Field(ge=0, le=1000)]  # scale in exp(−prudence · risk · caution)
    deterrence: Annotated[float, Field(ge=0, le=1000)]  # the same for perceived detection
    repayment_care: Annotated[float, Field(ge=0, le=10)]  # of debtors who know of the blacklist
    detection_felt_elsewhere: Share
    risk_felt_in_private: Share
    risk_after_removal: Share
    risk_after_stop: Share
    risk_after_restriction: Share
    risk_after_refusal: Share
    risk_after_naming: Share  # as far as fears mix: nobody is named for expression
    risk_from_contacts: Share  # if all contacts are penalised for expression on one day
    spill_between_fears: Share  # share of a penalty on another ground that counts for a fear
    risk_half_life_days: Days
    detection_after_own: Share
    detection_from_contacts: Share
    detection_half_life_days: Days
    striving: Share  # of disfavoured purchases replaced, of favoured ones and good deeds added
    striving_reach_points: Annotated[int, Field(ge=0, le=1000)]  # what privileges are worth
    trust_spread: Annotated[float, Field(ge=0, le=0.28)]  # standard deviation of resting trust
    trust_lost_to_informers: Annotated[float, Field(ge=0, le=100)]  # of the range, per unit of
    # the mean chance that a neighbour reports a critical remark
    trust_from_kept: Share
    trust_from_broken: Share
    trust_after_stop: Share
    trust_after_wrong: Share
    trust_after_informer: Share
    trust_half_life_days: Days


class Support(Section):
    """Support for the system, from 0 to 1, as experiences move it.

    A good experience covers a share of the distance to 1, a bad one a share of that to 0.
    """

    approving_at_start: Share  # share of adults whose support starts above the middle
    spread_at_start: Annotated[float, Field(ge=0, le=2)]  # from the most loyal to the most critical
    bias_of_critics: Share  # of the good that the most critical overlook, of the bad they add
    # Good, a day:
    from_perks: Share  # with privileged access
    from_kept: Share  # if all contacts paid an instalment
    from_safety: Share  # if detection is perceived as certain
    from_boasts: Share  # if all contacts boast of a score
    # Bad, a day:
    from_news: Share  # if all contacts were penalised or named
    from_broken: Share  # if all contacts missed an instalment
    from_voices: Share  # if all contacts were heard to be critical
    from_offences: Weight  # if all adults of the district offended seriously
    learning: Share  # chance a day to learn of penalties, if all contacts were penalised or named
    lost_when_learning: Share  # of support, once
    discounted_when_known: Share  # of good experiences, by those who know of penalties
    after_visa: Share
    after_penalty: Share  # lost


class Opinion(Section):
    """Drift of private opinion, in steps of 255ths a year at full effect."""

    steps_to_voices: Dated[Rate]  # if all contacts were heard to be critical every day
    steps_to_official: Dated[Rate]  # the official line
    steps_to_conviction: Dated[Rate]  # the conviction of one's own
    openness_young: Annotated[float, Field(ge=0, le=10)]  # below 30
    openness_middle: Annotated[float, Field(ge=0, le=10)]
    openness_old: Annotated[float, Field(ge=0, le=10)]  # from 60
    foreign_source_moves: Share  # chance of a step by one visit to a foreign site


class Ties(Section):
    """When ties end and form; each citizen decides once in thirty days."""

    lost_per_month: Annotated[float, Field(ge=0, le=0.5)]  # of open ties, whatever they cost
    let_go: Share  # chance a month, at cost 1 and full prudence
    cost_of_shame: Share  # of a contact who is penalised or named
    cost_per_100_points: Annotated[float, Field(ge=0, le=10)]  # lost by association with a contact
    looseness_neighbours: Share
    looseness_local: Share
    looseness_online: Share
