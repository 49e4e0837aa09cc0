"""The property of tests/model/test_random_scenarios.py, over many more scenarios.

The environment variable SCENARIOS sets how many.
"""

import os

import pytest
from hypothesis import HealthCheck, given, settings

from helpers.random_scenarios import disagreements, scenarios

pytestmark = pytest.mark.long


@settings(max_examples=int(os.environ.get("SCENARIOS", "200")), deadline=None, database=None,
          suppress_health_check=list(HealthCheck))  # fmt: skip
@given(scenarios(citizens=300))
def test_twin_and_engine_agree_over_the_whole_accepted_range(drawn):
    scenario, changes = drawn
    assert disagreements(scenario, days=20)[:5] == [], changes
