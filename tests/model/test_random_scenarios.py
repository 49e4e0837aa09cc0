"""Every scenario that the schema accepts is simulated alike by the engine and by the twin."""

from hypothesis import HealthCheck, given, settings

from helpers.random_scenarios import KEYS, disagreements, scenarios


def test_every_key_of_a_scenario_can_be_drawn():
    assert len(KEYS) > 200


@settings(max_examples=5, deadline=None, derandomize=True, database=None,
          suppress_health_check=list(HealthCheck))  # fmt: skip
@given(scenarios(citizens=150))
def test_twin_and_engine_agree_over_the_whole_accepted_range(drawn):
    scenario, changes = drawn
    assert disagreements(scenario, days=10)[:5] == [], changes
