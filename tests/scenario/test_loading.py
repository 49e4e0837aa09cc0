"""What a scenario file can hold, and the messages about everything else."""

import json
import subprocess
import sys
from datetime import date, timedelta
from typing import Annotated, ClassVar, Literal

import pytest
from hypothesis import given
from hypothesis import settings as profile
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, model_validator

import underwatch as uw
from underwatch.errors import Problem, UserError, nearest
from underwatch.scenario.data import SCENARIOS
from underwatch.scenario.dated import Dated
from underwatch.scenario.loading import read

Share = Annotated[float, Field(ge=0, le=1)]


class Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Society(Part):
    citizens: int = Field(gt=0, examples=[100_000])
    place: Literal["rural", "urban"] = "urban"
    children: bool = True


class Camera(Part):
    uptime: Dated[Share] = Field(Dated(0.9))
    false_match_rate: Share
    per_thousand: Dated[Annotated[float, Field(ge=0)]] = Dated(10.0)
    makers: tuple[str, ...] = ()


class Court(Part):
    from_day: date = date(2014, 1, 1)
    to_day: date = date(2020, 1, 1)
    courts: dict[str, int] = {}

    @model_validator(mode="after")
    def opens_before_it_closes(self):
        if self.to_day < self.from_day:
            raise ValueError("to_day lies before from_day")
        return self


class World(Part):
    SOURCELESS: ClassVar[tuple[str, ...]] = ("seed",)

    title: str = "Nowhere"
    seed: int = 1
    society: Society
    camera: Camera
    court: Court | None = None


BASE = """\
title: Base
society: {source: census_2020, citizens: 1e5}
camera:
  source: "assumption: round, and plain"
  uptime:
    value:
      2014-01-01: 0.5
      2018-01-01: 0.9
    source: [npl_2023, evidence.nist_2018]
  false_match_rate: {value: 0.001, source: npl_2023}
"""


@pytest.fixture
def write(tmp_path, monkeypatch):
    """Writes files beside each other, and a folder with one shipped scenario."""
    (tmp_path / "shipped").mkdir()
    (tmp_path / "shipped" / "base.yaml").write_text(BASE)
    monkeypatch.chdir(tmp_path)

    def one(text, name="mine.yaml"):
        (tmp_path / name).write_text(text)
        return name

    one.folder = tmp_path / "shipped"
    return one


def messages(write, wanted, *settings):
    """The lines that a user sees."""
    with pytest.raises(UserError) as caught:
        read(wanted, World, settings, write.folder)
    return str(caught.value).splitlines()


def test_a_scenario_is_found_by_name_with_values_sources_and_lines(write):
    found = read("base", World, shipped=write.folder)
    assert found.value.society.citizens == 100_000
    assert found.value.camera.uptime.on(date(2017, 12, 31)) == 0.5
    assert found.sources["camera.uptime"] == "npl_2023, nist_2018"
    assert found.sources["society.citizens"] == "census_2020"
    assert found.sources["camera.per_thousand"] == found.origins["seed"] == "default"
    assert found.origins["camera.false_match_rate"] == "shipped/base.yaml:10"
    assert found.files == ("shipped/base.yaml",)
    assert not any(name.startswith("court") for name in found.sources)


def test_a_child_replaces_a_leaf_with_its_source_and_keeps_the_rest(write):
    write("extends: base\nseed: 7\ncamera:\n  uptime: 0.25\n", "one.yaml")
    court_ = '{a: {value: 3, source: "assumption: x, y"}}'
    mine = write(f"extends: ./one.yaml\ncourt:\n  courts: {court_}\n")
    found = read(mine, World, shipped=write.folder)
    assert found.value.camera.uptime == Dated(0.25)
    assert found.value.camera.false_match_rate == 0.001
    assert found.sources["camera.uptime"] == "assumption: set by one.yaml"
    assert found.origins["camera.uptime"] == "one.yaml:4"
    assert found.sources["court.courts.a"] == "assumption: x, y"
    assert found.sources["seed"] == "set by one.yaml"
    assert found.files == ("shipped/base.yaml", "one.yaml", "mine.yaml")


def test_settings_replace_what_files_give(write):
    settings = ["camera.uptime={2018-01-01: 0.4}", "society.citizens=5", "society.citizens=6"]
    found = read("base", World, settings, write.folder)
    assert found.value.camera.uptime.changes == (date(2018, 1, 1),)
    assert found.value.society.citizens == 6
    assert found.sources["society.citizens"] == "set on the command line"
    assert found.origins["society.citizens"] == "--set society.citizens"


