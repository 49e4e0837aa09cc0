"""The system of a scenario: its sensors, files, scores, consequences and recourse."""

from typing import Annotated

from pydantic import Field

from underwatch.scenario.dated import Dated
from underwatch.scenario.sections.values import (
    Ban,
    ByPlace,
    Days,
    Office,
    Places,
    Points,
    Rate,
    ScoreAt,
    Section,
    Share,
    ShareByPlace,
    Source,
    Weight,
)


class Firewall(Section):
    """M6: what does not come through."""

    posts_filtered: Dated[Share]  # critical posts stopped at once
    protests_filtered: Dated[Share]  # protests that contacts never hear of
    foreign_sources_blocked: Dated[Share]
    evasion_seen: Dated[Share]  # of looks abroad that get round the wall
    news_of_penalties_hushed: Dated[Share]


class Platforms(Section):
    """M7: readers of posts, private or compelled."""

    read: Dated[Share]  # critical posts that a reader flags, and so removes
    misread_per_year: Dated[Rate]  # ordinary posts flagged, of each member of platforms
    petitions_read: Dated[Share]


class Companies(Section):
    """M3: the marketplaces that must hand over what they know of their customers."""

    keep_records: Dated[bool]  # of what their customers buy
    compelled: Dated[list[Annotated[int, Field(ge=1, le=3)]]]  # 1 the largest, 2, 3 the others


class Cameras(Section):
    """M11, M12: cameras with face matching, as error rates."""

    per_1000_people: Dated[Annotated[float, Field(ge=0)]]
    share_covered_per_100: ByPlace  # of places, by the first hundred cameras per 1,000 people
    uptime: Dated[Share]
    share_matched: Dated[Share]  # of offences seen, those whose face is run
    protests_matched: Dated[Share]  # of protesters seen, those whose face is run
    passers_by_recorded: Dated[Share]  # chance near a street in which everyone protests
    miss_rate: Share  # FNIR
    false_match_rate: Share  # FMR of one comparison
    gallery: Annotated[int, Field(ge=0)]
    watch_list_gallery: Annotated[int, Field(ge=0)]
    watch_list_false_match_rate: Share
    passes_checked_per_day: Dated[Share]  # chance to pass a watch-list camera
    group_factors: list[Weight] = Field(min_length=4, max_length=4)
    double_in_group: Share  # how far a double tends to be of one's own group


class Registers(Section):
    """M2, M9: what courts, banks and the police enter."""

    instalments_reported: Dated[Share]
    judgement_missed: Share
    judgement_mistyped: Share
    good_deeds_seen: Dated[Share]
    serious_cleared: ShareByPlace


class Neighbours(Section):
    """M20: the neighbour spies."""

    reports: Dated[Share]  # chance that the readiest neighbour reports a critical act
    lies_per_year: Dated[Rate]  # false reports a citizen, if everyone had an average neighbour
    found_out: Share  # reports whose victim learns that somebody informed


class Files(Section):
    """M2: how long a file remembers."""

    half_life_days: Annotated[int, Field(ge=0, le=20_000)]  # 0 = for ever


class Tier(Section):
    """One tier above the local office."""

    connected: Dated[Share]  # of neighbourhoods
    sources: Dated[list[Source]]  # whose records reach it
    days_between_deliveries: Days
    missed: Share  # deliveries that do not arrive
    mistaken: Share  # deliveries entered under another's name


class Tiers(Section):
    """M5: Golden Shield, what the local file comes to, held two times more."""

    regional: Tier
    national: Tier


class Wall(Section):
    """M23: the wall between whoever records and the state's files."""

    closed_to: Dated[list[Source]]


class PointsOf(Section):
    """What one record is worth."""

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
    share_of_places: Dated[Share]
    reads: Dated[Office]  # whose file
    base: ScoreAt
    floor: ScoreAt
    ceiling: ScoreAt
    points: PointsOf
    association: Dated[Annotated[float, Field(gt=-1, lt=1)]]
    observed_home: Dated[bool]
    observed_local: Dated[bool]
    observed_online: Dated[bool]


class CompanyPoints(Section):
    """What one record is worth to the company."""

    late: Points
    repaid: Points
    favoured: Points
    disfavoured: Points


class Precursor(Section):
    """M4: the private, voluntary score before the public one."""

    on: Dated[bool]
    base: ScoreAt
    floor: ScoreAt
    ceiling: ScoreAt
    points: CompanyPoints
    connections: Points  # if all contacts boast
    joining_alone_per_year: Dated[Rate]  # of each who shops online and is no member
    joining_by_word_per_year: Dated[Rate]  # if all contacts boast
    boasting_from: ScoreAt
    share_boasting: Share  # of the high-scored
    perks_from: Dated[ScoreAt]  # 0 = none


class Blacklist(Section):
    """M16: the court's list of those who do not pay."""

    on: Dated[bool]
    days: Days
    bans: Dated[list[Ban]]
    court_places_per_million_a_day: Dated[Places]


class Restrictions(Section):
    """M16: what a low score closes."""

    on: Dated[bool]
    below: ScoreAt
    days: Days
    bans: Dated[list[Ban]]
    bans_for_association: Dated[list[Ban]]  # where nothing but the company counts
    bans_for_speech: Dated[list[Ban]]  # where posts or assembly are on file


class Review(Section):
    """The reviewers that full human review has, before a low score closes anything."""

    places_per_million_a_day: Places
    confirms: Share  # of cases that rest on own acts
    errs: Share  # of cases that rest on none, those that are confirmed all the same


class Police(Section):
    """M14: calls, stops and the watch list."""

    watch_after_posts: Dated[Annotated[int, Field(ge=0, le=7)]]  # contradicting; 0 = no such list
    watch_after_serious_offences: Dated[Annotated[int, Field(ge=0, le=3)]]  # 0 = no such list
    reads: Dated[Office]
    messages_read: Dated[bool]  # private ones, of those on the list
    visit_for_posts: Dated[bool]
    visit_for_assembly: Dated[bool]
    visit_for_serious_offences: Dated[bool]
    lapse_half_life_days: Days  # of a visit that waits for a place
    places_per_million_a_day: Dated[Places]


class Naming(Section):
    """M13: public naming and the employer's notice."""

    offenders: Dated[Share]  # of those a camera claims to have caught
    listed: Dated[Share]  # of those freshly on the court's list
    days: Annotated[int, Field(ge=1, le=255)]  # for which it is remembered
    employers_notified: Dated[Share]
    dismissed: Share  # of those whose employer is told
    jobless_half_life_days: Days


class Privileges(Section):
    """M15: what a high score opens."""

    from_score: Dated[ScoreAt]  # 0 = none


class Redress(Section):
    """M23: notice and appeal."""

    notice: Dated[Share]
    appeals_after_notice: Share
    appeals_after_refusal: Share
    delay_days: Annotated[int, Field(ge=0, le=250)]
    reversed_wrongful: Share
    reversed_rightful: Share
    corrects_file: Dated[bool]
    ruling_holds_days: Annotated[int, Field(ge=0, le=20_000)]
    places_per_million_a_day: Dated[Places]
