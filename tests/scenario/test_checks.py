"""Figures that are each accepted and do not fit together are refused, at their lines, at once."""

from datetime import date

import pytest
from pydantic import ValidationError

from underwatch.errors import UserError
from underwatch.model.parameters.timetable import timetable
from underwatch.scenario import Scenario, shipped
from underwatch.study.diffusion.declaration import Study


def problems(*settings, load=Scenario.load, name="atlantic-2018"):
    with pytest.raises(UserError) as caught:
        load(name, settings)
    return [str(problem) for problem in caught.value.problems]


@pytest.fixture
def write(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def one(text, name="mine.yaml"):
        (tmp_path / name).write_text("extends: atlantic-2018\n" + text)
        return name

    return one


@pytest.mark.parametrize(
    ("settings", "key"),
    [
        (["society.group_shares=[0.7, 0.18, 0.08, 0.5]"], "society.group_shares adds up to 1.46"),
        (["society.group_shares=[0, 0, 0, 0]"], "society.group_shares adds up to 0"),
        (["society.market_shares=[0.1, 0.1, 0.1]"], "society.market_shares adds up to 0.3"),
        (["society.household_sizes=[0, 0, 0, 0, 0, 0, 0, 0]"], "society.household_sizes adds"),
        (["society.household_sizes=[1, 0, 0, 0, 0, 0, 0, 0]"], "society.share_under_15 is 0.1795"),
        (["society.share_over_60=0.9"], "society.share_under_15 is 0.1795"),
        (["society.share_over_60=0.75"], "society.share_under_15 is 0.1795"),
        (["society.share_urban=0.2"], "society.share_metropolis is 0.25"),
        (["scoring.floor=1200", "scoring.ceiling=900"], "scoring.floor is 1,200"),
        (["scoring.floor=5000", "scoring.ceiling=0"], "scoring.floor is 5,000"),
        (["scoring.base=1301"], "scoring.base is 1,301"),
        (["precursor.boasting_from=951"], "precursor.boasting_from is 951"),
        (["restrictions.below=1301"], "restrictions.below is 1,301"),
        (["privileges.from_score={2015-01-01: 0, 2016-01-01: 1400}"], "privileges.from_score is"),
        (["life.minor_offences_per_year=300"], "life.minor_offences_per_year is 300"),
        (["life.critical_posts_per_year=100"], "life.critical_posts_per_year is 100"),
        (["neighbours.lies_per_year=100"], "neighbours.lies_per_year is 100"),
        (["life.flights_per_year=366"], "life.flights_per_year is 366, but it is a number between"),
        (["cameras.per_1000_people=1e308"], "cameras.per_1000_people is 1e+308"),
        (["cameras.gallery=1" + "0" * 30], "cameras.gallery is a number of 31 digits"),
        (["cameras.group_factors=[0, 0, 0, 0]"], "cameras.group_factors is zero"),
        (["cameras.false_match_rate=0.5"], "cameras.false_match_rate is 0.5"),
        (["first_day=2021-01-01"], "last_day is 2020-12-31, before first_day"),
        (["last_day=9999-12-31"], "last_day is '9999-12-31', but it is a date"),
        (["cameras.uptime={9999-12-31: 0.5}"], "cameras.uptime: 9999-12-31 is too far away"),
        (["society.citizens=10.000"], "society.citizens is 10.000, in which YAML reads the dot"),
    ],
)
def test_each_conflict_is_one_sentence_at_the_setting(settings, key):
    (line,) = problems(*settings)
    assert line.startswith("--set") and f": {key}" in line and "value_error" not in line


def test_conflicts_and_refused_values_are_reported_together_with_their_lines(write):
    name = write(
        """\
last_day: 2014-01-01
cameras: {uptime: 3}
society:
  group_shares: [1, 1, 0, 0]
  share_urban: 0.1
scoring: {floor: 700, ceiling: 600}
"""
    )
    lines = problems(name=name)
    assert [line.split(" ")[0] for line in lines] == [f"mine.yaml:{n}:" for n in (2, 3, 5, 6, 7)]


def test_a_shares_sum_may_be_off_by_rounding():
    assert Scenario.load("atlantic-2018", ["society.market_shares=[0.3333333,0.3333333,0.3333333]"])


def test_python_cannot_construct_what_a_file_could_not():
    data = Scenario.load("atlantic-2018").model_dump(mode="json")
    data["scoring"]["floor"] = 5000
    with pytest.raises(ValidationError, match="floor of a scale is below its ceiling"):
        Scenario.model_validate(data, strict=False)


def test_changes_before_the_first_day_hold_from_it_and_later_ones_in_longer_runs(write):
    early = Scenario.load(write("cameras: {uptime: {2010-01-01: 0.5}}\n"))
    assert early.cameras.uptime.on(early.first_day) == 0.5
    late = Scenario.load(
        write(
            "last_day: 2015-12-31\nscoring: {share_of_places: {2014-06-14: 0.0, 2016-02-01: 1.0}}\n"
        )
    )
    params, epochs = timetable(late, 900)
    piloted = params["piloted"][epochs].ravel()
    change = (date(2016, 2, 1) - late.first_day).days
    assert (piloted[:change] == 0).all() and (piloted[change:] == 256).all()


def test_settings_come_before_what_is_laid_over(write):
    """Switching an organ off wins over a setting, as it wins over the same figure in a file."""
    name = write("cameras: {per_1000_people: 300}\n")
    filed = Scenario.load(name, over=["without-cameras"])
    given = Scenario.load("atlantic-2018", ["cameras.per_1000_people=300"], ["without-cameras"])
    assert filed == given and filed.cameras.per_1000_people.on(filed.last_day) == 0
    on = Scenario.load("atlantic-2018", ["cameras.per_1000_people=300"], ["without-naming"])
    assert on.cameras.per_1000_people.on(on.last_day) == 300


def test_every_shipped_scenario_is_valid_and_so_is_each_pair_of_switches():
    names = [name for name in shipped() if name.startswith("without-")]
    for one, other in zip(names, names[1:] + names[:1], strict=True):
        assert Scenario.load("atlantic-2018", over=[one, other])


def test_offers_that_wait_for_each_other_are_refused():
    (line,) = problems("offers.cameras.after=[face_matching]", load=Study.load, name="diffusion")
    assert line.startswith("--set offers.cameras.after: offers: cameras comes after face_matching")
    assert "in a circle" in line


def test_a_renamed_key_is_answered_with_its_new_name(write):
    name = write(
        "life: {looks_abroad_per_year: 1}\nrestrictions: {bans_for_company: []}\n"
        "naming: {employers_told: 0}\n"
    )
    assert [line.rpartition("write ")[2] for line in problems(name=name)] == [
        "life.foreign_visits_per_year.",
        "restrictions.bans_for_association.",
        "naming.employers_notified.",
    ]
    (line,) = problems("index.lucks=3", load=Study.load, name="diffusion")
    assert line.endswith("write index.replicates.")


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("camera=3", "cameras? It is a section"),
        ("camera.uptime=3", "cameras.uptime?"),
        ("cameras.uptme=3", "cameras.uptime?"),
        ("scoring.point.late=3", "scoring.points.late?"),
        ("uptime=3", "cameras.uptime?"),
    ],
)
def test_a_suggestion_is_a_key_of_the_same_level(wrong, right):
    (line,) = problems(wrong)
    assert f"did you mean {right}" in line
