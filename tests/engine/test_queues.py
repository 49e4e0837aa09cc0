"""Queues serve first come, first served, account for every case, and show when they are full."""

import numpy as np
import pytest

from helpers.worlds import harsh
from underwatch.engine.population import build
from underwatch.engine.queues import places_on
from underwatch.engine.simulation import Simulation
from underwatch.measurement.catalogue import NAMES
from underwatch.measurement.queues import QUEUES
from underwatch.model import state
from underwatch.model.society.people import DISTRICT
from underwatch.results.run import run
from underwatch.scenario import Scenario

WAITS = {"court": state.COURT, "police": state.POLICE, "appeal": state.APPEAL,
         "review": state.REVIEW}  # fmt: skip
CITIZENS, DAYS, DELAY = 70_000, 100, 5  # a whole district and a small one


def lists(world):
    """{(queue, district): [(day of joining, citizen), …]} in the order of each queue."""
    found = {}
    for q, queue in enumerate(QUEUES):
        for d in range(world.lengths.shape[1]):
            entries = world.entries[q, :, d].reshape(-1)[: world.lengths[q, d]].tolist()
            found[queue, d] = [(e >> 16, (e & 0xFFFF) + DISTRICT * d) for e in entries]
    return found


@pytest.fixture(scope="module")
def evenings():
    """(lists, standings, tallies by day, capacity by day) of a run, evening by evening."""
    settings = [f"society.citizens={CITIZENS}", "society.births_and_deaths=false"]
    scenario = Scenario.load("atlantic-2018", settings)
    simulation = Simulation(scenario, build(scenario), DAYS, [], 16_384)
    simulation.params = params = harsh()  # every queue has more cases than places
    params["review_on"], params["appeal_delay"], params["vital"] = 1, DELAY, 0
    simulation.epochs = np.zeros(DAYS, np.int64)
    kept = []
    for day in range(DAYS):
        simulation.run(until=day + 1)
        kept.append((lists(simulation.world), simulation.states()["standing"].astype(int)))
    counted = dict(zip(NAMES, simulation.daily.T, strict=True))
    return *zip(*kept, strict=True), counted, simulation.capacity


@pytest.mark.parametrize("queue", QUEUES)
def test_nobody_is_overtaken(evenings, queue):
    overtaking = served_from_list = 0
    for day in range(1, DAYS):
        before, after = evenings[0][day - 1], evenings[0][day]
        served = evenings[1][day] & (WAITS[queue] << 1) != 0
        for d in range(2):
            old, new = before[queue, d], after[queue, d]
            still = set(new)
            kept = [entry for entry in old if entry in still]
            assert new[: len(kept)] == kept  # in the same order, before those who joined today
            assert all(since == day for since, _ in new[len(kept) :])
            places = {citizen: place for place, (_, citizen) in enumerate(old)}
            through = [places[i] for i in np.flatnonzero(served) if i in places]
            ready = [places[i] for since, i in kept if queue != "appeal" or day - since >= DELAY]
            served_from_list += len(through)
            if through and ready:
                overtaking += max(through) > min(ready)
    assert served_from_list > 0 and overtaking == 0


@pytest.mark.parametrize("queue", QUEUES)
def test_what_waits_is_yesterdays_plus_demand_less_served_and_dropped(evenings, queue):
    of_day, standings, counted, capacity = evenings
    demand, served, dropped, waiting, days = (
        counted[f"{queue}_{kind}"] for kind in ("demand", "served", "dropped", "waiting",
                                                "wait_days"))  # fmt: skip
    assert (np.diff(waiting, prepend=0) == demand - served - dropped).all()
    assert served.sum() > 0 and waiting[-1] > 0
    assert (served <= capacity[:, QUEUES.index(queue), 0]).all()
    assert (days >= served).all()
    for day in range(DAYS):
        assert waiting[day] == ((standings[day] & WAITS[queue]) != 0).sum()
        assert served[day] == ((standings[day] & (WAITS[queue] << 1)) != 0).sum()
        assert waiting[day] == sum(len(of_day[day][queue, d]) for d in range(2))


def test_what_is_served_in_the_evening_happens_on_the_next_day(evenings):
    counted = evenings[2]
    for queue, happens in (("police", "stops"), ("appeal", "appeals_heard")):
        assert (counted[f"{queue}_served"][:-1] == counted[happens][1:]).all()
    assert (counted["appeal_demand"] == counted["appeals_filed"]).all()
    ends = counted["police_warnings"] + counted["police_charges"]
    assert 0 < ends.sum() < counted["stops"].sum()


def test_places_of_many_days_are_the_daily_capacity_at_its_largest_value_too():
    places = places_on.py_func
    for capacity in (0, 1, 32_768, 6.5 * 65_536, 100_000 * 65_536):
        for size in (1, 700, DISTRICT):
            each = int(capacity) * size
            total = sum(places(int(capacity), size, day) for day in range(400))
            assert total == each * 400 // 65_536_000_000
            last = np.int64(places(np.int64(capacity), np.int64(size), np.int64(65_535)))
            assert last == each * 65_536 // 65_536_000_000 - each * 65_535 // 65_536_000_000


def test_a_measure_at_its_capacity_says_so_and_demand_shows_what_is_hidden():
    def at(places):
        settings = [f"police.places_per_million_a_day={places}", "first_day=2018-06-01"]
        return run(Scenario.load("atlantic-2018", settings), citizens=20_000, days=200).summary

    short, ample = at(50), at(100_000)
    assert short["police_at_capacity"].value > 90
    assert "police at capacity on" in short["stops"].note
    assert short["stops"].value < 0.8 * short["police_demand"].value
    assert str(short["stops"]).endswith("of 200 days)")
    assert ample["police_at_capacity"].value == 0 and ample["stops"].note == ""
    assert ample["police_wait"].value == 1 and ample["police_served"].value == 100
