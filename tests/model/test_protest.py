"""Protest: Granovetter's cascades on the organ itself, fatigue, and an end."""

import numpy as np
import pytest
from numba import njit

from helpers import worlds
from helpers.nation import build
from underwatch.measurement.catalogue import NAMES
from underwatch.model.parameters.society import caps
from underwatch.model.society import speech
from underwatch.model.society.people import Person
from underwatch.model.state import State
from underwatch.results.run import run
from underwatch.scenario import Scenario
from underwatch.verification.cases.thresholds import marchers
from underwatch.verification.registry import cases


def simulated(name, *settings, citizens=8_000, days=1_200, first="2017-06-01"):
    size = [f"society.citizens={citizens}", f"first_day={first}"]
    return run(Scenario.load(name, [*size, *settings]), days=days)


@pytest.mark.parametrize("number", [4, 6])
def test_one_changed_threshold_decides_between_a_few_and_nearly_all(number):
    """Granovetter's hundred and Kuran's ten, as the verification runs them."""
    assert all(check.agrees for check in cases()[number].run(1, 7))


def test_a_cascade_over_even_thresholds_takes_one_more_a_day():
    assert marchers([k / 100 for k in range(100)], 101, 7)[:3].tolist() == [1, 2, 3]


_heeded = njit(lambda k, share, crowd, params: speech.share_heeded(
    k, share, speech.Street(crowd, 0, 0, 0), params))  # fmt: skip


def test_shares_of_contacts_are_exact_fractions():
    record = worlds.harsh()[0]
    for n in range(1, 29):
        assert [_heeded(k, 65_536 // n, 0, record) for k in range(n + 1)] == [
            65_536 * k // n for k in range(n + 1)
        ]


_protest = njit(lambda traits, state, others, u, params: speech.protest(
    traits, state, others, 65_536, 65_536, u, 0, params))  # fmt: skip


def test_a_citizen_joins_at_the_very_threshold_and_not_below_it():
    record, u = worlds.harsh()[0], worlds.P * 3 // 10  # between what starts and what joins
    traits = Person(*[0] * len(Person._fields))._replace(threshold=128)
    state = State(*[0] * len(State._fields))._replace(opinion=255)
    at = int(record["threshold"][128])
    assert _protest(traits, state, at, u, record) == (1, 1)
    assert _protest(traits, state, at - 1, u, record) == (0, 0)


@pytest.fixture(scope="module")
def unwatched():
    return simulated("unwatched", citizens=20_000, days=1_461)


def test_the_unwatched_protest_as_often_as_real_people_do(unwatched):
    """One to five per cent of adults a year, and never a large part of them on one day."""
    by_day = unwatched.tallies.protests.values
    adults = (unwatched.people.age >= 18).sum()
    assert 0.01 < by_day.sum() / adults / 4 < 0.05
    assert by_day.max() < 0.02 * adults


def test_an_occasion_every_week_in_the_thaw_does_not_absorb_anybody():
    thawed = simulated("thaw", "protest.occasions_per_year=52", days=800, citizens=4_000)
    adults = (thawed.people.age >= 18).sum()
    assert thawed.tallies.protests.values.max() < 0.02 * adults


def test_a_wave_of_protest_falls_again_by_itself():
    cascade = ["protest.occasions_per_year=52", "protest.threshold_mean=0.05"]
    tired, fresh = (
        simulated("unwatched", *cascade, f"protest.fatigue={fatigue}", citizens=4_000, days=500)
        for fatigue in (0.5, 0)
    )
    by_day = tired.tallies.protests.values
    peak = by_day.argmax()
    assert by_day[peak + 30 : peak + 60].mean() < 0.5 * by_day[peak]
    assert by_day[-100:].mean() < 0.1 * fresh.tallies.protests.values[-100:].mean()


def test_only_recent_days_of_protest_tire():
    people, ties = build(2_000, 7)
    people["age"] = 30
    table = worlds.harsh()
    table["tired"] = 0
    table["tired"][0, 0] = 65_536  # whoever has protested lately stays at home
    table["spark"], table["occasion"] = worlds.P, worlds.P
    table["fatigue_days"], table["chill"] = 50, 65_536
    table["join"], table["vital"] = 0, 0
    caps(table, 0)
    _, _, tallies = worlds.simulate(people, ties, table, np.zeros(120, int), 7, 500)
    by_day = tallies.sum(1)[:, NAMES.index("protests")]
    assert by_day[0] == 2_000
    # A citizen with one recent day forgets it on a day of their own within 50 days.
    assert by_day[1] == 0 and by_day[2:52].sum() == 2_000
    assert 0 < by_day[2:52].min() and by_day[2:52].max() < 80
