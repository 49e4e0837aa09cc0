"""Hostile deployment files: each is refused with file and line; nothing leads to real people."""

import re

import pytest

from underwatch.assessments.declaration import read_deployment
from underwatch.assessments.declaration.closed_world import SENTENCE
from underwatch.assessments.declaration.reading import ASSESSMENTS
from underwatch.errors import UserError

FILES = {path.stem: path.read_text("utf-8") for path in ASSESSMENTS.glob("*.yaml")}
_LIST = "  size: {value: 10000"


def refusal(folder, text: str) -> str:
    path = folder / "mine.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(UserError) as caught:
        read_deployment(path)
    lines = str(caught.value).splitlines()
    assert all(re.match(r".*mine\.yaml:\d+: ", line) for line in lines[:50]), lines
    return str(caught.value)


def replaced(name: str, old: str, new: str) -> str:
    assert old in FILES[name]
    return FILES[name].replace(old, new)


@pytest.mark.parametrize("key", [
    "members: [a, b]", "listed: [{x: 1}]", "suspects: 3", "firstName: x", "licence plate: x",
    "case_file: x", "date_of_birth: x", "e-mail: x", "name: x", "watchlist: x", "who: [Ann, Bo]",
])  # fmt: skip
def test_a_key_that_would_hold_people_is_refused_wherever_no_section_has_it(key, tmp_path):
    assert SENTENCE in refusal(tmp_path, replaced("station", _LIST, f"  {key}\n{_LIST}"))


@pytest.mark.parametrize("text", [
    "all of /srv/lists/today.csv", "see rtsp://10.0.0.1/hall", "C:\\lists\\today", "~/faces",
    "data:image/png;base64,aGk=", "https://example.org/list", "the sheet alerts.xlsx, page 2",
])  # fmt: skip
def test_a_path_stream_or_address_is_refused_anywhere_in_a_text(text, tmp_path):
    old = "The main hall of a railway station"
    assert SENTENCE in refusal(tmp_path, replaced("station", old, f"'{text}'"))


def test_a_setting_and_a_category_cannot_lead_to_people_either(tmp_path):
    with pytest.raises(UserError, match="closed world"):
        read_deployment("station", ["place=/srv/lists/today.csv"])
    text = replaced("station", "    missing people:", "    'A. Lee, 1980-02-01':")
    assert SENTENCE in refusal(tmp_path, text)


def test_a_source_may_name_a_page_and_the_pilot_a_scenario_file(tmp_path):
    path = tmp_path / "mine.yaml"
    old = '"document: the weights of the score"'
    page = '"document: https://example.org/weights.html"'
    path.write_text(replaced("welfare-fraud", old, page), "utf-8")
    assert read_deployment(path).figures
    text = replaced("citizen-score-pilot", "scenario: atlantic-2018", "scenario: ./none.yaml")
    assert "there is no file ./none.yaml" in refusal(tmp_path, text)


@pytest.mark.parametrize(("name", "old", "new", "sentence"), [
    ("station", "kind: watch-list camera", "kind: [a]", "kind is ["),
    ("station", "kind: watch-list camera", "kind: {a: 1}", "kind is a mapping"),
    ("station", "\n    D:", "\n    all:", "has the name all"),
    ("patrols", "    the river district:", "    group:", "has the name group"),
    ("station", "\n    D:", '\n    "":', "a name of 0 characters"),
    ("station", "\n    D:", '\n    "D\\e[31m":', "control character"),
    ("station", "\n    D:", "\n    7:", "a key that is not text"),
    ("station", "low: 2.0e-5", "low: 2,0e-5", "decimal comma"),
    ("station", "threshold: 0.6\n  c", "threshold: 2\n  c", "too far from the curve"),
    ("station", "[0.58, 0.6, 0.64]", "[0.58, 9]", "too far from the curve"),
    ("station", "value: 1.27e-5, low: 4.0e-6", "value: 1e-15, low: 1e-16", "falls as the thresh"),
    ("station", "value: 0.11, low: 0.08, high: 0.14", "value: 1, low: 1, high: 1", "rises with"),
    ("station", "size: {value: 10000, low: 9000", "size: {value: 0, low: 0", "at least 1 face"),
    ("station", "court: {value: 6000", "court: {value: 9000", "more than list.size"),
    ("station", "hours_per_day: 8", "hours_per_day: 20", "a safeguard lowers it"),
    ("welfare-fraud", "checked: {value: 0.025", "checked: {value: 0.5", "a safeguard lowers it"),
    ("patrols", "    per_patrol: 3", "    per_patrol: 30", "a safeguard lowers it"),
    ("station", "limit: {value: 50", "limit: {value: 500", "for one half write 50"),
    ("station", "limit: {value: 50", "limit: {value: 500 %", "for one half write 50"),
    ("station", "limit: {value: 50", "limit: {value: half", "a percentage; write for example 60 %"),
    ("station", "precision_of_stops\n  limit: {value: 50", "alerts_per_day\n  limit: {value: 50 %",
     "write a number"),
    ("station", "precision_of_stops", "share_of_false_alerts", "known by group only"),
    ("citizen-score-pilot", "days: {value: 180, low: 90, high: 365",
     "days: {value: 180, low: 90, high: 99999", "decisions.days.high is 99999"),
])  # fmt: skip
def test_figures_that_cannot_be_together_are_refused(name, old, new, sentence, tmp_path):
    assert sentence in refusal(tmp_path, replaced(name, old, new))
