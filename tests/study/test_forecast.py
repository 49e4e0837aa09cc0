"""A forecast: the size, time and events of a study, before anything of it runs."""

import json
from contextlib import suppress

import pytest
from typer.testing import CliRunner

import underwatch as uw
from helpers.command import underwatch
from underwatch.cli import app
from underwatch.errors import UserError
from underwatch.kernel.identity import code_digest
from underwatch.results.ledger import Ledger
from underwatch.results.reservation import reserved
from underwatch.results.settings import settings_of
from underwatch.study import forecast as module
from underwatch.study.speed import BUILDING, Speed

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


def test_seeds_one_after_the_other_take_the_time_and_the_checkpoints_of_each(monkeypatch):
    monkeypatch.setattr(module, "PILOT", 200)
    monkeypatch.setattr(module, "measured_speed", lambda: Speed(1e7, 0.5, True, 9e6, 2e7))
    size = {"citizens": 1_000_000, "days": 60}
    one = uw.forecast(uw.run, "thaw", **size)
    three = uw.forecast(uw.run, "thaw", seeds=3, **size)
    slow = uw.forecast(uw.run, "thaw", threads=1, **size)
    assert three.seconds == pytest.approx(3 * one.seconds) and three.memory == one.memory
    assert three.disk - three.disk_at_end == 2 * (one.disk - one.disk_at_end)
    assert slow.seconds == pytest.approx(0.5 + (60 + BUILDING) * 1e6 / 1e7)
    printed = " ".join(slow.sentences())
    assert "10 million citizen-days a second of a core, 9 to 20 million being known" in printed
    assert "at the end" in printed and "need more than" not in printed


def test_the_commands_print_their_forecast_and_leave_nothing_behind(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    size = ["--citizens", "1000", "--days", "30", "--estimate", "--json", "--quiet"]
    for words, runs in ((["run", "thaw"], 1), (["compare", "thaw", "unwatched"], 6)):
        done = CliRunner().invoke(app, [*words, *size])
        assert done.exit_code == 0, done.output
        assert json.loads(done.stdout)["runs"] == runs and not done.stderr
    assert not [*tmp_path.iterdir()]


@pytest.mark.parametrize("words", [
    "run thaw --out taken",
    "run thaw --out /proc/none/x",
    "run thaw --out begun",
    "run thaw --threads 4000",
    "run thaw --seeds 2 --out taken",
    "run thaw --seeds 2 --out other",
    "compare thaw unwatched --out taken/below",
    "compare thaw unwatched --out other",
    "compare thaw unwatched --scheduler=",
    "compare thaw unwatched --scheduler=nonsense://x",
    "frontier thaw --safeguards minimise,wall --out other",
    "sweep association --out other",
    "diffusion --out other",
])  # fmt: skip
def test_an_estimate_refuses_what_the_command_would_refuse_in_the_same_words(
    tmp_path, monkeypatch, words
):
    monkeypatch.setattr("underwatch.study.scheduling._run_here", None)
    (tmp_path / "taken").touch()
    with Ledger(tmp_path / ".other.partial", "another study", code_digest()):
        pass
    settings = settings_of(uw.Scenario.load("unwatched"))
    with suppress(KeyboardInterrupt), reserved(tmp_path / "begun", settings) as place:
        (place.inside / "day-00001").mkdir()
        raise KeyboardInterrupt
    before = sorted(tmp_path.rglob("*"))
    command = [*words.split(), "--quiet"]
    asked, done = (underwatch(*command, *more, cwd=tmp_path) for more in (["--estimate"], []))
    assert asked.returncode == done.returncode == 2
    assert asked.stderr == done.stderr and not asked.stdout + done.stdout
    assert sorted(tmp_path.rglob("*")) == before
