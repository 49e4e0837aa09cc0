"""Pages and lists on the command line come from the package and read alike everywhere."""

import json

import pytest

from underwatch.cli import catalogue
from underwatch.cli.new import new
from underwatch.errors import UserError
from underwatch.scenario import Scenario


@pytest.fixture(autouse=True)
def outside_the_repository(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def test_organs_lists_all_and_prints_the_page_of_one(capsys):
    catalogue.organs()
    listed = capsys.readouterr().out
    assert "M1 " in listed and "M27" in listed and "without-face-matching" in listed
    catalogue.organs("M12")
    page = capsys.readouterr().out
    assert page.startswith("# M12 Face matching\n") and "1,411,780,000" in page


def test_an_unknown_name_gets_the_nearest_known_one():
    for command, name, close in (
        (catalogue.organs, "cameras", "M11"),
        (catalogue.organs, "M28", "M1 to M27"),
        (catalogue.safeguards, "no_speach", "no_speech"),
        (catalogue.measures, "chiled_share", "chilled_share"),
    ):
        with pytest.raises(UserError, match=close):
            command(name)


def test_a_safeguard_page_names_its_stages_its_level_and_the_law(capsys):
    catalogue.safeguards("wall")
    page = capsys.readouterr().out
    assert "*sense and fuse*" in page and "GDPR Art. 5(1)(b)" in page and "M3 Company data" in page
    assert "Level in `safeguarded`: 1." in page


def test_measures_lists_all_and_prints_the_page_of_one(capsys):
    catalogue.measures(as_json=True)
    listed = {entry["name"]: entry for entry in json.loads(capsys.readouterr().out)}
    assert listed["chilled_share"]["definition"] and listed["posts"]["unit"]
    catalogue.measures("chilled_share")
    assert "Definition" in capsys.readouterr().out


def test_lists_are_json_on_request(capsys):
    for command in (catalogue.organs, catalogue.safeguards, catalogue.scenarios):
        command(as_json=True)
        assert len(json.loads(capsys.readouterr().out)) >= 13


def test_new_writes_a_scenario_that_loads_and_keeps_what_exists(tmp_path, capsys):
    file = tmp_path / "my-country.yaml"
    new(file)
    assert f"underwatch run {file}" in capsys.readouterr().out
    written = Scenario.load(file)
    assert (written.title, written.parent) == ("My country", "atlantic-2018")
    before = file.read_text("utf-8")
    for wrong in (file, tmp_path / "x.txt", tmp_path / "none" / "x.yaml"):
        with pytest.raises(UserError):
            new(wrong)
    assert file.read_text("utf-8") == before
