"""Every invented citizen of a run can be found by traits and by what happened to them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import underwatch as uw
from underwatch.results import people
from underwatch.results.people import COLUMNS, HISTORY_MEANING, find, people_table


@pytest.fixture(scope="module")
def run():
    harsh = ["restrictions.below=985", "registers.judgement_mistyped=0.3",
             "cameras.false_match_rate=1e-9", "first_day=2019-01-01"]  # fmt: skip
    return uw.run(uw.Scenario.load("atlantic-2018", harsh), citizens=3000, days=200, panel=20)


def test_the_table_has_a_row_for_every_citizen_and_a_meaning_for_every_column(run):
    table = people_table(run.simulation)
    assert table.num_rows == 3000 and set(table.column_names) == {*COLUMNS, *HISTORY_MEANING}
    assert all(field.metadata[b"meaning"] and field.metadata[b"unit"] for field in table.schema)
    assert table.schema.metadata[b"rows"] == b"every citizen"


def test_the_table_agrees_with_states_tallies_and_panel(run):
    found, states = run.people, run.states
    assert (found["risk"].to_numpy() == states["risk"]).all()
    assert found["restricted_days"].sum() == run.tallies["restricted"].sum()
    assert found["score"].isna().sum() == (run.scores < 0).sum()
    last = run.tallies["restricted"].values[-1]
    assert found["restricted"].sum() == last
    panel = run.panel.to_pandas()
    named = panel[panel["record"] == "stopped"]["citizen"].unique()
    assert found.loc[named, "stopped"].all() and found["in_panel"].sum() == 20
    first = found.groupby("household").head(1)
    assert (first.index == first["household"]).all()


def test_wrong_records_are_a_part_of_the_records(run):
    found = run.people
    assert (found["wrong_records"] <= found["records"]).all() and found["wrong_records"].any()
    assert found.loc[found["wrong_records"] > 0, "false_record"].all()


def test_children_have_no_file_no_score_and_no_history(run):
    children = run.people[run.people["age"] < 18]
    assert len(children) and not children[["records", "restricted_days", *HISTORY_MEANING]].any(
        axis=None
    )


def test_a_table_of_a_large_population_is_a_sample_with_the_panel(run, monkeypatch):
    monkeypatch.setattr(people, "MOST", 100)
    table = people_table(run.simulation)
    assert 100 <= table.num_rows <= 120
    assert sum(table["in_panel"].to_pylist()) == 20
    assert b"sample of 100" in table.schema.metadata[b"rows"]
    assert table.schema.metadata[b"citizens"] == b"3000"


def test_find_combines_filters_and_sorts_the_highest_first(run):
    found = run.find(restricted=True, age="30-59", order="restricted_days", limit=None)
    every = run.people
    wanted = every[every["restricted"] & every["age"].between(30, 59)]
    assert set(found.index) == set(wanted.index) and len(found)
    assert found["restricted_days"].is_monotonic_decreasing
    assert run.find(order="-age")["age"].is_monotonic_increasing
    assert (run.find(wrongful=True)["wrongful_restriction"]).all()
    assert set(run.find(group="C,D", limit=None)["group"]) == {"C", "D"}
    assert run.find(conviction="critical", limit=None)["conviction"].min() > 170


@given(st.integers(0, 120), st.integers(0, 120))
def test_a_range_means_the_same_in_every_notation(run, low, high):
    low, high = sorted((low, high))
    frame = run.people
    expected = frame[frame["age"].between(low, high)].index
    for written in (f"{low}-{high}", (low, high), [np.int64(low), float(high)]):
        assert find(frame, age=written, limit=None).index.equals(expected)
    above = frame[frame["age"] >= low].index
    assert find(frame, age=f"{low}+", limit=None).index.equals(above)
    assert find(frame, age=(low, None), limit=None).index.equals(above)


@pytest.mark.parametrize(
    ("filters", "sentence"),
    [
        ({"restricted_dais": 3}, "did you mean restricted_days"),
        ({"order": "scor"}, "did you mean score"),
        ({"group": "E"}, "known are A, B, C, D"),
        ({"age": "old"}, 'write a number, "100+", "10-50"'),
        ({"age": True}, "write a number"),
        ({"wrongful": "yes"}, "it is True or False"),
        ({"age": "59-30"}, "ends before it begins"),
        ({"age": float("nan")}, "write a number"),
        ({"age": 10**400}, "write a number"),
        ({"conviction": ["loyal"]}, "write a number"),
        ({"order": ""}, "'' is not a column"),
        ({"order": 5}, "the name of a column"),
        ({"limit": -1}, "limit is -1"),
        ({"people": 3}, "people is not a column"),
    ],
)
def test_a_filter_that_cannot_be_used_is_explained(run, filters, sentence):
    with pytest.raises(uw.UserError, match=sentence.replace("+", r"\+")):
        run.find(**filters)
