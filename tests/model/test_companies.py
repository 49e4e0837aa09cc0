"""Company data (M3): who hands over what and when, and what rests on it."""

import numpy as np
import pytest

from underwatch.engine.population import build
from underwatch.engine.simulation import Simulation
from underwatch.model.dossiers.records import counts
from underwatch.results.run import run
from underwatch.scenario import Scenario

# Posts enter a file through platforms only, and nothing halves or is mistaken.
PLAIN = ["first_day=2020-01-01", "platforms.read=1", "neighbours.reports=0",
         "neighbours.lies_per_year=0", "scoring.reads=local"]  # fmt: skip


def simulated(*settings):
    scenario = Scenario.load("atlantic-2018", [*PLAIN, *settings])
    return run(scenario, citizens=4_000, days=60)


def total(result, name):
    return int(result.tallies[name].sum())


@pytest.fixture(scope="module")
def default():
    return simulated()


def test_what_a_platform_keeps_to_itself_is_removed_and_enters_no_file(default):
    kept = simulated("companies.platforms_hand_over=[petitions]")
    for one in (default, kept):
        assert total(one, "posts_removed") > 0
    assert counts(default.states["file"])["unpermitted"].any()
    for kind in ("unpermitted", "contradicting", "wrong_post"):
        assert not counts(kept.states["file"])[kind].any()
    assert 0 < total(kept, "handed_by_platforms") < total(default, "handed_by_platforms")


def test_a_contract_and_a_law_that_name_the_same_marketplaces_have_the_same_effect():
    law = simulated("companies.compelled=[1, 2]")
    contract = simulated("companies.compelled=[2]", "companies.under_contract=[1]")
    assert law.state_hash == contract.state_hash
    assert total(law, "handed_by_marketplaces") > 0


def test_restrictions_rest_on_company_data_only_where_companies_hand_over(default):
    strict = ["restrictions.below=980", "scoring.association=0"]
    with_it = simulated(*strict)
    assert 0 < total(with_it, "for_company_data") <= total(with_it, "imposed")
    nothing = [f"companies.{key}=[]" for key in
               ("compelled", "under_contract", "platforms_hand_over")]  # fmt: skip
    without = simulated(*strict, *nothing)
    for name in ("for_company_data", "company_records", "handed_by_platforms",
                 "handed_by_marketplaces"):  # fmt: skip
        assert total(without, name) == 0, name
    assert total(without, "state_records") > 0
    share = default.summary["company_share"].value
    assert 0 < share < 100


# --- Deliveries, company by company

DAYS = 60
EACH = ["companies.compelled=[1, 3]", "society.market_shares=[0.4, 0.3, 0.2, 0.1]",
        "companies.days_between_marketplace_deliveries=[1, 1, 20]",
        "society.platform_shares=[0.5, 0.5]", "companies.platforms_compelled=[2]",
        "companies.days_between_platform_deliveries=[1, 30]", "files.half_life_days=0",
        "scoring.reads=local", "society.births_and_deaths=false"]  # fmt: skip


def world_after(days, *settings):
    """(people, file counts, handed) of a world in which companies differ."""
    scenario = Scenario.load("atlantic-2018", [*PLAIN, "society.citizens=4000", *EACH, *settings])
    simulation = Simulation(scenario, build(scenario), days, [], 2_000)
    simulation.run()
    people, states = simulation.people(), simulation.states()
    adults = people["age"] >= 18
    held = {kind: n[adults] for kind, n in counts(states["file"]).items()}
    return people[adults], held, states["handed"][adults].astype(int)


@pytest.fixture(scope="module")
def delivered():
    return world_after(DAYS, "companies.mislinked=0")


def test_each_marketplace_hands_over_at_an_interval_of_its_own_or_not_at_all(delivered):
    people, held, handed = delivered
    market = people["memberships"] >> 4 & 3
    shares = np.bincount(market, minlength=4) / len(people)
    assert shares == pytest.approx([0.4, 0.3, 0.2, 0.1], abs=0.02)
    bought = held["favoured"] + 16 * held["disfavoured"].astype(int)
    known = handed & 255
    assert bought[market == 1].any() and not known[(market == 1) | (market == 3)].any()
    late = [(known != bought)[market == k].mean() for k in (0, 2)]
    assert late[0] < 0.03 < 0.1 < late[1]  # the last day's, and up to twenty days'
    assert (known[market == 2] > 0).mean() > 0.3
    assert not (handed & 0xF00).any()


def test_what_a_platform_flags_waits_for_its_next_delivery(delivered):
    people, held, handed = delivered
    platform = people["memberships"] >> 6
    waits = (handed >> 12 > 0) & (people["memberships"] & 2 > 0)
    assert not waits[platform == 0].any() and 3 < waits[platform == 1].sum()
    entered = held["unpermitted"] + held["contradicting"]
    assert not entered[platform == 0].any() and entered[platform == 1].any()
    at_once = world_after(DAYS, "companies.days_between_platform_deliveries=[1]")
    assert not (at_once[2] >> 12).any()
    assert (at_once[1]["unpermitted"] >= held["unpermitted"]).all()


def test_a_purchase_in_a_namesakes_file_is_wrong_and_is_no_reason_of_the_citizens_own():
    """A record that reached the wrong file adds points and is no cause of one's own."""
    points = ["scoring.points.disfavoured=-60", "scoring.points.favoured=0",
              "restrictions.below=950", "scoring.association=0", "restrictions.on=true",
              "companies.compelled=[1, 2, 3]", "society.market_shares=[1]",
              "companies.compelled=[1]", "companies.days_between_marketplace_deliveries=[10]",
              "life.disfavoured_purchases_per_year=3"]  # fmt: skip
    people, held, handed = world_after(DAYS, *points, "companies.mislinked=0.5")
    wrong = handed >> 10 & 3
    assert wrong.any() and ((handed >> 4 & 15) >= wrong).all()
    scenario = Scenario.load("atlantic-2018", [*PLAIN, *EACH, *points])
    for share, expected in ((0, False), (0.5, True)):
        found = run(scenario.with_({"companies.mislinked": share}), citizens=4_000, days=DAYS)
        assert (total(found, "wrongful") > 20) == expected, share
