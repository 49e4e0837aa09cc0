"""The system of a scenario: sensors, files, scores, decisions and recourse."""

from typing import Annotated

from pydantic import Field

from underwatch.scenario.dated import Dated
from underwatch.scenario.sections.values import (
    Ban,
    Days,
    Density,
    Expression,
    Gallery,
    Office,
    Places,
    Points,
    Rate,
    ScoreAt,
    Section,
    Share,
    ShareByPlace,
    Source,
    Threshold,
    Weight,
)


class Firewall(Section):
    """M6: what is filtered, as probabilities."""

    posts_filtered: Dated[Share]  # critical posts stopped at once
    protests_filtered: Dated[Share]  # protests of which contacts never hear
    foreign_sources_blocked: Dated[Share]
    evasion_seen: Dated[Share]  # visits to foreign sites by circumvention that are recorded
    news_of_penalties_hushed: Dated[Share]  # news of penalties that is suppressed


class Platforms(Section):
    """M7: readers of posts, by choice of a platform or under compulsion."""

    read: Dated[Share]  # critical posts that a reader flags and removes
    misread_per_year: Dated[Rate]  # ordinary posts flagged, per member of a platform
    petitions_read: Dated[Share]


_Company = Annotated[int, Field(ge=1, le=4)]
# One for each company in order; the last stands for those that follow.
_EachCompany = Annotated[list[Days], Field(min_length=1, max_length=4)]


class Companies(Section):
    """M3: what marketplaces and platforms hand over to the state, and from when."""

    keep_records: Dated[bool]  # of purchases
    compelled: Dated[list[_Company]]  # marketplaces, by their place in society.market_shares
    # Marketplaces that hand over of their own accord, under a contract.
    under_contract: Dated[list[_Company]]
    days_between_marketplace_deliveries: _EachCompany
    mislinked: Share  # of a namesake's purchases at the same marketplace, at each delivery
    platforms_compelled: Dated[list[_Company]]  # by their place in society.platform_shares
    platforms_hand_over: Dated[list[Expression]]  # of what their readers flag
    days_between_platform_deliveries: _EachCompany  # of posts and signatures


_Rates = Annotated[list[Share], Field(max_length=32)]


class OperatingCurve(Section):
    """M12: the rates of a face matcher by threshold, each with an interval; empty = no curve."""

    thresholds: Annotated[list[Threshold], Field(max_length=32)]  # ascending
    false_match_rates: _Rates  # FMR, the mean over the tested mix of groups
    false_match_rates_low: _Rates
    false_match_rates_high: _Rates
    miss_rates: _Rates  # FNMR
    miss_rates_low: _Rates
    miss_rates_high: _Rates


class Cameras(Section):
    """M11, M12: cameras with face matching, declared as an operating curve or as error rates."""

    per_1000_people: Dated[Density]
    share_covered_per_100: ShareByPlace  # of spots, by the first 100 cameras per 1,000 people
    uptime: Dated[Share]
    share_matched: Dated[Share]  # offences seen for which a face search is run
    protests_matched: Dated[Share]  # protesters seen for whom a face search is run
    passers_by_recorded: Dated[Share]  # chance of a bystander where everyone protests
    operating_curve: OperatingCurve
    within_interval: Annotated[float, Field(ge=-1, le=1)]  # -1 low ends, 0 estimates, 1 high ends
    threshold: Threshold  # of searches after an offence or a protest
    watch_list_threshold: Threshold  # of searches at watch-list cameras
    # A rate that is given replaces the curve's: a curve of one point.
    miss_rate: Share | None = None  # FNIR: enrolled faces that a search does not return
    false_match_rate: Share | None = None  # FMR: false matches per comparison
    watch_list_false_match_rate: Share | None = None  # FMR at watch-list cameras
    gallery: Gallery  # enrolled faces searched after an offence or a protest
    watch_list_scaled_to: Gallery  # people for whom the run's list stands; 0 = its own only
    watch_list_outsiders: Dated[Gallery]  # enrolled faces of people outside the run
    passes_checked_per_day: Dated[Share]  # chance a day to pass a watch-list camera
    group_factors: list[Weight] = Field(min_length=4, max_length=4)
    tested_mix: list[Weight] = Field(max_length=4)  # of groups; empty = society.group_shares
    lookalike_spread: Annotated[float, Field(ge=0, le=10)]  # CV of citizens' false-match rates
    double_in_group: Share  # false matches within the citizen's own group


class Registers(Section):
    """M2, M9: what courts, banks and the police enter in a file."""

    instalments_reported: Dated[Share]
    judgement_missed: Share  # judgements that are never entered
    judgement_mistyped: Share  # judgements entered under another citizen's identity
    good_deeds_seen: Dated[Share]
    serious_cleared: ShareByPlace  # serious offences cleared by the police


class Neighbours(Section):
    """M20: neighbours report each other."""

    reports: Dated[Share]  # chance that the most willing neighbour reports a critical act
    lies_per_year: Dated[Rate]  # false reports per citizen with an average neighbour
    found_out: Share  # reports of which the reported citizen learns


class Files(Section):
    """M2: how long records are retained."""

    half_life_days: Annotated[int, Field(ge=0, le=20_000)]  # 0 = no decay


class Tier(Section):
    """One tier above the local office: regional or national."""

    connected: Dated[Share]  # neighbourhoods
    sources: Dated[list[Source]]  # whose records reach it
    days_between_deliveries: Days  # local files are delivered at this interval
    missed: Share  # deliveries that are lost
    mistaken: Share  # records of a namesake that a delivery links to the citizen


class Tiers(Section):
    """M5: Golden Shield, files of two further tiers beside the local one."""

    regional: Tier
    national: Tier


