"""Worlds that are equal up to a date: simulated once until then, and the same to the bit."""

from datetime import date

import pytest

from underwatch.scenario import Scenario
from underwatch.study import shared
from underwatch.study.compare import compare
from underwatch.study.own_code import OwnCode
from underwatch.study.runs import Task, run_task
from underwatch.study.shared import branches, grouped, makespan, planned

SMALL = ["society.citizens=800", "first_day=2019-11-01"]
DAYS = 95


def world(*settings):
    return Scenario.load("atlantic-2018", [*SMALL, *settings])


@pytest.fixture(scope="module")
def worlds():
    speech = "safeguards.no_speech={2019-12-01: 1}"
    return {
        "base": world(),
        "speech": world(speech),
        "later": world("safeguards.appeal={2020-01-10: 1}"),
        "both": world(speech, "cameras.uptime={2014-06-14: 0.9, 2020-01-20: 0.1}"),
        "speech again": world(speech, "title=Another"),
        "other": world("cameras.uptime=0.1"),
    }


def test_worlds_branch_off_on_the_first_day_on_which_their_parameters_differ(worlds):
    found = branches(worlds, DAYS)
    begin = date(2019, 11, 1)
    assert found["speech"] == ("base", (date(2019, 12, 1) - begin).days)
    assert found["later"] == ("base", (date(2020, 1, 10) - begin).days)
    assert found["speech again"] == ("speech", DAYS)  # never
    assert "other" not in found and "base" not in found
    fewer = world("society.citizens=700")
    assert not branches({"base": worlds["base"], "fewer": fewer}, DAYS)


@pytest.fixture(scope="module")
def alone(worlds):
    """The outcome of each world, simulated from its first day to its last."""

    def one(name):
        return run_task(Task("one", {name: worlds[name]}, 7, DAYS), 800, lambda _: None)[name]

    return {name: one(name) for name in worlds}


@pytest.mark.parametrize("most", [2, 16])
def test_shared_days_change_no_bit_however_the_worlds_are_grouped(worlds, alone, most, monkeypatch):
    monkeypatch.setattr(shared, "MOST_WORLDS", most)
    groups = grouped(worlds, branches(worlds, DAYS))
    assert sorted(name for some, _ in groups for name in some) == sorted(worlds)
    assert max(len(some) for some, _ in groups) <= most
    found, simulated = {}, 0
    for some, off in groups:
        task = Task("one", some, 7, DAYS, off)
        counts = [0]
        found |= run_task(task, 800, counts.append)
        simulated += task.lengths
        assert counts[-1] == task.lengths
    assert simulated < DAYS * len(worlds)
    for name, expected in alone.items():
        assert found[name].state_hash == expected.state_hash, name
        assert found[name].totals == expected.totals, name
        assert found[name].summary == expected.summary, name


def test_a_comparison_shares_days_without_being_asked(worlds, monkeypatch):
    lengths = []

    def noted(tasks, *args, **more):
        lengths.append(sum(task.lengths for task in tasks))
        return run_all(tasks, *args, **more)

    run_all = shared.run_all
    monkeypatch.setattr(shared, "run_all", noted)
    two = {name: worlds[name] for name in ("base", "later")}
    found = compare(two, days=DAYS, seeds=2)
    assert lengths == [2 * (2 * DAYS - 70)] and not found.diverge_day


def test_worlds_are_kept_apart_where_other_cores_would_have_no_work(worlds, monkeypatch):
    assert makespan([10, 10], 2) < makespan([19], 1) == 19
    monkeypatch.setattr(shared, "SMALL", 0)
    monkeypatch.setattr(shared, "cores", lambda: 2)
    early = {"base": worlds["base"], "speech": worlds["speech"]}
    # With three seeds, one core would have two tasks and the other one.
    counts = [len(planned(dict.fromkeys(range(k), early), DAYS, OwnCode())) for k in (3, 2)]
    assert counts == [6, 2]