def test_every_error_of_a_file_is_reported_at_once_with_its_line(write):
    mine = write(
        """\
extends: base
titel: x
title: 2018
uptime: 3
society:
  citizens: many
  place: urbn
  children: no
camera:
  uptme: 0.5
  uptime:
    2018-02-30: 0.5
    2019-01-01: 1.3
  false_match_rate: 1.3
  false_match_rate: 0.1
  per_thousand:
    value:
      2018-01-01: -1
      2017-01-01: true
    vlaue: 2
    source: nist_2081
  makers: [A, 3]
court:
  source: "assumption: plain"
  from_day: 2020-02-30
  courts: {one: "1,000", two: .inf}
"""
    )
    assert messages(write, mine) == [
        "mine.yaml:2: titel is not known here; did you mean title?",
        'mine.yaml:3: title is 2018, but it is text; write "2018" in quotes.',
        "mine.yaml:4: uptime is not known here; did you mean camera.uptime?",
        "mine.yaml:6: society.citizens is 'many', but it is a whole number above 0; "
        "write for example 100000.",
        "mine.yaml:7: society.place is 'urbn', but it is one of rural, urban; did you mean urban?",
        "mine.yaml:8: society.children is 'no', but it is true or false; write false.",
        "mine.yaml:10: camera.uptme is not known here; did you mean uptime?",
        "mine.yaml:12: camera.uptime: 2018-02-30 is not in the calendar; "
        "write an existing day as year-month-day.",
        "mine.yaml:13: camera.uptime from 2019-01-01 is 1.3, but it is a probability between "
        "0 and 1. For 1.3 % write 0.013.",
        "mine.yaml:14: camera.false_match_rate is 1.3, but it is a probability between 0 and 1. "
        "For 1.3 % write 0.013.",
        "mine.yaml:15: false_match_rate is written twice here, first in line 14; keep one.",
        "mine.yaml:18: camera.per_thousand from 2018-01-01 is -1, but it is a number of at least "
        "0; write for example 10.",
        "mine.yaml:19: camera.per_thousand: 2017-01-01 follows 2018-01-01; "
        "put the dates in ascending order.",
        "mine.yaml:19: camera.per_thousand from 2017-01-01 is true, but it is a number of at "
        "least 0; write for example 10.",
        "mine.yaml:20: camera.per_thousand.vlaue is not known here; did you mean value?",
        "mine.yaml:21: camera.per_thousand.source is 'nist_2081', which is no evidence key; "
        "did you mean nist_2018?",
        "mine.yaml:22: camera.makers has no source; add `source: <evidence key>` or "
        '`source: "assumption: why"`.',
        'mine.yaml:22: entry 2 of camera.makers is 3, but it is text; write "3" in quotes.',
        "mine.yaml:25: court.from_day is 2020-02-30, but the calendar has no such day.",
        "mine.yaml:26: court.courts.two is not a finite number; write a value: a whole number.",
        "mine.yaml:26: court.courts.one is '1,000', but it is a whole number; write 1000.",
    ]


def test_a_number_without_a_source_is_refused_unless_its_section_needs_none(write):
    mine = write("seed: 3\nsociety: {citizens: 5}\ncamera: {source: npl_2023, false_match_rate: 0}")
    assert messages(write, mine) == [
        "mine.yaml:2: society.citizens has no source; add `source: <evidence key>` or "
        '`source: "assumption: why"`.'
    ]


def test_a_missing_value_is_reported_at_its_section(write):
    mine = write("seed: 3\ncamera:\n  uptime: {value: 1, source: npl_2023}\n")
    assert messages(write, mine) == [
        "mine.yaml:1: society.citizens is missing; write for example `citizens: 100000`.",
        "mine.yaml:2: camera.false_match_rate is missing; it is a probability between 0 and 1.",
    ]


