"""Records of runs without a simulation, for tests of what is kept and read back."""

from functools import cache
from typing import Any

from underwatch.results.provenance import made_with
from underwatch.scenario import Scenario


@cache
def _scenario() -> Scenario:
    return Scenario.load("unwatched", ["society.citizens=1000"])


def run_record(**changes: Any) -> dict[str, Any]:
    """The record of a run that never took place, with these keys changed."""
    scenario = _scenario()
    return {
        **made_with(),
        "kind": "run", "title": "Één dorp", "text": "", "sources": dict(scenario.sources),
        "scenario": scenario.model_dump(mode="json"), "scenario_hash": scenario.hash,
        "citizens": 1000, "seed": scenario.society.seed, "days": 40, "panel": 0, "threads": 1,
        "first_day": scenario.first_day.isoformat(), "state_hash": "0" * 64,
        "started": "2026-01-01T00:00:00+00:00", "seconds": 1e-7, "citizen_days_per_second": 1,
        "summary": {"imposed": {"value": 3, "unit": "restrictions"}},
    } | changes  # fmt: skip
