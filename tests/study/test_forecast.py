"""A forecast: the size, time and events of a study, before anything of it runs."""

import json

import pytest
from typer.testing import CliRunner

import underwatch as uw
from underwatch.cli import app
from underwatch.errors import UserError
from underwatch.study import forecast as module

SMALL = {"citizens": 2000, "days": 40}


def test_a_forecast_names_the_runs_that_each_study_would_simulate():
    pair, weights = ("unwatched", "atlantic-2018"), {"scoring.association": [0, 0.2, 0.5]}
    asked = [
        (uw.compare, pair, dict(seeds=5), 10),
        (uw.attribute, ("thaw", "imposed"), dict(organs=["M7", "M14"], seeds=3), 12),
        (uw.frontier, ("thaw",), dict(safeguards=["minimise", "wall"], seeds=2), 8),
        (uw.sweep, (pair, weights), dict(seeds=4), 24),
        (uw.run, ("thaw",), dict(seeds=7), 7),
    ]
    for study, args, given, runs in asked:
        assert module.size_of(study, *args, **given, **SMALL).runs == runs
    with pytest.raises(UserError, match="is not a measure"):
        uw.forecast(uw.attribute, "thaw", "imposd")


def test_events_are_those_of_the_pilot_in_proportion_to_the_citizens(monkeypatch):
    monkeypatch.setattr(module, "PILOT", 2000)
    days = 900
    small, large = (
        uw.forecast(uw.run, "atlantic-2018", citizens=n, days=days) for n in (2000, 8000)
    )
    tallies = uw.run("atlantic-2018", citizens=2000, days=days).tallies["imposed_by_month"]
    by_group = tallies.sum(("month", "age", "place", "conviction")).values
    assert [*small.events["imposed"].values()] == [*by_group] and by_group.sum() > 0
    assert [*large.events["imposed"].values()] == [*(4.0 * by_group)]
    assert large.memory > small.memory and large.disk > small.disk
    printed = " ".join(large.sentences())
    assert "expected in one run by group" in printed and "30 need" in printed
    assert "a pilot: one run of 2,000 citizens" in printed


def test_the_commands_print_their_forecast_and_leave_nothing_behind(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    size = ["--citizens", "1000", "--days", "30", "--estimate", "--json"]
    for words, runs in ((["run", "thaw"], 1), (["compare", "thaw", "unwatched"], 6)):
        done = CliRunner().invoke(app, [*words, *size])
        assert done.exit_code == 0, done.output
        assert json.loads(done.stdout.splitlines()[-1])["runs"] == runs
    assert not [*tmp_path.iterdir()]