def test_extends_in_a_circle_names_the_chain(write):
    write("extends: ./two.yaml\n", "one.yaml")
    two = write("# two\nextends: one.yaml\n", "two.yaml")
    assert messages(write, two) == [
        "one.yaml:1: two.yaml extends one.yaml extends two.yaml, in a circle; "
        "take out one `extends`."
    ]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("extends: bse", "mine.yaml:1: there is no scenario bse; did you mean base?"),
        ("extends: ./mein.yaml", "mine.yaml:1: there is no file ./mein.yaml; did you mean mine.y"),
        ("", "mine.yaml:1: this file is empty"),
        ("- a", "mine.yaml:1: this file does not begin with a key"),
        ("seed: 1\nsociety:\n\tcitizens: 5", "mine.yaml:3: this is not YAML: indent with spaces"),
        ("court:\n  source: assumption: x", 'mine.yaml:2: this is not YAML: text that holds ": "'),
        ('title: "x\n\n', "mine.yaml:1: this is not YAML: a quotation mark is not closed."),
        ("seed: 1\n---\nseed: 2", "mine.yaml:2: this is not YAML: a file holds one scenario"),
        ("extends: base\nsociety: 5", "mine.yaml:2: society is 5, but it is a section"),
        ("extends: base\ntitle: {2018-01-01: x}", "mine.yaml:2: title cannot change with dates"),
        ("extends: base\ntitle: !mine x", "mine.yaml:2: title is marked with a tag"),
        ("extends: base\nseed: 1.5", "mine.yaml:2: seed is 1.5, but it is a whole number;"),
        ("extends: base\nseed: 1\nseed: 2", "mine.yaml:3: seed is written twice here"),
        ("extends: base\ntitle:", "mine.yaml:2: title is empty; write for example Nowhere."),
        ("extends: base\ncamera: {uptime: {source: npl_2023}}", "mine.yaml:2: camera.uptime has a"),
        ("extends: base\ncamera: {uptime: {2018: 1}}", "mine.yaml:2: camera.uptime: 2018 is a y"),
        ("extends: base\ncamera: {uptime: 5 %}", "mine.yaml:2: camera.uptime is '5 %', but it is a "
         "probability between 0 and 1. For 5 % write 0.05."),
        ("extends: base\ncourt: {from_day: 2021-01-01}", "mine.yaml:2: court: to_day lies before"),
        (f"extends: base\nseed: {'9' * 5000}", "mine.yaml:1: this is not YAML: a number is too"),
    ],
)  # fmt: skip
def test_each_fault_is_one_line_with_what_to_write(write, text, line):
    found = messages(write, write(text))
    assert len(found) == 1 and found[0].startswith(line), found


def test_a_wrong_setting_is_answered_with_a_right_one(write):
    found = messages(write, "base", "camera.uptme=1", "uptime=1", "camera=1", "seed", "seed=true")
    assert found == [
        "--set: camera.uptme is not known; did you mean camera.uptime?",
        "--set: uptime is not known; did you mean camera.uptime?",
        "--set: camera is a section; set one of its values, for example camera.uptime.",
        "--set: 'seed' is not a setting; write KEY=VALUE, for example --set title=Nowhere.",
        "--set: seed is true, but it is a whole number; write for example 1.",
    ]


def test_a_missing_file_is_reported_without_a_place(write):
    write("x: 1")
    assert messages(write, "bsae") == ["there is no scenario bsae; did you mean base?"]
    assert messages(write, "mine") == [
        "there is no scenario mine; did you mean the file ./mine.yaml?"
    ]
    assert messages(write, "mne.yaml") == ["there is no file mne.yaml; did you mean mine.yaml?"]


@profile(max_examples=20)
@given(st.text(max_size=80))
def test_any_text_ends_in_problems_or_in_a_model(tmp_path_factory, text):
    path = tmp_path_factory.getbasetemp() / "any.yaml"
    path.write_text(f"society: {{citizens: {text}\n{text}", "utf-8", errors="replace")
    try:
        read(path, World, shipped=path.parent)
    except UserError as error:
        assert error.problems and "pydantic" not in str(error)


WORDS = st.text("0123456789.,% aex", max_size=6)


@given(st.one_of(st.integers(), st.floats(), st.booleans(), WORDS))
def test_only_numbers_from_0_to_1_are_probabilities(tmp_path_factory, value):
    folder = tmp_path_factory.getbasetemp()
    (folder / "base.yaml").write_text(BASE)
    try:
        found = read("base", World, [f"camera.false_match_rate={json.dumps(value)}"], folder).value
    except UserError as error:
        assert str(error).startswith("--set: camera.false_match_rate is")
    else:
        assert type(value) in (int, float) and 0 <= value <= 1
        assert found.camera.false_match_rate == value


