"""People are born, age and die: the same people in every world."""

import numpy as np
import pytest

from helpers.ties import open_pairs
from underwatch.engine.checkpoint import Checkpoints
from underwatch.engine.population import build
from underwatch.engine.simulation import Simulation
from underwatch.measurement.catalogue import NAMES
from underwatch.measurement.cohorts import CAME_OF_AGE
from underwatch.measurement.summary import summarise
from underwatch.model.society.people import PERSON
from underwatch.model.society.vital import BANDS, life_table, survivors
from underwatch.results.tables import tallies
from underwatch.scenario import Scenario

CITIZENS, DAYS = 1_500, 1_500
MANY = "society.deaths_per_1000_a_year=[100,50,60,80,100,150,200,300,400]"
SIZE = [f"society.citizens={CITIZENS}", "society.seed=11"]


def simulated(name="unwatched", *settings, days=DAYS, followed=()):
    scenario = Scenario.load(name, [*SIZE, *settings])
    found = Simulation(scenario, build(scenario), days, followed, CITIZENS)
    found.run()
    return found


@pytest.fixture(scope="module")
def unwatched():
    return simulated("unwatched", MANY)


def households(simulation):
    return np.arange(CITIZENS) - simulation.people()["place_in_home"]


def test_the_same_people_are_born_age_and_die_on_the_same_days_in_every_world(unwatched):
    watched = simulated("atlantic-2018", MANY)
    assert len(watched.dead) > CITIZENS / 4
    for name in ("citizen", "bearer", "day", "age"):
        assert (watched.dead[name] == unwatched.dead[name]).all()
    assert (watched.world.bearers == unwatched.world.bearers).all()
    theirs, ours = watched.people(), unwatched.people()
    for name in PERSON.names:
        if name != "conviction":  # which children have from what their parents hold
            assert (theirs[name] == ours[name]).all(), name


def test_everyone_grows_a_year_older_in_a_year():
    nobody = "society.deaths_per_1000_a_year=[0,0,0,0,0,0,0,0,0]"
    found = simulated("unwatched", nobody, days=1_096)  # births and deaths up to day 1,080
    before = found.population.people["age"].astype(int)
    years = (found.ages() - before)[before < 105]  # nobody grows older than 110
    assert set(years.tolist()) <= {2, 3} and (years == 3).mean() > 0.9
    assert (found.dead["age"] == 110).all()


def test_ages_stay_where_births_and_deaths_are_switched_off():
    off = simulated("unwatched", "society.births_and_deaths=false", days=400)
    assert (off.people() == off.population.people).all() and len(off.dead) == 0


def test_a_household_keeps_its_size_its_place_and_an_adult(unwatched):
    people, before = unwatched.people(), unwatched.population.people
    for name in ("home_size", "place_in_home", "place", "group", "memberships"):
        assert (people[name] == before[name]).all()
    adults = np.bincount(households(unwatched), people["age"] >= 18, CITIZENS)
    assert (adults[np.unique(households(unwatched))] > 0).all()


def test_children_have_an_empty_state_and_no_ties(unwatched):
    children = unwatched.ages() < 18
    assert children.any()
    states, world = unwatched.states(), unwatched.world
    for name in ("file", "opinion", "trust", "support", "reasons", "standing"):
        assert (states[name][children] == 0).all(), name
    assert (world.slots[children] == 0).all()
    _, contacts = open_pairs(world, 0, world.starts.shape[1] - 1)
    assert not children[contacts].any()


def test_those_who_come_of_age_have_ties_and_an_opinion():
    found = simulated(days=2_393)
    come = found.world.cohorts == CAME_OF_AGE
    assert come.sum() > 50
    ties = np.bitwise_count(found.world.slots)
    others = (found.ages() >= 18) & ~come
    assert ties[come].mean() > 0.7 * ties[others].mean() > 4
    assert found.states()["opinion"][come].std() > 40
    summary = {line.name: line.value for line in summarise(tallies(found))}
    for name in ("opinion_of_adults_at_start", "opinion_of_come_of_age"):
        assert 20 < summary[name] < 80


def test_every_restriction_of_the_dead_is_counted_as_ended():
    found = simulated("atlantic-2018", MANY, "first_day=2019-11-01", "restrictions.below=999",
                      "police.places_per_million_a_day=9000", days=420)  # fmt: skip
    total = dict(zip(NAMES, found.daily.sum(0), strict=True))
    last = dict(zip(NAMES, found.daily[-1], strict=True))
    assert total["ended_by_death"] > 0
    assert total["imposed"] == total["ended"] + last["in_force"]
    assert total["deaths"] == len(found.dead) >= total["births"] > 0
    for queue in ("court", "police", "appeal", "review"):
        left = total[f"{queue}_served"] + total[f"{queue}_dropped"] + last[f"{queue}_waiting"]
        assert total[f"{queue}_demand"] == left
    burden = tallies(found)["adults_by_days_restricted"]
    adults_who_died = (found.dead["age"] >= 18).sum()
    assert burden.values.sum() == (found.ages() >= 18).sum() + adults_who_died


def test_a_resumed_run_has_the_same_births_and_deaths(tmp_path, unwatched):
    half = Simulation(unwatched.scenario, unwatched.population, DAYS, [], CITIZENS)
    half.run(610)  # between two months
    Checkpoints(tmp_path).save(half)
    resumed = Simulation(unwatched.scenario, unwatched.population, DAYS, [], CITIZENS)
    resumed.run(checkpoints=Checkpoints(tmp_path))
    assert resumed.hash() == unwatched.hash()
    assert (resumed.dead == unwatched.dead).all()


def test_a_child_takes_after_the_adults_of_the_household():
    found = simulated("unwatched", MANY, "society.conviction_spread=0.05",
                      "opinion.steps_to_voices=0", days=91)  # fmt: skip
    born = np.flatnonzero((found.world.bearers > 0) & (found.ages() == 0))
    people, opinions = found.people(), found.states()["opinion"].astype(int)
    near = []
    for child in born:
        home = np.flatnonzero(households(found) == households(found)[child])
        adults = home[people["age"][home] >= 18]
        near.append(np.abs(opinions[adults] - int(people["conviction"][child])).min())
    assert np.mean(np.array(near) <= 25) > 0.9  # but where that adult died since


def test_the_life_table_of_the_default_scenario_has_the_life_expectancy_of_the_census():
    society = Scenario.load("atlantic-2018").society
    assert len(society.deaths_per_1000_a_year) == len(BANDS)
    years = survivors(life_table(society.deaths_per_1000_a_year)).sum() - 0.5
    assert abs(years - 77.93) < 0.5
