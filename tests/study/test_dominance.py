"""What `frontier` lists: nothing that is dominated, and something near everything else."""

from hypothesis import given
from hypothesis import strategies as st

from underwatch.study.dominance import covers, dominates, listed, tolerances

few = st.integers(0, 30).map(float)  # coarse, so that ties and near ties are frequent
many = st.floats(0, 1e6, allow_nan=False)
costs_of_sets = st.one_of(
    st.lists(st.tuples(few, few), min_size=1, max_size=40),
    st.lists(st.tuples(many, many), min_size=1, max_size=40),
    # Many within the tolerance of each other, and two far away.
    st.lists(st.tuples(st.floats(0, 3), st.floats(0, 3)), min_size=1, max_size=40).map(
        lambda costs: [*costs, (200.0, 0.0), (0.0, 200.0)]
    ),
)


@given(costs_of_sets)
def test_no_listed_set_is_dominated_by_any_evaluated_set(costs):
    by_set = dict(enumerate(costs))
    tolerance = tolerances(costs)
    chosen = listed(by_set, list(by_set))
    assert chosen
    for one in chosen:
        assert not any(dominates(other, by_set[one], tolerance) for other in costs)


@given(costs_of_sets)
def test_every_evaluated_set_has_a_listed_set_within_the_tolerance_or_better(costs):
    by_set = dict(enumerate(costs))
    tolerance = tolerances(costs)
    chosen = listed(by_set, list(by_set))
    for cost in costs:
        assert any(covers(by_set[one], cost, tolerance) for one in chosen)


@given(costs_of_sets, st.data())
def test_domination_is_transitive(costs, data):
    tolerance = tolerances(costs)
    a, b, c = (data.draw(st.sampled_from(costs)) for _ in range(3))
    if dominates(a, b, tolerance) and dominates(b, c, tolerance):
        assert dominates(a, c, tolerance)
    assert not dominates(a, a, tolerance)


def test_of_sets_within_the_tolerance_the_smallest_is_listed():
    costs = {"a": (10.0, 5.0), "ab": (9.99, 5.0), "b": (0.0, 9.0), "c": (20.0, 0.0)}
    assert listed(costs, ["a", "b", "c", "ab"]) == ["b", "a", "c"]


def test_a_grid_does_not_hide_a_set_that_dominates():
    # Rounded to steps of 0.5 % of the span, the first two fall on the same or on distant steps.
    costs = {1: (0.49, 10.0), 2: (0.51, 11.2), 3: (100.0, 0.0), 4: (0.0, 200.0)}
    assert 2 not in listed(costs, [2, 1, 3, 4])
