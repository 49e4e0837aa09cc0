"""Who the citizens are, and whom they know."""

import numpy as np

from helpers.nation import build
from underwatch.model.society.people import ADULT, DISTRICT
from underwatch.model.society.ties import LOCAL, SLOTS, by_slot, in_line


def pairs(ties):
    who, slot = np.nonzero(ties < len(ties))
    return who, slot, ties[who, slot]


def test_census_margins_hold_to_a_tenth_of_a_point_in_a_million():
    people, _ = build(1_000_000)
    shares = {
        "children": ((people["age"] < 15).mean(), 0.1795),
        "old": ((people["age"] >= 60).mean(), 0.1870),
        "urban": ((people["place"] > 0).mean(), 0.639),
        "largest group": ((people["group"] == 0).mean(), 0.70),
    }
    assert {k: round(abs(a - b), 4) for k, (a, b) in shares.items() if abs(a - b) > 0.001} == {}
    assert abs(1 / (people["place_in_home"] == 0).mean() - 2.62) < 0.03


def test_households_have_consecutive_ids_and_adult_heads(nation):
    people, _ = nation
    heads = np.nonzero(people["place_in_home"] == 0)[0]
    sizes = people["home_size"][heads].astype(int)
    assert (heads[1:] == heads[:-1] + sizes[:-1]).all()
    assert (people["age"][heads] >= ADULT).all()


def test_every_tie_is_mutual(nation):
    _, ties = nation
    who, slot, whom = pairs(ties)
    assert (ties[whom, slot] == who).all()
    assert (who != whom).all()


def test_the_number_of_ties_does_not_depend_on_the_district(nation):
    people, ties = nation
    adult = people["age"] >= ADULT
    degree = (ties < len(ties)).sum(1)
    last = np.arange(len(people)) >= DISTRICT
    whole, part = degree[adult & ~last].mean(), degree[adult & last].mean()
    assert abs(whole - part) < 0.25
    assert degree[adult].std() > 1.5  # uneven degree


def test_similar_people_are_more_often_tied(nation):
    people, ties = nation
    who, slot, whom = pairs(ties)
    assert set(np.unique(slot)) == set(range(SLOTS))
    for trait in ("conviction", "income"):
        local = slot < LOCAL
        a, b = people[trait][who[local]], people[trait][whom[local]]
        assert np.corrcoef(a, b)[0, 1] > 0.03


def test_the_sequence_of_ties_holds_the_same_ties_as_the_table(nation):
    _, ties = nation
    line = in_line(ties)
    assert len(line.contacts) == line.reach[-1] == (ties < len(ties)).sum()
    assert (by_slot(line, np.arange(len(ties))) == ties).all()
    assert (by_slot(line, np.array([70_000, 3])) == ties[[70_000, 3]]).all()
    alone = in_line(np.full((2, SLOTS), 2, np.uint32))
    assert (by_slot(alone, np.arange(2)) == 2).all()


def test_children_have_ties_at_home_only(nation):
    people, ties = nation
    assert (ties[people["age"] < ADULT] == len(ties)).all()


def test_the_same_seed_builds_the_same_population_and_another_seed_another(nation):
    people, ties = nation
    again, other = build(70_001), build(70_001, seed=7)
    assert (again[0] == people).all() and (again[1] == ties).all()
    assert (other[0] != people).any() and (other[1] != ties).any()
