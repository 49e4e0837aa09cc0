"""A scenario: everything that is declared of an invented nation and its system.

Frozen and strict: an unknown key is refused, every figure has a source. Rates
are means over adults, a year, unless their name says otherwise; a probability
is between 0 and 1; a value may change with dates (`Dated`).
"""

import hashlib
import json
from datetime import date
from pathlib import Path
from typing import Annotated, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field

from underwatch.dated import Dated

SHELF = Path(__file__).parent / "data" / "scenarios"

Share = Annotated[float, Field(ge=0, le=1)]
Rate = Annotated[float, Field(ge=0, le=366)]  # a year
Count = Annotated[int, Field(ge=0)]
Points = Annotated[int, Field(ge=-1000, le=1000)]
Weight = Annotated[float, Field(ge=0, le=100)]
Days = Annotated[int, Field(ge=1, le=20_000)]
Ban = Literal["flights", "trains", "visas"]


class Part(BaseModel):
    """A section of a scenario."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class ByPlace(Part):
    """One value for the country, for towns and for metropolises."""

    rural: float = Field(ge=0)
    town: float = Field(ge=0)
    metropolis: float = Field(ge=0)


class ShareByPlace(Part):
    """One probability for the country, for towns and for metropolises."""

    rural: Share
    town: Share
    metropolis: Share


class Society(Part):
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
    share_on_platforms: Share
    share_borrowing: Share
    conviction_skew: float = Field(gt=0, le=10)
    household_likeness_income: Share
    household_likeness_conviction: Share
    homophily: Share


class Life(Part):
    """What people do when nobody minds."""

    critical_posts_per_year: Rate
    critical_posts_skew: float = Field(ge=0, le=10)
    posts_more_per_hearing: Weight
    share_contradicting: Share
    share_true_news: Share
    favoured_purchases_per_year: Rate
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


class Cameras(Part):
    """Cameras with face matching, as error rates."""

    per_1000_people: Dated[Annotated[float, Field(ge=0)]]
    share_covered_per_100: ByPlace  # of places, by the first hundred cameras per 1,000 people
    uptime: Dated[Share]
    share_matched: Dated[Share]  # of offences seen, those whose face is run
    miss_rate: Share  # FNIR
    false_match_rate: Share  # FMR of one comparison
    gallery: Annotated[int, Field(ge=0)]
    watch_list_gallery: Annotated[int, Field(ge=0)]
    watch_list_false_match_rate: Share
    passes_checked_per_day: Dated[Share]  # chance to pass a watch-list camera
    group_factors: list[Weight] = Field(min_length=4, max_length=4)
    double_in_group: Share  # how far a double tends to be of one's own group


class Platforms(Part):
    """Readers of posts and sellers of goods, private or compelled."""

    read: Dated[Share]  # critical posts that a reader flags
    misread_per_year: Dated[Rate]  # ordinary people's posts flagged
    purchases_shared: Dated[Share]


class Registers(Part):
    """What courts, banks and the police enter."""

    instalments_reported: Dated[Share]
    judgement_missed: Share
    judgement_mistyped: Share
    good_deeds_seen: Dated[Share]
    serious_cleared: ShareByPlace


class Files(Part):
    """How long a file remembers."""

    half_life_days: Annotated[int, Field(ge=0, le=20_000)]  # 0 = for ever


class PointsOf(Part):
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


class Scoring(Part):
    """The citizen score."""

    on: Dated[bool]
    share_of_places: Dated[Share]
    base: Annotated[int, Field(ge=0, le=20_000)]
    floor: Annotated[int, Field(ge=0, le=20_000)]
    ceiling: Annotated[int, Field(ge=0, le=20_000)]
    points: PointsOf
    association: Dated[Annotated[float, Field(gt=-1, lt=1)]]
    association_hops_many: Dated[bool]
    observed_home: Dated[bool]
    observed_local: Dated[bool]
    observed_online: Dated[bool]


class Blacklist(Part):
    """The court's list of those who do not pay."""

    on: Dated[bool]
    days: Days
    bans: Dated[list[Ban]]
    court_places_per_million_a_day: Dated[Annotated[float, Field(ge=0, le=100_000)]]


class Restrictions(Part):
    """What a low score closes."""

    on: Dated[bool]
    below: Annotated[int, Field(ge=0, le=20_000)]
    days: Days
    bans: Dated[list[Ban]]


class Police(Part):
    """Calls, stops and the watch list."""

    watch_after_posts: Dated[Annotated[int, Field(ge=0, le=255)]]  # contradicting; 0 = no list
    visit_for_posts: Dated[bool]
    visit_for_serious_offences: Dated[bool]
    places_per_million_a_day: Dated[Annotated[float, Field(ge=0, le=100_000)]]


class Privileges(Part):
    """What a high score opens."""

    from_score: Dated[Annotated[int, Field(ge=0, le=20_000)]]  # 0 = none


class Redress(Part):
    """Notice and appeal."""

    notice: Dated[Share]
    appeals_after_notice: Share
    appeals_after_refusal: Share
    delay_days: Annotated[int, Field(ge=0, le=250)]
    reversed_wrongful: Share
    reversed_rightful: Share
    corrects_file: Dated[bool]
    places_per_million_a_day: Dated[Annotated[float, Field(ge=0, le=100_000)]]


class Response(Part):
    """How people learn and what it does to them; feelings run from 0 to 1."""

    caution: Annotated[float, Field(gt=0, le=1000)]  # scale of exp(−prudence · risk · caution)
    deterrence: Annotated[float, Field(gt=0, le=1000)]
    detection_felt_elsewhere: Share
    risk_after_removal: Share
    risk_after_stop: Share
    risk_after_restriction: Share
    risk_after_refusal: Share
    risk_from_contacts: Share
    risk_half_life_days: Days
    detection_after_own: Share
    detection_from_contacts: Share
    detection_half_life_days: Days
    trust_from_kept: Share
    trust_from_broken: Share
    trust_after_stop: Share
    trust_after_wrong: Share
    trust_half_life_days: Days


class Scenario(Part):
    """A nation, its system and its dates. `Scenario.load("atlantic-2018")` reads one."""

    # No figure of the world stands in these; the others need a source each.
    SOURCELESS: ClassVar[tuple[str, ...]] = ()

    title: str
    text: str
    first_day: date
    last_day: date
    society: Society
    life: Life
    cameras: Cameras
    platforms: Platforms
    registers: Registers
    files: Files
    scoring: Scoring
    blacklist: Blacklist
    restrictions: Restrictions
    police: Police
    privileges: Privileges
    redress: Redress
    response: Response

    @classmethod
    def load(cls, name: str | Path, settings=()) -> "Scenario":
        """Read a shipped scenario by its name, or a file by its path."""
        return reading(name, settings).value

    @property
    def days(self) -> int:
        """How many days it lasts."""
        return (self.last_day - self.first_day).days + 1

    @property
    def hash(self) -> str:
        """SHA-256 of all that is declared; titles and texts aside."""
        declared = self.model_dump(mode="json", exclude={"title", "text"})
        text = json.dumps(declared, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


def reading(name: str | Path, settings=()):
    """A scenario with the sources and lines of its figures; see `underwatch.reading`."""
    from underwatch.reading import read

    return read(name, Scenario, settings, SHELF)


def shipped() -> list[str]:
    """The names of the scenarios that come with the software."""
    return sorted(path.stem for path in SHELF.glob("*.yaml"))
