"""A scenario names the census of its place, and the built society has that census's margins."""

import numpy as np
import pytest

from underwatch.cli import catalogue
from underwatch.errors import UserError
from underwatch.kernel.columns import as_records
from underwatch.model.parameters import census as resolved
from underwatch.model.society.people import PERSON, populate
from underwatch.scenario import Scenario
from underwatch.scenario.census import shipped_censuses
from underwatch.scenario.censuses import describe, read_census
from underwatch.scenario.data import CENSUSES, SCENARIOS
from underwatch.scenario.evidence import figures, is_assumption
from underwatch.scenario.sections.society import Margins

MINE = (CENSUSES / "eu-27-2021.yaml").read_text("utf-8")


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "place.yaml").write_text(
        "extends: atlantic-2018\nsociety:\n  census: mine.yaml\n  share_urban: 0.8\n"
    )
    return tmp_path


def test_the_built_society_has_the_margins_of_the_european_census_to_a_tenth_of_a_point():
    scenario = Scenario.load("met-lfr")
    columns, given = np.empty((2, 2_000_000), np.uint64), scenario.society
    populate(columns, 2018, resolved(scenario), 0, columns.shape[1])
    people = as_records(columns, PERSON)
    homes = people["home_size"][people["place_in_home"] == 0]
    age, place = people["age"], people["place"]
    built = {
        "under 15": (np.mean(age < 15), given.share_under_15),
        "over 60": (np.mean(age >= 60), given.share_over_60),
        "urban": (np.mean(place > 0), given.share_urban),
        "metropolis": (np.mean(place == 2), given.share_metropolis),
        "online": (np.mean(people["memberships"] & 2 > 0), given.share_on_platforms),
        **{f"homes of {n}": (np.mean(homes == n), share)
           for n, share in enumerate(given.household_sizes, 1)},
        **{f"group {n}": (np.mean(people["group"] == n), share)
           for n, share in enumerate(given.group_shares)},
    }  # fmt: skip
    assert {k: (a, b) for k, (a, b) in built.items() if abs(a - b) > 0.001} == {}


def test_a_deployment_in_a_democracy_does_not_run_on_the_households_of_china():
    china = Scenario.load("atlantic-2018")
    assert china.census == "china-2020" and china.society.household_sizes[0] == 0.254
    for name in ("met-lfr", "south-wales-2017"):
        there = Scenario.load(name)
        assert there.census == "england-wales-2021", name
        assert there.society.share_over_60 == 0.244
        assert there.sources["society.share_under_15"] == "england_wales_2021"
    assert "Census: england-wales-2021." in there.describe()


def test_every_shipped_figure_has_a_source_and_no_scenario_but_a_census_states_margins():
    for name in shipped_censuses():
        sources = read_census(name).sources
        assert set(Margins.model_fields) <= set(sources), name
        for key in set(Margins.model_fields):
            cited = [part.strip() for part in sources[key].split(",")]
            assert cited[0] in figures() or is_assumption(sources[key]), (name, key)
    for path in SCENARIOS.glob("*.yaml"):
        text = path.read_text("utf-8")
        assert not [key for key in Margins.model_fields if f" {key}:" in text], path.name


def test_what_a_scenario_states_replaces_the_figure_of_its_census(folder):
    (folder / "mine.yaml").write_text(MINE)
    place = Scenario.load("place.yaml")
    assert (place.census, place.society.share_urban) == ("mine.yaml", 0.8)
    assert place.society.share_under_15 == 0.151
    later = ["society.share_urban=0.5", "society.census=china-2020"]  # in any order
    given = Scenario.load("place.yaml", later)
    assert (given.census, given.society.share_urban) == ("china-2020", 0.5)
    assert given.society.share_under_15 == 0.1795
    moved = Scenario.load("atlantic-2018").with_({"society.census": "eu-27-2021"})
    assert moved.society.share_over_60 == 0.274
    assert moved.title.endswith("; society.census eu-27-2021")


def test_a_scenario_written_to_a_file_keeps_its_census_and_its_hash(folder):
    for given in (Scenario.load("met-lfr"), Scenario.load("met-lfr", ["society.share_urban=0.9"])):
        (folder / "written.yaml").write_text(given.to_yaml())
        again = Scenario.load("written.yaml")
        assert again == given and again.hash == given.hash and again.census == given.census


def test_a_figure_may_cite_a_publication_with_its_confidence(folder):
    cited = MINE.replace("eurostat_2021_ages}", '"Eurostat, demo_pjanind (2021), confidence V"}', 1)
    (folder / "mine.yaml").write_text(cited)
    place = Scenario.load("place.yaml")
    source = place.sources["society.share_under_15"]
    assert source == "Eurostat, demo_pjanind (2021), confidence V" and not is_assumption(source)
    (folder / "again.yaml").write_text(place.to_yaml())
    assert Scenario.load("again.yaml") == place


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("share_urban:", "share_urbane:", "mine.yaml:9: share_urbane is not known here; did you"),
        ("0.151", "1.51", "mine.yaml:7: share_under_15 is 1.51, but it is a probability"),
        ("0.274", "0.9", "mine.yaml:12: share_under_15 is 0.151 and share_over_60 is 0.9, but"),
        ("[0.336", "[0.436", "mine.yaml:12: household_sizes adds up to 1.1, but"),
        ("0.39", "0.9", "mine.yaml:10: share_metropolis is 0.9, but it is a part of share_urban"),
        ("eurostat_2021_ages}", "eurostat_2012_ages}", "mine.yaml:7: share_under_15.source is"),
        (", source: eurostat_2021_ages}", "}", "mine.yaml:7: share_under_15 has no source; add"),
        ("text: >-", "extends: china-2020\ntext: >-", "mine.yaml:2: a census extends no other"),
        ("text: >-", "people: [Anna, Ben]\ntext: >-", "mine.yaml:2: people is not known here"),
    ],
)
def test_a_bad_census_is_reported_once_by_its_own_file_and_line(folder, old, new, expected):
    assert MINE.count(old) >= 1
    (folder / "mine.yaml").write_text(MINE.replace(old, new, 1))
    with pytest.raises(UserError) as caught:
        Scenario.load("place.yaml")
    found = str(caught.value).splitlines()
    assert found[0].startswith(expected), found
    assert len(found) <= 2, found


def test_a_census_that_does_not_exist_is_reported_where_it_is_named(folder):
    with pytest.raises(UserError, match=r"^place.yaml:3: there is no file mine.yaml.$"):
        Scenario.load("place.yaml")
    with pytest.raises(UserError, match="there is no census eu-27-2012; did you mean eu-27-2021"):
        Scenario.load("atlantic-2018", ["society.census=eu-27-2012"])
    with pytest.raises(UserError, match="society.census does not name a census"):
        Scenario.load("atlantic-2018").with_({"society.census": 2020})


def test_the_census_command_lists_all_and_prints_one_with_its_sources(capsys):
    catalogue.census()
    listed = capsys.readouterr().out
    assert all(name in listed for name in shipped_censuses())
    catalogue.census("england-wales-2021")
    printed = capsys.readouterr().out
    assert printed == describe("england-wales-2021")
    assert "share_urban = 0.815\n    england_wales_2011_urban: " in printed
    assert "confidence V" in printed
