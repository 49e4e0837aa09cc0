"""Golden Shield (M5): three offices hold records, each of its own."""

from datetime import date

import numpy as np
import pytest

from helpers.twin import twin
from underwatch.model import parameters
from underwatch.model.dossiers.records import counts
from underwatch.results.run import run
from underwatch.scenario import Scenario

DAILY = ["tiers.national.days_between_deliveries=1", "tiers.national.missed=0",
         "tiers.national.mistaken=0"]  # fmt: skip


@pytest.fixture
def params():
    def on(*settings):
        scenario = Scenario.load("atlantic-2018", [*DAILY, *settings])
        table = parameters.params_on(scenario, date(2020, 6, 1))
        return {name: table[name][0].tolist() for name in table.dtype.names}

    return on


@pytest.fixture
def citizen(params):
    adult = dict(age=40, piloted=0, memberships=7, conviction=128)
    return twin.newborn(adult, set(), params())


def receive(citizen, params, others=(), u=twin.CERTAIN - 1):
    twin.receive(citizen, 0, twin.empty_file() | dict(others), 0, lambda stream: u, params)


def test_a_correction_at_the_local_office_reaches_the_nation_with_the_next_delivery(
    citizen, params
):
    citizen |= {"default": 2, "wrong_default": 1}
    receive(citizen, params())
    assert (citizen["nation"]["default"], citizen["nation"]["wrong_default"]) == (2, 1)
    citizen |= {"default": 1, "wrong_default": 0}
    receive(citizen, params("tiers.national.missed=1"))
    assert citizen["nation"]["default"] == 2
    receive(citizen, params())
    assert (citizen["nation"]["default"], citizen["nation"]["wrong_default"]) == (1, 0)


def test_records_linked_by_name_count_as_wrong_until_the_next_delivery(citizen, params):
    citizen |= {"default": 1, "minor": 2}
    namesake = {"default": 3, "serious": 2, "contradicting": 4}
    receive(citizen, params("tiers.national.mistaken=1"), namesake)
    nation = citizen["nation"]
    assert (nation["default"], nation["wrong_default"], nation["minor"]) == (4, 3, 2)
    assert nation["serious"] == nation["contradicting"] == 0  # these bear a number, not a name
    receive(citizen, params(), namesake)
    assert (citizen["nation"]["default"], citizen["nation"]["wrong_default"]) == (1, 0)


def test_a_tier_keeps_records_of_a_source_that_reaches_it_no_more(citizen, params):
    citizen |= {"contradicting": 2, "serious": 1}
    receive(citizen, params())
    citizen |= {"contradicting": 5, "serious": 2}
    receive(citizen, params("tiers.national.sources=[police]"))
    assert (citizen["nation"]["contradicting"], citizen["nation"]["serious"]) == (2, 2)


def test_a_tier_holds_counts_of_the_kinds_that_reach_it_and_of_no_other():
    settings = ["first_day=2020-01-01", "tiers.national.sources=[banks, police]", *DAILY]
    states = run(Scenario.load("atlantic-2018", settings), citizens=4_000, days=90).states
    local, nation = counts(states["file"]), counts(states["nation"])
    for kind in ("late", "repaid"):  # all but those of the last day
        assert 0 < nation[kind].sum() and np.mean(nation[kind] == local[kind]) > 0.95
    for kind in set(local) - {"late", "repaid", "serious"}:
        assert not nation[kind].any()
    assert local["minor"].any() and local["favoured"].any()
