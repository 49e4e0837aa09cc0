"""What the estimates of a summary divide by, and in which stratum somebody counts."""

from types import SimpleNamespace

import numpy as np
import pytest
import xarray as xr

from underwatch.measurement import history
from underwatch.measurement.catalogue import LAYERS, SHAPE
from underwatch.measurement.estimates import (
    MIN_EVENTS,
    Totals,
    critics_degree,
    diversity,
    group_ratio,
    shorrocks,
    too_few,
)
from underwatch.measurement.tally import history_of, stratum


def totals(**by_day):
    days = {name: ("day", np.array(values)) for name, values in by_day.items()}
    return Totals(xr.Dataset({"adults": ("day", [100]), "restricted": ("day", [0])} | days))


def by_month(**counts):
    dims = ("month", *LAYERS)
    return xr.Dataset(
        {f"{name}_by_month": (dims, values[None].astype(float)) for name, values in counts.items()},
        {layer: list(labels) for layer, labels in LAYERS.items()},
    )


def test_the_share_withheld_is_of_the_acts_intended():
    found = totals(posts=[60], would_posts=[100]).missing("posts", "would_posts")
    assert (found.value, found.events) == (40.0, 40)


def test_diversity_is_relative_to_all_classes_and_not_to_those_in_use():
    posts = np.zeros((2, 16))
    posts[:, :4] = 5
    found = diversity(
        SimpleNamespace(tallies={"expressed_opinions": SimpleNamespace(values=posts)})
    )
    assert found.value == pytest.approx(50)  # log 4 of log 16


def test_mobility_of_a_published_matrix_is_that_of_shorrocks():
    moves = np.array([[90, 10, 0], [5, 90, 5], [0, 10, 90]])
    assert shorrocks(moves) == pytest.approx(0.15)
    assert shorrocks(np.array([[5, 0], [0, 0]])) is None


def test_groups_are_compared_by_rates_and_not_by_numbers():
    cases, adults = np.zeros(SHAPE), np.ones(SHAPE)
    cases[:, 0, 0, 0] = [90, 60, 70, 80]
    adults[0] = 10  # the largest group has most cases, and the lowest rate
    found = group_ratio(by_month(wrongful=cases, adults=adults), "wrongful")
    assert found.value == pytest.approx(80 / 9, abs=1e-3) and found.events == 80


def test_critics_are_compared_with_others_of_the_same_cells():
    adults, each = np.full(SHAPE, 100.0), np.full(SHAPE, 6.0)
    adults[0, ..., 2] = 1000  # most critics are of a group in which everybody has more ties
    each[0] = 12
    each[..., 2] *= 0.75
    assert critics_degree(by_month(ties_open=adults * each, adults=adults)) == pytest.approx(75)


def test_thirty_events_are_enough():
    assert not too_few(MIN_EVENTS, 500)
    assert too_few(MIN_EVENTS - 1, 500) == "too few events (29 and 500)"


@pytest.mark.parametrize("place", range(3))
def test_a_stratum_is_a_group_an_age_a_place_and_a_conviction_in_this_order(place):
    for group in range(4):
        for age, age_band in ((18, 0), (29, 0), (30, 1), (59, 1), (60, 2), (90, 2)):
            for conviction, kind in ((0, 0), (85, 0), (86, 1), (170, 1), (171, 2), (255, 2)):
                who = SimpleNamespace(group=group, age=age, place=place, conviction=conviction)
                cell = (group, age_band, place, kind)
                assert stratum.py_func(who) == np.ravel_multi_index(cell, SHAPE)
    assert [*LAYERS] == ["group", "age", "place", "conviction"]


@pytest.mark.parametrize("own", [0, 1])
def test_who_is_stopped_for_no_act_of_their_own_is_remembered_as_wrongfully_stopped(own):
    class Nothing(SimpleNamespace):
        def __getattr__(self, name):
            return 0

    none = Nothing()
    day = SimpleNamespace(
        made=Nothing(placed=none, naming=none, notice=none, hearing=none),
        met=Nothing(stopped=1, stopped_own=own), misattributed=none, watched=0,
        seen=Nothing(read=none, reported=none, caught=none),
    )  # fmt: skip
    bits = history_of.py_func(day)
    assert bool(bits & history.STOPPED) and bool(bits & history.WRONGFULLY_STOPPED) == (not own)
