"""`explain` from Python and from the command line: text, data, chart and page."""

import json

import numpy as np
import pytest
from typer.testing import CliRunner

import underwatch as uw
from underwatch.cli import app
from underwatch.explanation.chart import explanation_chart
from underwatch.explanation.comparison import difference
from underwatch.explanation.summary import profile_of, restrictions

SMALL = ["first_day=2019-12-01", "society.citizens=1500"]


@pytest.fixture(scope="module")
def run():
    return uw.run(uw.Scenario.load("atlantic-2018", SMALL), days=120)


@pytest.fixture(scope="module")
def explanation(run):
    return uw.explain(run, np.int64(7), twin=uw.Scenario.load("without-fear", SMALL[:1]))


def test_a_scenario_and_its_run_give_the_same_explanation(run, explanation):
    scenario = uw.Scenario.load("atlantic-2018", SMALL[:1])
    fresh = uw.explain(scenario, 7, citizens=1500, days=120)
    assert fresh.profile == explanation.profile
    with pytest.raises(uw.UserError, match="its own citizens, days and seed"):
        uw.explain(run, 7, citizens=1500)


def test_a_run_with_its_own_scoring_rule_is_not_explained_by_the_scenarios_points(run):
    ruled = uw.Run(run.scenario, run.provenance | {"points_rule": "0123456789abcdef"}, None)
    with pytest.raises(uw.UserError, match="a scoring rule of its own"):
        uw.explain(ruled, 7)
    with pytest.raises(uw.UserError, match="a scoring rule of its own"):
        uw.explain(run, 7, twin=ruled)


def test_an_explanation_is_a_result(explanation, tmp_path):
    frame = explanation.to_dataframe()
    assert len(frame) == len(explanation.profile.events) + len(explanation.twin.events)
    rows = {row for sentence in explanation.to_dict()["story"] for row in sentence["rows"]}
    assert {row for row in rows if row[5:].isdigit()} <= set(frame["row"])
    assert len(repr(explanation)) < 300 and "Citizen 7" in explanation._repr_html_()
    assert explanation.plot().to_dict()["vconcat"]
    same = uw.load(explanation.save(tmp_path / "seven"))
    assert same.to_dict() == explanation.to_dict()
    assert same.report() == explanation.report()


def test_the_first_difference_is_one_sentence_with_its_cause():
    found = {"day": 5, "date": "2014-06-19", "here": ["late instalment (own act)"], "there": [],
             "differing": {}, "feels": None, "acts": None,
             "causes": ["safeguards.minimise is 0 here and 1 there"]}  # fmt: skip
    assert difference(found, "Other")[0] == (
        "On 2014-06-19 the citizen and the twin in “Other” first differ: here the events "
        "include “late instalment (own act)”, there they do not, because safeguards.minimise is 0 "
        "here and 1 there."
    )


def test_a_misspelt_twin_is_answered_with_the_scenario_that_was_meant(run):
    with pytest.raises(uw.UserError, match="unwatchd; did you mean unwatched"):
        uw.explain(run, 7, twin="unwatchd")


def test_a_twin_of_other_people_is_refused(run):
    other = uw.run(uw.Scenario.load("atlantic-2018", [*SMALL, "society.seed=1"]), days=30)
    with pytest.raises(uw.UserError, match="not of the same people: seed"):
        uw.explain(run, 7, twin=other)


def test_a_result_of_many_runs_cannot_be_explained():
    with pytest.raises(uw.UserError, match="takes one run"):
        uw.explain(uw.run("unwatched", citizens=500, days=5, seeds=2), 7)


def test_a_restriction_is_a_bar_from_its_first_day_to_its_last(everyone):
    who = max(everyone, key=lambda each: max((s.days for s in restrictions(each)), default=0))
    profile = profile_of(who)
    _, _, events = explanation_chart(profile)["vconcat"]
    bars, marks = (layer["data"]["values"] for layer in events["layer"])
    assert len(bars) == len(profile.spans) + len(profile.conditions)
    longest = max(profile.spans, key=lambda span: span.days)
    assert any(bar["date"] == longest.first and bar["end"] > longest.last for bar in bars)
    assert marks and {mark["row"] for mark in marks} <= set(events["layer"][1]["encoding"]["y"][
        "scale"]["domain"])  # fmt: skip


def test_the_chart_of_two_worlds_marks_both(everyone):
    profile = profile_of(max(everyone, key=lambda who: len(who.events)))
    _, _, events = explanation_chart(profile, profile)["vconcat"]
    worlds = {mark["world"] for mark in events["layer"][1]["data"]["values"]}
    assert worlds == {profile.world, f"{profile.world} (twin)"}


@pytest.fixture(scope="module")
def folder(run, tmp_path_factory):
    return str(run.save(tmp_path_factory.mktemp("runs") / "one"))


def command(*args):
    return CliRunner().invoke(app, list(args))


def test_the_command_prints_what_the_api_returns(folder, explanation, tmp_path):
    picture, out, page = (tmp_path / name for name in ("seven.svg", "seven", "seven.html"))
    done = command("explain", folder, "7", "--twin", "without-fear", "--json",
                   "--picture", str(picture), "--out", str(out))  # fmt: skip
    assert done.exit_code != 0  # the twin starts on another day
    twin = tmp_path / "twin.yaml"
    twin.write_text("extends: without-fear\ntitle: Twin\nfirst_day: 2019-12-01\n")
    done = command("explain", folder, "7", "--twin", str(twin), "--json",
                   "--picture", str(picture), "--report", str(page), "--out", str(out))  # fmt: skip
    assert done.exit_code == 0, done.output
    assert page.read_text("utf-8") == (out / "report.html").read_text("utf-8")
    found = json.loads(done.stdout.strip().splitlines()[-1])
    assert found["profile"] == json.loads(json.dumps(explanation.profile.to_dict()))
    assert "<svg" in picture.read_text("utf-8") and (out / "report.html").exists()


def test_show_prints_the_explanation_of_a_folder(explanation, tmp_path):
    shown = command("show", str(explanation.save(tmp_path / "kept")))
    assert shown.exit_code == 0, shown.output
    assert shown.stdout.startswith(f"Citizen {explanation.citizen}: ")


def test_find_leads_to_a_citizen_who_can_be_explained(folder):
    found = json.loads(command("find", folder, "--age", "60+", "--order", "restricted_days",
                               "--limit", "2", "--json").stdout)  # fmt: skip
    assert len(found["citizens"]) == 2 <= found["found"]
    assert all(row["age"] >= 60 for row in found["citizens"])
    text = command("find", folder, "--where", "shops_online=yes", "--limit", "1")
    assert text.exit_code == 0 and "the first is listed. All are invented" in text.stdout
    unknown = command("find", folder, "--where", "restricted_dais=3")
    assert "did you mean restricted_days?" in str(unknown.exception)
