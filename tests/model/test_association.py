"""Association spreads a score without bias (M10)."""

import numpy as np
import pytest

from helpers import worlds
from helpers.nation import build, open_ties
from underwatch.kernel.columns import as_columns
from underwatch.measurement.catalogue import NAMES
from underwatch.model.society.people import ADULT
from underwatch.model.state import ASSOCIATION, STATE, mean
from underwatch.verification.registry import cases

CITIZENS, LATE, BASE = 20_000, 0, 1_000


@pytest.fixture(scope="module")
def village():
    """(people, ties, ids of adults, neighbours): neighbours as two arrays, one entry for an end."""
    people, ties = build(CITIZENS, 11)
    adult = people["age"] >= ADULT
    table = open_ties(ties)
    here, slot = np.nonzero((table < CITIZENS) & adult[:, None])
    ends = [(here, table[here, slot])]
    first = np.arange(CITIZENS) - people["place_in_home"]
    for place in range(int(people["home_size"].max())):
        other = first + place
        lives = (place < people["home_size"]) & (other != np.arange(CITIZENS)) & adult
        ends.append((np.flatnonzero(lives), other[lives]))
    here, there = (np.concatenate(x) for x in zip(*ends, strict=True))
    both = adult[there]
    return people, ties, np.flatnonzero(adult), (here[both], there[both])


def idle(association, **others):
    """Parameters under which nobody acts, and everyone's score is read locally every day."""
    r = np.zeros(1, worlds.PARAMS)
    r["scoring"], r["piloted"], r["base"], r["ceiling"] = 1, 256, BASE, 5_000
    r["late"], r["good"] = -5, 30
    r["sees"], r["association"] = 4_095, round(association * 65_536)
    for layer in ("home", "local", "online"):
        r[f"observed_{layer}"] = 1
    for name, value in others.items():
        r[name] = value
    return r


def with_files(people, ties, params, files):
    """A world on its first morning in which citizens have some local files."""
    world = worlds.world_of(people, ties, params, 5)
    states = np.ascontiguousarray(world.states.T).reshape(-1).view(STATE)
    for citizen, file in files.items():
        states["file"][citizen] = file
    return world._replace(states=as_columns(states))


def test_spillover_over_the_direct_effect_is_that_of_the_law_for_both_signs():
    """On the built society, as the verification runs it."""
    for check in cases()[39].run(4, 40):
        assert check.agrees and check.error < 0.02 * check.expected, check


def test_only_contacts_who_cost_half_a_point_take_anybody_below_the_line(village):
    """Many scores are equal to the line; the old rounding took a point from most of them."""
    people, ties, adults, (here, there) = village
    owners = adults[::3]
    files = dict.fromkeys(owners.tolist(), 1 << 4 * LATE)  # own score 995, the others' 1,000
    own = np.full(CITIZENS, float(BASE))
    own[owners] = 995

    def by_association(weight):
        params = idle(weight, restrict_on=1, line=995, restrict_days=180)
        world = with_files(people, ties, params, files)
        _, states, tallies = worlds.simulate(people, ties, params, [0] * 40, 5, 4_096, 0, world)
        assert tallies.sum((0, 1))[NAMES.index("wrongful")] == (states["reasons"] >> 4 > 0).sum()
        return states["reasons"] >> 4 == ASSOCIATION

    assert not by_association(0.001).any()
    degree = np.maximum(1, np.bincount(here, minlength=CITIZENS))
    term = np.zeros(CITIZENS)
    for _ in range(60):
        term = 0.2 * np.bincount(here, (own - BASE + term)[there], minlength=CITIZENS) / degree
    restricted = by_association(0.2)
    assert restricted.any() and term[restricted].max() < -0.5 + 1 / 50
    assert restricted[owners[term[owners] < -0.6]].all()


def test_a_mean_of_scores_is_the_exact_quotient_rounded_down():
    whole = np.arange(1 << 18)
    for count in range(1, 32):
        near = whole * count
        for totals in (near - 1, near, near + 1, (1 << 23) - 1 - whole):
            totals = totals[(totals >= 0) & (totals < 1 << 23)]
            assert np.array_equal(mean.py_func(totals, count), (totals << 16) // count)
    assert mean.py_func(0, 0) == 0
