"""Company data (M3): who hands over what, and what rests on it."""

import pytest

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
