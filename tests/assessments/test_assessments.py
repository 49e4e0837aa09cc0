"""An assessment as a whole: what it answers, that it is kept, printed and made again."""

import json
import re
import shlex
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

import underwatch as uw
from helpers.assessed import station as example
from underwatch.assessments.answers.simulated import driver_in_words, turning_in_words
from underwatch.assessments.assessing import _file_of, worlds_of
from underwatch.assessments.closed_forms.watch_list import quick
from underwatch.assessments.deciding import _threshold_lever
from underwatch.assessments.declaration import read_deployment
from underwatch.assessments.drivers import drivers
from underwatch.assessments.kinds import KINDS
from underwatch.assessments.ranges import drawn_inputs, intervals
from underwatch.assessments.result import Driver
from underwatch.assessments.wording import bare_note
from underwatch.cli import app
from underwatch.errors import UserError

SIZE = {"citizens": 20_000, "seeds": 3}


@pytest.fixture(scope="module")
def station():
    return uw.assess("station", **SIZE)


def test_runs_and_closed_forms_agree_wherever_both_exist(station):
    tested = [each for each in station.estimates if each.agrees is not None]
    assert len(tested) > 100
    assert [each for each in tested if not each.agrees] == []
    assert all(each.kind == "both" for each in tested)


def test_a_figure_on_few_events_says_so_and_keeps_the_closed_form(station):
    few = [each for each in station.estimates if each.events is not None and each.events < 30]
    assert few
    assert all(each.note.startswith("too few events") for each in few)
    assert all(each.agrees is None and each.chance_low is None for each in few)


def test_every_measure_of_the_issue_is_there_by_threshold_and_by_group(station):
    measures = (
        "alerts_per_day", "false_alerts_per_1000_passes", "precision_of_stops", "missed_share",
        "falsely_alerted_once", "falsely_alerted_repeatedly", "hours_of_the_stopped",
        "burden_top_percent", "appeals", "audit_ratio",
    )  # fmt: skip
    for measure in measures:
        found = station.select(measure, "as declared")
        assert {each.threshold for each in found} == {0.58, 0.6, 0.64}, measure
    groups = {each.group for each in station.select("false_alerts_per_1000_passes")}
    assert groups == {"all", "A", "B", "C", "D"}
    assert station.estimate("alerts_per_day", "absent").value == 0


def test_intervals_of_the_inputs_hold_the_value_and_are_the_same_every_time(station):
    for each in station.estimates:
        if each.input_low is not None and each.input_high is not None:
            assert each.input_low <= each.value * (1 + 1e-9) + 1e-12, each
            assert each.value <= each.input_high * (1 + 1e-9) + 1e-12, each
    deployment = read_deployment("station")
    once, again = ([*drawn_inputs(deployment, 8)] for _ in range(2))
    assert once == again
    found = intervals([{("x", "all", None): one["people.passes_per_day"]} for one in once])
    assert 45_000 <= found["x", "all", None][0] <= 55_000


def test_a_turning_point_is_where_the_conclusion_changes(station):
    share = next(each for each in station.drivers if each.path == "list.share_of_passes")
    moved = replace(station.deployment).with_figure(share.path, share.turning_point)
    at = quick(moved.values, moved)["precision_of_stops", "all", 0.6]
    assert at == pytest.approx(station.limit, rel=1e-3)
    assert len(station.drivers) == 5
    swings = [each.swing for each in station.drivers]
    assert swings == sorted(swings, reverse=True)


def test_a_threshold_at_which_the_conclusion_changes_is_sought_on_the_whole_curve():
    declared = read_deployment("station", ["accuracy.compare_thresholds=[0.6, 0.62]"])
    decide = partial(_threshold_lever, KINDS[declared.kind], declared)

    def precision(at):
        moved = [f"accuracy.threshold={at}", f"accuracy.compare_thresholds=[{at}]"]
        there = read_deployment("station", moved)
        return quick(there.values, there)["precision_of_stops", "all", at]

    for at in (0.57, 0.63):  # outside of the thresholds to compare
        (found,) = decide("precision_of_stops", precision(at), declared.values)
        assert found.turning_point == pytest.approx(at, abs=1e-6)
    (never,) = decide("precision_of_stops", 101.0, declared.values)
    assert "no value of the operating curve changes" in driver_in_words(example(), never)


