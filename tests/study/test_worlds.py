"""The worlds of a study: named, derived from whatever was declared, checked before any work."""

import pytest

from underwatch.errors import UserError
from underwatch.scenario import Scenario
from underwatch.scenario.organs import organs
from underwatch.study.components import organ_components, safeguard_components
from underwatch.study.measures import check_measure
from underwatch.study.worlds import lay_over, own_values, read_worlds, titles

SIZE = "society.citizens=2000"


def test_an_organ_is_off_as_in_its_own_scenario_for_every_organ():
    base = Scenario.load("atlantic-2018", [SIZE])
    for organ in organs():
        if organ.without:
            assert own_values(organ.without), organ.number
            alone = Scenario.load(organ.without, [SIZE])
            assert lay_over(base, [organ.without]).hash == alone.hash, organ.number


def test_a_setting_counts_as_much_as_the_same_value_in_a_file(tmp_path):
    file = tmp_path / "cameras-in-a-file.yaml"
    file.write_text(
        "extends: atlantic-2018\n"
        'cameras:\n  per_1000_people: {value: 300, source: "assumption: a test"}\n'
    )
    key = "cameras.per_1000_people"
    set_ = Scenario.load("atlantic-2018", [f"{key}=300"])
    in_python = Scenario.load("atlantic-2018").with_({key: 300})
    for base in (set_, in_python):
        from_file = organ_components(Scenario.load(file), ["M11"])
        components = organ_components(base, ["M11"])
        for coalition in (frozenset(), frozenset(["M11"])):
            assert components.scenario(coalition).hash == from_file.scenario(coalition).hash
    off, on = (from_file.scenario(frozenset(some)) for some in ([], ["M11"]))
    assert off.cameras.per_1000_people.on(off.first_day) == 0
    assert on.cameras.per_1000_people.on(on.first_day) == 300


def test_worlds_are_named_by_the_caller_by_their_file_or_by_their_changes():
    scenario = Scenario.load("unwatched")
    wanted = ["thaw", "thaw", scenario, {"my own": scenario}]
    wanted.append(scenario.with_({"scoring.association": 0.1}))
    found = read_worlds(wanted, citizens=500, seed=3)
    names = ["thaw", "thaw-2", "unwatched", "my own", "scoring.association 0.1"]
    assert list(found.scenarios) == names
    assert {s.society.citizens for s in found.scenarios.values()} == {500}
    assert found.sources["cameras.per_1000_people"]


def test_a_derived_scenario_has_a_title_of_its_own_and_the_name_of_its_parent():
    base = Scenario.load("atlantic-2018")
    one = base.with_({"scoring.association": 0.1})
    assert one.title == f"{base.title}; scoring.association 0.1"
    assert one.parent == "atlantic-2018" and "1 figure differs, marked *" in one.describe()
    three = one.with_({"cameras.uptime": 0.5, "title": "Mine"})
    assert three.title == "Mine"
    more = one.with_({"cameras.uptime": 0.5}).with_({"society.citizens": 2000})
    assert more.title.endswith("; scoring.association 0.1, cameras.uptime 0.5 and 1 more change")
    assert base.with_({"scoring.association": 0.2}) == base
    assert one.diff("atlantic-2018") == one.diff(base)


def test_no_two_worlds_of_a_heading_are_alike(tmp_path):
    file = tmp_path / "weak.yaml"
    file.write_text(
        'extends: atlantic-2018\ncameras:\n  uptime: {value: 0.5, source: "assumption: x"}\n'
    )
    found = read_worlds(["atlantic-2018", file, "thaw"]).scenarios
    title = found["weak"].title
    assert titles(found)[:2] == [f"“{title}” (atlantic-2018)", f"“{title}” (weak)"]
    assert len(set(titles(found))) == 3


def test_the_problems_of_all_worlds_are_reported_at_once():
    with pytest.raises(UserError) as caught:
        read_worlds(["unwached", "thaww"])
    assert len(caught.value.problems) == 2


def test_what_is_no_measure_organ_or_safeguard_is_refused_with_a_suggestion():
    base = Scenario.load("atlantic-2018")
    with pytest.raises(UserError, match="did you mean chilled_acts"):
        check_measure("chiled_acts")
    with pytest.raises(UserError, match="M24 is not an organ that can be switched off"):
        organ_components(base, ["M24"])
    with pytest.raises(UserError, match="did you mean retain"):
        safeguard_components(base, ["retian"])
    for none in ([], ","):
        with pytest.raises(UserError, match="name at least one"):
            organ_components(base, none)
    with pytest.raises(UserError, match="M7 is named twice"):
        organ_components(base, "M7,M7")


def test_all_safeguards_off_are_the_base_and_all_on_are_those_of_the_safeguarded_world():
    base = Scenario.load("atlantic-2018")
    found = safeguard_components(base, "all")
    assert found.scenario(frozenset()).hash == base.hash
    full = found.scenario(frozenset(found.keys))
    assert full.safeguards == Scenario.load("safeguarded").safeguards
