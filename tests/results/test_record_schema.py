"""A record that agrees with its manifest is believed only if it has the keys and types of one."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import underwatch as uw
from helpers.records import run_record
from underwatch.errors import UserError
from underwatch.explanation.subjects import provenance_of
from underwatch.results import folder as store
from underwatch.results.record_schema import DEEPEST, read_record

LOST = object()


def refused(place, record) -> str:
    path = place / "run.json"
    path.write_text(json.dumps({k: v for k, v in record.items() if v is not LOST}))
    with pytest.raises(UserError) as caught:
        read_record(path)
    text = str(caught.value)
    assert len(text) < 20_000 and "pydantic" not in text
    return text


def test_a_record_as_runs_write_it_is_read_unchanged(tmp_path):
    record = run_record(note={"of": ["mine"]})
    store.write_json(tmp_path / "run.json", record)
    assert read_record(tmp_path / "run.json") == record


@pytest.mark.parametrize("changes, sentence", [
    ({"state_hash": None}, 'state_hash is null, but it should be a valid string.'),
    ({"state_hash": "0" * 63}, "state_hash is"),
    ({"days": LOST}, "days is missing."),
    ({"days": "40"}, 'days is "40", but it should be a valid integer.'),
    ({"days": True}, "days is true"),
    ({"days": 10**400}, "days is"),
    ({"seconds": -1}, "seconds is -1"),
    ({"citizens": {"a": 1}}, "citizens is something else"),
    ({"sources": ["x"]}, "sources is something else"),
    ({"versions": {}}, "versions.underwatch is missing."),
    ({"summary": {"imposed": {"value": "3", "unit": "x"}}}, "summary.imposed.value"),
    ({"summary": {"imposed": 3}}, "summary.imposed is 3"),
    ({"first_day": "yesterday"}, "first_day is"),
    ({"first_day": "2013-01-01"}, "first_day differ from those of its scenario"),
    ({"citizens": 999, "seed": 1}, "citizens, seed differ from those of its scenario"),
    ({"scenario": {}}, "scenario cannot be read"),
    ({"scenario_hash": "0" * 64}, "scenario is not the scenario whose hash is recorded"),
    ({"kind": 3}, "kind is 3"),
    ({"kind": "compare"}, "worlds is missing"),
    ({"kind": "explain", "citizen": 1, "scenario": {}}, "scenario cannot be read"),
])  # fmt: skip
def test_a_wrong_or_missing_key_is_named(tmp_path, changes, sentence):
    text = refused(tmp_path, run_record(**changes))
    assert sentence in text and text.startswith(str(tmp_path / "run.json"))


def test_every_fault_of_a_record_is_named_at_once(tmp_path):
    changes = {"days": LOST, "seed": "x", "state_hash": None}
    assert len(refused(tmp_path, run_record(**changes)).splitlines()) == 3


def test_a_record_that_is_nested_too_deep_is_refused(tmp_path):
    for levels in (DEEPEST, 900, 100_000):
        (tmp_path / "run.json").write_text('{"a": ' + "[" * levels + "]" * levels + "}")
        with pytest.raises(UserError, match="is not the provenance"):
            read_record(tmp_path / "run.json")


PATHS = st.sampled_from(sorted(
    [(key,) for key in run_record()] + [("scenario", key) for key in run_record()["scenario"]]
    + [("versions", "python"), ("summary", "imposed"), ("scenario", "society", "citizens")]
))  # fmt: skip
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=6,
)


@settings(max_examples=20)
@given(st.lists(st.tuples(PATHS, JSON | st.just(LOST)), min_size=1, max_size=3))
def test_a_record_with_anything_in_it_is_read_or_refused_in_sentences(tmp_path_factory, changes):
    record = json.loads(json.dumps(run_record()))
    for path, value in changes:
        at = record
        for step in path[:-1]:
            at = at[step] if isinstance(at, dict) and step in at else {}
        if isinstance(at, dict):
            at.pop(path[-1], None) if value is LOST else at.update({path[-1]: value})
    folder = tmp_path_factory.mktemp("any") / "run"
    with store.whole(folder) as part:
        (part / store.RUN).write_text(json.dumps(record))
    for read in (uw.load, lambda folder: provenance_of(folder, {})):
        try:
            read(folder)
        except UserError as error:
            assert error.problems and "pydantic" not in str(error)
