"""The assumptions that matter most state a range, and shipped values lie within theirs."""

import pytest

import underwatch as uw
from underwatch.errors import UserError
from underwatch.scenario.dated import Dated
from underwatch.scenario.evidence import stated_range
from underwatch.scenario.keys import at
from underwatch.scenario.stated import range_left

# Those with the largest elasticities of withheld acts, wrongful restrictions, restricted
# person-days, support and offences.
DECISIVE = """blacklist.court_places_per_million_a_day files.half_life_days
life.critical_posts_per_year life.minor_offences_per_year life.missed_instalments_worst
life.serious_offences_per_year platforms.read registers.serious_cleared.rural
registers.serious_cleared.town registers.serious_cleared.metropolis response.caution
response.risk_from_contacts response.risk_half_life_days restrictions.below scoring.association
scoring.points.serious_offence support.bias_of_critics support.from_broken support.from_kept
support.from_news""".split()


def values(written) -> list[float]:
    steps = [value for _, value in written.steps] if isinstance(written, Dated) else [written]
    return [
        one for value in steps for one in (value if isinstance(value, tuple | list) else [value])
    ]


@pytest.mark.parametrize("key", DECISIVE)
def test_each_decisive_assumption_states_its_range(key):
    assert stated_range(uw.Scenario.load("atlantic-2018").sources[key])


@pytest.mark.parametrize("name", sorted(uw.scenarios()))
def test_every_value_lies_within_the_range_that_its_source_states(name):
    scenario = uw.Scenario.load(name)
    for key, source in scenario.sources.items():
        if found := stated_range(source):
            low, high = found
            assert low < high, key
            assert [v for v in values(at(scenario, key)) if not low <= v <= high] == [], key


def test_a_range_of_numbers_is_written_in_one_form():
    for name in uw.scenarios():
        for key, source in uw.Scenario.load(name).sources.items():
            assert "(range " not in source or stated_range(source), f"{name}: {key}: {source}"


def test_a_figure_outside_its_own_stated_range_is_refused_with_all_other_errors(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text(
        """extends: atlantic-2018
scoring:
  association: {value: 0.9, source: "assumption: a guess (range 0.05 to 0.5)"}
files:
  half_life_days: {value: 300, source: "assumption: a guess (range 180-400)"}
platforms:
  source: "assumption: half or twice (range 0.1 to 0.3)"
  read: {"2014-06-14": 0.2, "2016-01-01": 0.4, "2018-01-01": 0}
life:
  flights_per_year: {value: 3, source: "assumption: a guess (range 400 to 200)"}
cameras:
  uptim: 1
"""
    )
    with pytest.raises(UserError) as refused:
        uw.Scenario.load(path)
    lines = [str(one) for one in refused.value.problems]
    expected = [
        ("mine.yaml:3", "scoring.association is 0.9, outside the range that its source states"),
        ("mine.yaml:5", "files.half_life_days: the range in its source is not read; write it as"),
        ("mine.yaml:8", "platforms.read holds 0.4, outside the range"),
        ("mine.yaml:10", "the range in its source is 400 to 200; write the lower end first"),
        ("mine.yaml:12", "uptim is not known here"),
    ]
    assert len(lines) == len(expected)
    for line, (where, what) in zip(lines, expected, strict=True):
        assert where in line and what in line


def test_a_scenario_that_was_set_beyond_a_stated_range_is_written_and_read_again(tmp_path):
    made = uw.Scenario.load("atlantic-2018", ["scoring.association=0.9"])
    path = tmp_path / "mine.yaml"
    path.write_text(made.to_yaml())
    assert uw.Scenario.load(path) == made
    assert range_left(uw.Scenario.load(path).sources["scoring.association"]) == (0.05, 0.5)


def test_the_description_of_a_scenario_shows_the_ranges():
    scenario = uw.Scenario.load("atlantic-2018")
    assert scenario.sources["scoring.association"] in scenario.describe()