DATES = st.lists(st.dates(date(2000, 1, 2), date(2030, 1, 1)), min_size=1, unique=True).map(sorted)


@given(DATES, st.data())
def test_a_dated_value_holds_until_the_next_and_is_zero_before_the_first(days, data):
    values = {day: data.draw(st.floats(0.01, 1)) for day in days}
    dated = TypeAdapter(Dated[Share]).validate_python(values)
    assert dated.changes == tuple(days)
    assert dated.on(days[0] - timedelta(1)) == 0
    for day, after in zip(days, [*days[1:], date.max], strict=True):
        assert dated.on(day) == dated.on(after - timedelta(1)) == values[day]


@given(
    st.one_of(
        st.floats(0, 1),
        st.dictionaries(
            st.dates(date(1900, 1, 1), date(2200, 12, 31)), st.floats(0, 1), min_size=1
        ),
    )
)
def test_a_dated_value_is_dumped_as_it_was_written(written):
    if isinstance(written, dict):
        written = dict(sorted(written.items()))
    camera = Camera(uptime=written, false_match_rate=0)
    dumped = camera.model_dump(mode="json")
    plain = {str(d): v for d, v in written.items()} if isinstance(written, dict) else written
    assert dumped["uptime"] == plain
    assert Camera.model_validate_json(json.dumps(dumped), strict=True) == camera
    assert Camera(**camera.model_dump()) == camera and hash(camera) is not None


def test_a_dated_value_is_frozen_and_its_dates_ascend():
    with pytest.raises(AttributeError):
        Dated(1).steps = ()
    with pytest.raises(ValidationError, match="follows"):
        Camera(uptime={date(2018, 1, 1): 1, date(2017, 1, 1): 1}, false_match_rate=0)
    assert Dated({date(2018, 1, 1): True}).on(date(2017, 1, 1)) is False
    assert Dated({date(2018, 1, 1): "on"}).on(date(2017, 1, 1)) is None


def test_the_schema_offers_one_value_or_values_by_date():
    one, by_date = Camera.model_json_schema()["properties"]["uptime"]["anyOf"]
    assert one == by_date["additionalProperties"] == {"type": "number", "minimum": 0, "maximum": 1}


def test_a_problem_names_its_place_and_a_suggestion_is_near():
    assert str(Problem("a.yaml:3", "No.")) == "a.yaml:3: No." and str(Problem(None, "No.")) == "No."
    assert nearest("uptme", ["uptime", "makers"]) == "uptime" and nearest("xyz", ["uptime"]) is None


def test_loading_imports_no_engine():
    code = "import sys, underwatch.scenario.loading as _; "
    code += "sys.exit(bool({'numba', 'numpy', 'pandas'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
    assert SCENARIOS.name == "scenarios"


@pytest.mark.parametrize(
    ("setting", "line"),
    [
        ("scoring.association=10", "--set: scoring.association is 10, but it is a number above -1 "
         "and below 1. For 10 % write 0.1."),
        ("scoring.association=-20%", "--set: scoring.association is '-20%', but it is a number "
         "above -1 and below 1. For -20 % write -0.2."),
        ("safeguards.minimise=50%", "--set: safeguards.minimise is '50%', but it is a level from "
         "0 to 1. For 50 % write 0.5."),
        ("naming.days=6 months", "--set: naming.days is '6 months', but it is a whole number "
         "between 1 and 255, in days."),
        ("life.flights_per_year=1000", "--set: life.flights_per_year is 1000, but it is a number "
         "between 0 and 365, per year."),
    ],
)  # fmt: skip
def test_a_refused_number_is_named_once_with_its_unit_and_its_percentage(setting, line):
    with pytest.raises(UserError) as error:
        uw.Scenario.load("atlantic-2018", [setting])
    assert str(error.value) == line


def test_a_file_that_extends_none_is_reported_once_with_what_to_extend(tmp_path):
    mine = tmp_path / "mine.yaml"
    mine.write_text("title: Mine\ncamera: 3\n", "utf-8")
    with pytest.raises(UserError) as error:
        uw.Scenario.load(mine)
    first, second = str(error.value).splitlines()
    assert first.startswith(f"{mine}:1: ") and first.endswith(
        " keys are missing; add `extends: atlantic-2018` to take them from a shipped scenario."
    )
    assert second == f"{mine}:2: camera is not known here; did you mean cameras?"
