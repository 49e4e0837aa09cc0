"""Golden Shield (M5): three offices hold records, each of its own."""

from datetime import date

import numpy as np
import pytest
from numba import njit

from helpers.twin import twin
from helpers.worlds import P
from underwatch.model import parameters
from underwatch.model.dossiers.linkage import linked_records
from underwatch.model.dossiers.records import counts
from underwatch.model.streams import Today
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


class Always:
    """Random draws that are all the same."""

    def __init__(self, u):
        self.u = u

    def __call__(self, stream):
        return self.u

    def record(self, office, kind, number):
        return self.u


_LINKED = njit(lambda others, today: linked_records(others, 2, P // 5, today, 7))


def linked_on(day, others):
    return _LINKED(others, Today(2018, day, -1, -1, 0, 0))


def receive(citizen, params, others=(), u=twin.CERTAIN - 1):
    twin.receive(citizen, 0, twin.empty_file() | dict(others), 0, Always(u), params)


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


def test_each_record_of_a_namesake_is_linked_with_the_probability_that_a_tier_states():
    """Records one by one: the whole file of a namesake used to come along, or none of it."""
    found = np.array([
        counts(np.uint64(linked_on(day, others=5 << 4 * 7 | 3 << 4 * 2))) for day in range(4_000)
    ])  # fmt: skip
    minor, judged = (np.array([each[kind] for each in found]) for kind in ("minor", "default"))
    for linked, most in ((minor, 5), (judged, 3)):
        assert linked.mean() == pytest.approx(0.2 * most, rel=0.1)
        assert {1, 2} <= set(linked.tolist()) and linked.max() <= most
    assert abs(np.corrcoef(minor, judged)[0, 1]) < 0.06


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
