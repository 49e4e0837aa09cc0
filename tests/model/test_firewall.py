"""The Great Firewall (M6): what is hidden moves nobody and warns nobody."""

from underwatch.results.run import run
from underwatch.scenario import Scenario

# Every post is removed; an author is not frightened by that, so fear comes from contacts alone.
HEARD = [
    "first_day=2016-01-01", "platforms.read=1", "platforms.misread_per_year=0",
    "response.risk_after_removal=0", "police.places_per_million_a_day=0",
    "firewall.news_of_penalties_hushed=0", "response.risk_from_contacts=1",
]  # fmt: skip


def levels(*settings):
    scenario = Scenario.load("atlantic-2018", [*HEARD, *settings])
    tallies = run(scenario, citizens=4_000, days=60).tallies
    return int(tallies.risk_sum[-1]), int(tallies.petitions.sum())


def test_filtering_posts_lowers_the_perceived_risk_of_contacts():
    open_, _ = levels("firewall.posts_filtered=0")
    filtered, _ = levels("firewall.posts_filtered=1")
    assert open_ > 100 and filtered == 0


def test_a_filtered_petition_recruits_nobody():
    settings = ["life.petitions_per_year=2", "platforms.petitions_read=0", "platforms.read=0"]
    _, open_ = levels(*settings, "firewall.posts_filtered=0")
    _, filtered = levels(*settings, "firewall.posts_filtered=1")
    assert filtered < open_


def test_suppressed_news_of_penalties_raises_no_perceived_risk():
    spread, _ = levels("firewall.posts_filtered=0")
    hushed, _ = levels("firewall.posts_filtered=0", "firewall.news_of_penalties_hushed=1")
    assert spread > 100 and hushed == 0
