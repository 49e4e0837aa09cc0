"""Who the citizens are, and whom they know."""

import numpy as np
import pytest
from numba import njit

from helpers import worlds
from helpers.nation import LIKENESS, build, open_ties
from helpers.twin import twin
from underwatch.engine.night import review_ties, turn_over_ties
from underwatch.engine.population import build as build_population
from underwatch.engine.signals import share_of
from underwatch.engine.simulation import Simulation
from underwatch.kernel.columns import as_records
from underwatch.model.parameters import params_on
from underwatch.model.parameters.sensors import note_on_groups, share_within_group
from underwatch.model.society.pairing import NEIGHBOURS
from underwatch.model.society.people import ADULT, DISTRICT, PERSON
from underwatch.model.society.segments import LOCAL, SLOTS, by_slot, in_line, move_ties
from underwatch.model.state import PENALISED, SANCTIONED, SCORE_LANE, SCORED, stored
from underwatch.scenario import Scenario
from underwatch.verification.registry import cases


def pairs(table):
    """(who, slot, whom) of a table [citizen, slot], n for nobody."""
    who, slot = np.nonzero(table < len(table))
    return who, slot, table[who, slot].astype(np.int64)


def candidates(ties):
    return by_slot(ties, np.arange(len(ties.slots)))


def heads(people):
    """The id of everyone's head of household."""
    return np.arange(len(people)) - people["place_in_home"]


def assortativity(people, table):
    """Realised homophily over open ties: Pearson's r, and Newman's coefficient for the group."""
    who, _, whom = pairs(table)
    found = [
        np.corrcoef(people[t][who], people[t][whom])[0, 1] for t in ("conviction", "income", "age")
    ]
    mixing = np.zeros((4, 4))
    np.add.at(mixing, (people["group"][who], people["group"][whom]), 1 / len(who))
    chance = (mixing.sum(0) * mixing.sum(1)).sum()
    return [*found, (np.trace(mixing) - chance) / (1 - chance)]


def test_every_district_has_the_margins_of_the_census():
    """Of ages and towns, as the verification compares them, and of groups."""
    assert all(check.agrees for check in cases()[18].run(400_000, 2018))
    people, _ = build(200_000)
    assert abs((people["group"] == 0).mean() - 0.70) < 0.001


def test_homes_are_neighbours_by_id_and_headed_by_adults(nation):
    people, _ = nation
    first = np.nonzero(people["place_in_home"] == 0)[0]
    sizes = people["home_size"][first].astype(int)
    assert (first[1:] == first[:-1] + sizes[:-1]).all()
    assert (people["age"][first] >= ADULT).all()


# --- Keys


def test_no_two_seeds_and_no_two_districts_share_traits_or_neighbours():
    traits = ["income", "conviction", "thrift", "prudence"]
    people, ties = build(2 * DISTRICT)
    first, second = np.split(people[traits], 2)
    for seed in (2018 + DISTRICT, 2018 + 512, 2019):
        other, others_ties = build(DISTRICT, seed)
        for one in (first, second):
            assert (one == other[traits]).mean() < 0.001, seed
        here, there = candidates(ties)[:DISTRICT], candidates(others_ties)
        for shift in (0, 512):  # seed 2530's neighbourhood k was seed 2018's neighbourhood k + 1
            a, b = here[shift:, :NEIGHBOURS].astype(np.int64), there[: len(here) - shift]
            known = (a < len(people)) & (b[:, :NEIGHBOURS] < DISTRICT)
            same = a[known] == b[:, :NEIGHBOURS].astype(np.int64)[known] + shift
            assert same.mean() < 0.02, (seed, shift)


def test_the_same_seed_builds_the_same_nation_and_another_seed_another(nation):
    people, ties = nation
    again, other = build(70_001), build(70_001, seed=7)
    assert (again[0] == people).all()
    assert all((a == b).all() for a, b in zip(again[1], ties, strict=True))
    assert (other[0] != people).any() and (other[1].candidate_slots != ties.candidate_slots).any()


# --- The graph


def test_every_tie_is_mutual_and_open_or_closed_at_both_ends(nation):
    _, ties = nation
    for table in (candidates(ties), open_ties(ties)):
        who, slot, whom = pairs(table)
        assert (table[whom, slot] == who).all()
        assert (who != whom).all()


@pytest.mark.parametrize("citizens", [4, 700, 70_001])
def test_no_tie_joins_a_household_and_no_pair_is_tied_twice(citizens):
    people, ties = build(citizens)
    who, _, whom = pairs(candidates(ties))
    assert (heads(people)[who] != heads(people)[whom]).all()
    assert len(np.unique(who * citizens + whom)) == len(who)


@pytest.mark.parametrize("last", [4, 700, 5_000, 40_000])
def test_degree_is_the_same_in_every_district_whatever_the_population(last):
    people, ties = build(DISTRICT + last)
    adult, degree = people["age"] >= ADULT, (open_ties(ties) < len(people)).sum(1)
    small = np.arange(len(people)) >= DISTRICT
    error = degree[adult].std() / np.sqrt((adult & small).sum())
    assert abs(degree[adult & ~small].mean() - 7.03) < 0.1
    assert abs(degree[adult & small].mean() - 7.03) < 0.1 + 3 * error
    assert degree[adult].std() > 2  # uneven