class Wall(Section):
    """M23: sources whose records may not enter the state's files."""

    closed_to: Dated[list[Source]]


class PointsOf(Section):
    """Points of the citizen score per record, by kind of record."""

    late: Points
    repaid: Points
    default: Points
    favoured: Points
    disfavoured: Points
    unpermitted: Points
    contradicting: Points
    minor_offence: Points
    serious_offence: Points
    good_deed: Points
    assembly: Points
    evasion: Points


class Scoring(Section):
    """M1, M10: the citizen score."""

    on: Dated[bool]
    share_of_places: Dated[Share]  # neighbourhoods in which adults are scored
    reads: Dated[Office]  # the tier whose file is scored
    base: ScoreAt
    floor: ScoreAt
    ceiling: ScoreAt
    points: PointsOf
    # Weight of the mean deviation of observed contacts from the base.
    association: Dated[Annotated[float, Field(gt=-1, lt=1)]]
    observed_home: Dated[bool]  # ties within the household count
    observed_local: Dated[bool]  # ties at work, at school and among friends count
    observed_online: Dated[bool]  # online ties count


class CompanyPoints(Section):
    """Points of the company's score per record, by kind of record."""

    late: Points
    repaid: Points
    favoured: Points
    disfavoured: Points


class Precursor(Section):
    """M4: the private, voluntary score that precedes the citizen score."""

    on: Dated[bool]
    base: ScoreAt
    floor: ScoreAt
    ceiling: ScoreAt
    points: CompanyPoints
    connections: Points  # if all contacts show their score
    joining_alone_per_year: Dated[Rate]  # per online shopper who is not a member
    joining_by_word_per_year: Dated[Rate]  # added if all contacts show their score
    boasting_from: ScoreAt
    share_boasting: Share  # of members at or above boasting_from
    perks_from: Dated[ScoreAt]  # 0 = none


class CreditPoints(Section):
    """Points of the lender's score per record, by kind of record."""

    late: Points
    repaid: Points


class Credit(Section):
    """M9: lending by a score that reads repayment history and nothing else."""

    lending: Dated[bool]  # false: everyone who wants a loan has one for good
    applications_per_year: Annotated[float, Field(ge=0, le=12)]  # of who wants a loan and has none
    base: ScoreAt
    points: CreditPoints
    approved_from: ScoreAt  # a score equal to this is approved
    instalments: Annotated[int, Field(ge=1, le=63)]  # of a loan, one every thirty days
    declined_months: Annotated[int, Field(ge=0, le=63)]  # until the next application


class Blacklist(Section):
    """M16: the court's blacklist of debtors."""

    on: Dated[bool]
    days: Days  # for which an entry stands
    bans: Dated[list[Ban]]
    court_places_per_million_a_day: Dated[Places]


class Restrictions(Section):
    """M16: restrictions that follow a low score."""

    on: Dated[bool]
    below: ScoreAt  # a score equal to this is not restricted
    days: Days  # for which a restriction stands
    bans: Dated[list[Ban]]
    bans_for_association: Dated[list[Ban]]  # where association is the only reason
    bans_for_speech: Dated[list[Ban]]  # where posts or assembly are among the records


class Review(Section):
    """Human review at full level, before a low score leads to a restriction."""

    places_per_million_a_day: Places
    confirms: Share  # share confirmed of cases that rest on the citizen's own acts
    errs: Share  # share confirmed of cases that rest on no own act


class Police(Section):
    """M14: police visits, stops and the watch list."""

    watch_after_posts: Dated[Annotated[int, Field(ge=0, le=15)]]  # on file; 0 = none
    watch_after_serious_offences: Dated[Annotated[int, Field(ge=0, le=15)]]  # on file; 0 = none
    enrolled_at_random: Dated[Share]  # adults on the watch list whatever their file
    operator_confirms_true: Dated[Share]  # alerts on listed people that an operator follows up
    operator_confirms_false: Dated[Share]  # alerts on others that an operator follows up
    reads: Dated[Office]  # the tier whose file is read
    messages_read: Dated[bool]  # private messages of those on the watch list
    visit_for_posts: Dated[bool]
    visit_for_assembly: Dated[bool]
    visit_for_serious_offences: Dated[bool]
    lapse_half_life_days: Days  # of a visit that waits in the queue
    charged_rightful: Share  # of stops for an own act
    charged_wrongful: Share  # of stops for no own act
    warned_rightful: Share  # of stops for an own act without a charge
    warned_wrongful: Share  # of stops for no own act, without a charge
    places_per_million_a_day: Dated[Places]


class Naming(Section):
    """M13: public naming and notice to employers."""

    offenders: Dated[Share]  # of citizens identified at an offence
    listed: Dated[Share]  # of new entries of the blacklist
    days: Annotated[int, Field(ge=1, le=255)]  # for which a naming is remembered
    employers_notified: Dated[Share]  # of citizens named
    dismissed: Share  # of citizens whose employer is notified
    jobless_half_life_days: Days


class Privileges(Section):
    """M15: privileges that follow a high score."""

    from_score: Dated[ScoreAt]  # 0 = none


class Redress(Section):
    """M23: notice and appeal."""

    notice: Dated[Share]  # restrictions of which the citizen is notified
    appeals_after_notice: Share
    appeals_after_refusal: Share
    delay_days: Annotated[int, Field(ge=0, le=250)]
    reversed_wrongful: Share
    reversed_rightful: Share
    corrects_file: Dated[bool]
    ruling_holds_days: Annotated[int, Field(ge=0, le=20_000)]
    places_per_million_a_day: Dated[Places]