def test_a_turning_point_has_digits_enough_not_to_contradict_its_range_and_the_value():
    one = Driver("x", "x", 0.62, 0.2, 0.8, "y", 3.0, 5.0)
    outside = {0.8004: "at 0.8004 (outside its range)", 0.8000001: "at 0.8"}
    inside = {0.6198: "at 0.6198", 0.7996: "at 0.7996", 0.62: "at 0.62"}
    for point, text in (outside | inside).items():
        assert turning_in_words(replace(one, turning_point=point)) == text


def test_an_input_without_a_range_drives_nothing():
    deployment = read_deployment("station")
    found = drivers(deployment, "x", None, lambda inputs: [one["list.size"] for one in inputs])
    assert [each.path for each in found] == ["list.size"]


def test_every_safeguard_is_assessed_alone_and_marked(station):
    keys = {*station.deployment.get("safeguards")}
    assert {each.key for each in station.safeguards} == keys
    assert {each.key for each in station.safeguards if each.how == "assumed"} == {"second_reviewer"}
    assert set(worlds_of(station.deployment)) == {
        "as declared", "absent", "safeguarded", *(f"safeguard:{key}" for key in keys)
    }  # fmt: skip


def test_a_saved_assessment_is_read_back_whole(station, tmp_path):
    again = uw.load(station.save(tmp_path / "kept"))
    for part in ("deployment", "estimates", "findings", "drivers", "safeguards", "provenance"):
        assert getattr(again, part) == getattr(station, part), part
    assert again.report() == station.report()
    assert (tmp_path / "kept" / "report.html").read_text("utf-8") == station.report()
    codebook = (tmp_path / "kept" / "codebook.csv").read_text("utf-8").splitlines()
    assert len(codebook) == 1 + len(station.to_dataframe().columns)
    assert station.provenance.command in station.methods()


def test_the_command_prints_twelve_lines_at_most_and_the_line_on_the_page_makes_the_same_again(
    station, tmp_path, capsys, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    (line,) = re.findall(r"<pre[^>]*>(underwatch assess [^<]*)</pre>", station.report())
    assert line == station.provenance.command
    words = shlex.split(line)
    app(words[1:] + ["--out", "once", "--json"], standalone_mode=False)
    shown = capsys.readouterr()
    assert len(shown.err.splitlines()) <= 12 + 3  # of which three are progress
    found = json.loads(shown.out)
    assert found["findings"] == [each.sentence for each in station.findings]
    assert [each["value"] for each in found["estimates"]] == [e.value for e in station.estimates]
    assert (tmp_path / "once" / "report.html").read_text("utf-8") == station.report()


def test_a_new_deployment_file_is_asked_for_question_by_question(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    answers = iter(["watch-list camera", "Gates of a stadium", "", "A club", "", "company"])

    def asked(question):
        try:
            return next(answers)
        except StopIteration:
            raise EOFError from None

    monkeypatch.setattr("builtins.input", asked)
    app(["new", "assessment", "gates.yaml"], standalone_mode=False)
    found = read_deployment("gates.yaml")
    assert (found.title, found.deployer.name, found.deployer.sector) == (
        "Gates of a stadium", "A club", "company",
    )  # fmt: skip
    for k, kind in enumerate(("watch-list camera", "citizen score", "risk score")):
        app(["new", "assessment", f"mine{k}.yaml", "--kind", kind], standalone_mode=False)
        assert read_deployment(f"mine{k}.yaml").kind == kind


def test_a_deployment_built_in_python_refuses_settings_and_control_characters():
    built = read_deployment("patrols")
    with pytest.raises(UserError, match="accuracy.threshold=1.*take with_figure"):
        uw.assess(built, settings=["accuracy.threshold=1"])
    with pytest.raises(UserError, match="title holds a control character"):
        uw.assess(replace(built, title="A bell \x07"))
    other = built.with_figure("allocation.reported_weight", 0.5)
    assert [_file_of(one, []) for one in (built, other, replace(built, path=""))] == [
        "patrols", "FILE", "FILE"
    ]  # fmt: skip


def test_a_size_that_is_none_is_refused():
    for wrong in ({"citizens": 5}, {"seeds": []}, {"seeds": [1, 1]}):
        with pytest.raises(UserError):
            uw.assess("station", **wrong)


def test_the_readme_quotes_the_findings_and_the_table(station):
    readme = " ".join((Path(__file__).parents[2] / "README.md").read_text("utf-8").split())
    for finding in station.findings[:3]:
        assert bare_note(finding.sentence) in readme
    for row in station.headline():
        assert " ".join(row).strip() in readme