@pytest.mark.parametrize("likeness", [LIKENESS, (0.8, 0.8, 0, 0), (0.6, 0.6, 0.6, 0.6), (0,) * 4])
def test_realised_homophily_is_what_is_asked(likeness):
    people, ties = build(70_001, likeness=likeness)
    assert assortativity(people, open_ties(ties)) == pytest.approx(likeness, abs=0.05)


def test_homophily_holds_in_every_layer(nation):
    people, ties = nation
    table = open_ties(ties)
    for layer in (slice(0, NEIGHBOURS), slice(NEIGHBOURS, LOCAL), slice(LOCAL, SLOTS)):
        part = np.full_like(table, len(people))
        part[:, layer] = table[:, layer]
        assert assortativity(people, part) == pytest.approx(LIKENESS, abs=0.06)


def test_clustering_is_that_of_contact_surveys(nation):
    people, ties = nation
    table, first = open_ties(ties), heads(people)

    def known(i):
        home = range(first[i], first[i] + people["home_size"][i])
        return {int(j) for j in table[i] if j < len(people)} | {
            j for j in home if j != i and people["age"][j] >= ADULT
        }

    found = []
    for i in np.nonzero(people["age"] >= ADULT)[0][::40]:
        near = known(i)
        most = len(near) * (len(near) - 1)
        found.append(sum(len(known(j) & near) for j in near) / most if most else 0)
    assert 0.15 < np.mean(found) < 0.30


def test_children_have_ties_at_home_only(nation):
    people, ties = nation
    children = people["age"] < ADULT
    assert (ties.slots[children] == 0).all()
    who, _, whom = pairs(candidates(ties))
    assert (children[who] == children[whom]).all()  # whom they may know when they come of age
    years = np.abs(people["age"][who].astype(int) - people["age"][whom])
    assert years[children[who]].mean() < 3


@pytest.mark.parametrize("citizens", [700, 66_003, 70_001])  # 66,003: numbers of more than 16 bits
def test_candidates_are_stored_as_a_table_of_them_says(citizens):
    _, ties = build(citizens)
    table = candidates(ties)
    line = in_line(table, ties.closed)
    assert all((a == b).all() for a, b in zip(line, ties, strict=True))
    assert len(line.near) + len(line.wide) - 2 == (table < len(table)).sum()
    some = np.array([citizens - 1, 3, 3, 699, 5])
    assert (by_slot(line, some) == table[some]).all()


def test_a_graph_in_which_anyone_knows_anyone_is_stored_too():
    n = DISTRICT + 5_000
    table = np.random.default_rng(3).integers(0, n + 1, (n, SLOTS)).astype(np.uint32)
    assert (candidates(in_line(table)) == table).all()
    alone = in_line(np.full((2, SLOTS), 2, np.uint32))
    assert (by_slot(alone, np.arange(2)) == 2).all()


@njit
def move_all(ties, before):
    for segment in range(ties.starts.shape[1] - 1):
        move_ties(ties, before, segment)


@pytest.mark.parametrize("share", [0, 0.01, 0.3, 1])
@pytest.mark.parametrize("anyone", [False, True])  # knows anyone, so that all ties are wide
def test_ties_that_open_and_close_are_moved_to_where_their_segment_is_packed_anew(anyone, share):
    drawn, n = np.random.default_rng(4), DISTRICT + 5_003 if anyone else 5_003
    anybody = drawn.integers(0, n + 1, (n, SLOTS)).astype(np.uint32)
    ties = in_line(anybody) if anyone else build(n)[1]
    assert ties.narrow[0] == (0 if anyone else n)
    table, before = candidates(ties), ties.slots.copy()
    changed = drawn.random(len(before)) < share
    drawn_slots = drawn.integers(0, 1 << SLOTS, len(before)).astype(np.uint16)
    ties.slots[changed] = (drawn_slots & ties.candidate_slots)[changed]
    move_all(ties, before)
    anew = in_line(table, ties.closed)
    assert ((ties.slots != before).sum() > 0) == (share > 0)
    assert (ties.near == anew.near).all() and (ties.wide == anew.wide).all()


# --- Ties end and form


def started(name, *settings, citizens):
    scenario = Scenario.load(name, [f"society.citizens={citizens}", *settings])
    return Simulation(scenario, build_population(scenario), scenario.days, [], citizens)


@njit
def one_review(world, day, params, choices):
    segments = world.starts.shape[1] - 1
    for s in range(segments):
        review_ties(world, s, day, 2018, params[0], choices)
    for s in range(segments):
        turn_over_ties(world, s, choices)


