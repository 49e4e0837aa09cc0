"""The worlds of a plan, each resolved and checked once, however often it is asked for."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from underwatch.errors import UserError
from underwatch.scenario import Scenario


class Resolved:
    """Scenarios with the settings of points: a world by what it is made of, or why it is none."""

    def __init__(self) -> None:
        self._worlds: dict[tuple[str, str], Scenario | UserError] = {}
        self._hashes: dict[int, tuple[Scenario, str]] = {}  # by identity, which this keeps

    def world(self, scenario: Scenario, point: Mapping[str, Any]) -> Scenario:
        """A scenario with other values at some keys. Raises UserError if it refuses them."""
        if not point:
            return scenario
        key = self._hash(scenario), json.dumps(point, default=repr)
        if key not in self._worlds:
            try:
                self._worlds[key] = scenario._replaced(point)
            except UserError as error:
                self._worlds[key] = error
        found = self._worlds[key]
        if isinstance(found, UserError):
            raise UserError(found.problems)
        return found

    def refusal(self, scenario: Scenario, point: Mapping[str, Any]) -> list[str]:
        """What a scenario refuses of a point; empty if nothing."""
        try:
            self.world(scenario, point)
        except UserError as error:
            return [problem.sentence for problem in error.problems]
        return []

    def _hash(self, scenario: Scenario) -> str:
        known = self._hashes.get(id(scenario))
        if known is None:
            known = self._hashes[id(scenario)] = scenario, scenario.hash
        return known[1]
