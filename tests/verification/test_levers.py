"""What cases set that no scenario can: graphs, degrees, and the public signals of yesterday."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from underwatch.verification.cases.association import giant_component
from underwatch.verification.populations import (
    adults,
    parameters,
    population,
    rewired,
    society,
    staged,
    table_of,
)

N = 12


@settings(max_examples=50, deadline=None)
@given(arrays(np.int64, st.tuples(st.integers(0, 150), st.just(2)), elements=st.integers(0, N - 1)))
def test_a_table_of_contacts_holds_each_pair_once_at_both_ends(edges):
    table = table_of(edges, N)
    who, slot = np.nonzero(table < N)
    held = set(zip(who.tolist(), table[who, slot].tolist(), strict=True))
    assert len(held) == len(who)
    assert held == {pair for a, b in edges.tolist() if a != b for pair in ((a, b), (b, a))}


def test_no_citizen_gets_more_contacts_than_there_are_slots():
    star = np.column_stack([np.zeros(40, np.int64), np.arange(1, 41)])
    table = table_of(star, 41)
    assert (table[0] < 41).sum() == 16 == (table[1:] == 0).sum()


def test_a_rewired_graph_keeps_nearly_all_of_every_degree():
    degrees = np.random.default_rng(1).integers(0, 9, 20_000)
    kept = (table_of(rewired(degrees, np.random.default_rng(2)), 20_000) < 20_000).sum(1)
    assert (kept <= degrees).all() and kept.sum() > 0.999 * degrees.sum()


def test_a_population_under_parameters_that_are_all_zero_does_nothing():
    among = population(adults(50), table_of(np.arange(50).reshape(-1, 2), 50), 3)
    quiet = staged(among, parameters(), 40, {"opinion": 200, "trust": 90})
    quiet.run()
    states = quiet.states()
    assert (states["opinion"] == 200).all() and (states["trust"] == 90).all()
    assert quiet.daily[:, :4].sum() == 0 and (states["file"] == 0).all()


def test_every_tie_of_the_built_society_has_two_ends_among_adults():
    nation = society(3_000, 5)
    ends = set(zip(nation.here.tolist(), nation.there.tolist(), strict=True))
    assert len(ends) == len(nation.here)
    assert all((b, a) in ends for a, b in ends)
    assert nation.degree.sum() == len(ends)
    assert not np.setdiff1d(nation.here, nation.adults).size


def test_the_giant_component_of_a_poisson_graph_is_that_of_the_textbook():
    degrees = np.random.default_rng(3).poisson(4, 400_000)
    assert abs(giant_component(degrees, 1.5 / 4) - 0.583) < 0.003
    assert giant_component(degrees, 0.2) < 1e-6