def test_unwatched_ties_end_and_form_and_the_mean_degree_stays():
    """The monthly review alone: nothing that happens in between refuses a tie there."""
    simulation = started("unwatched", citizens=20_000)
    world, ties = simulation.world, simulation.population.ties
    params = params_on(simulation.scenario, simulation.scenario.first_day)
    before, last = int(np.bitwise_count(world.slots).sum()), world.slots.copy()
    for month in range(1, 121):
        one_review(world, 30 * month - 1, params, np.zeros(20_001, np.uint32))
        now = world.slots.copy()
        assert int(np.bitwise_count(now).sum()) == pytest.approx(before, rel=0.02), month
        assert int(np.bitwise_count(last & ~now).sum()) == pytest.approx(0.01 * before, rel=0.3)
        last = now
    kept = np.bitwise_count(last & ties.slots).sum() / before
    assert kept == pytest.approx(2 / 3 + 0.97**120 / 3, abs=0.02)  # two states, forgotten at .03
    assert np.bitwise_count(ties.candidate_slots & ~last).sum() > 0.3 * before  # the reserve stays


def test_the_review_of_ties_agrees_with_the_twin_tie_by_tie():
    n, drawn = 2_000, np.random.default_rng(1)
    people, ties = build(n)
    table = candidates(ties)
    params, world = worlds.harsh(), worlds.world_of(people, ties, worlds.harsh(), 2018)
    plain = {name: params[0][name].tolist() for name in params.dtype.names}
    contacts = [{"slots": [int(j) if j < n else None for j in row]} for row in table]
    bits = np.arange(SLOTS)
    citizens = [
        {
            "age": int(p["age"]),
            "prudence": int(p["prudence"]),
            "dissolved": set(bits[closed >> bits & 1 == 1].tolist()),
        }
        for p, closed in zip(people, ties.closed, strict=True)
    ]
    for day in (29, 59, 89):
        score = drawn.integers(900 * 16, 1_100 * 16, n)
        penalised, barred, scored = (drawn.random(n) < share for share in (0.1, 0.1, 0.9))
        signals = penalised * PENALISED | barred * SANCTIONED
        signals |= scored * (SCORED | score << SCORE_LANE)
        world.signals[1 - (day & 1), :n] = stored.py_func(signals)
        shown = [
            {"penalised": a, "sanctioned": b, "score": int(c) if d else None}
            for a, b, c, d in zip(penalised, barred, score, scored, strict=True)
        ]
        before = world.candidate_slots & ~world.slots
        one_review(world, day, params, np.zeros(n + 1, np.uint32))
        twin.review_ties(citizens, contacts, shown, plain, day, 2018)
        after = world.candidate_slots & ~world.slots
        assert (after == [sum(1 << slot for slot in one["dissolved"]) for one in citizens]).all()
        formed, ended = np.bitwise_count(before & ~after).sum(), np.bitwise_count(after & ~before)
        assert formed > 100 and ended.sum() > 500


def test_a_segment_begins_with_the_ties_whose_bit_is_open_after_reviews_births_and_deaths():
    simulation = started("atlantic-2018", "ties.let_go=1", citizens=3_000)
    simulation.run(65)
    world, ties = simulation.world, simulation.population.ties
    closed = world.candidate_slots & ~world.slots
    assert (closed != ties.closed).any()
    assert not (world.slots & ~ties.candidate_slots).any()
    table = by_slot(ties, np.arange(3_000))
    assert (by_slot(world, np.arange(3_000)) == table).all()
    anew = in_line(table, closed)
    assert (world.near == anew.near).all() and (world.wide == anew.wide).all()


def test_known_adults_are_those_at_home_and_by_open_ties_after_reviews_births_and_deaths():
    simulation = started("atlantic-2018", "ties.let_go=1", citizens=3_000)
    before = simulation.world.known.copy()
    simulation.run(65)
    world = simulation.world
    people = as_records(world.people, PERSON)
    adult = (people["age"] >= ADULT).astype(int)
    at_home = np.bincount(heads(people), adult, 3_000)[heads(people)].astype(int) - adult
    assert (world.known == at_home + np.bitwise_count(world.slots)).all()
    assert (world.known != before).any()


def test_the_weight_of_one_of_some_known_adults_is_rounded_down():
    weights = [share_of.py_func(np.uint8(known)) for known in range(1, 32)]
    assert weights == [65_536 // known for known in range(1, 32)]
    assert share_of.py_func(np.uint8(0)) == 0


# --- False matches within groups


def test_nine_in_ten_false_matches_are_within_the_group_where_that_is_possible():
    rare = Scenario.load("atlantic-2018", ["cameras.gallery=14117800"])
    assert share_within_group(rare, rare.last_day) == pytest.approx([0.9] * 4, abs=0.02)
    often = Scenario.load("atlantic-2018")
    reached = share_within_group(often, often.last_day)
    assert reached[:2] == pytest.approx([0.9] * 2, abs=0.02)
    assert reached[2] < 0.9 and reached[3] < 0.9  # every lookalike of the group is taken
    assert note_on_groups(rare, rare.last_day) is None
    note = note_on_groups(often, often.last_day)
    assert f"{reached[2]:.2f} in group C and {reached[3]:.2f} in group D" in note
