"""What answers for each kind of deployment: its closed forms, its runs, its findings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any, NamedTuple

from underwatch.assessments.result import (
    Assessed,
    Deployment,
    Finding,
    Intervals,
    Key,
    Measured,
    Safeguards,
)


class Safeguard(NamedTuple):
    """A safeguard: what it is called, and whether its effect is "assumed" or "emergent"."""

    label: str
    how: str


@dataclass(frozen=True)
class Kind:
    """The modules of one kind, named from this folder; each is imported when it is needed.

    laws: runs of single laws, for what its runs cannot test; "" for most kinds. seeds: how many a
    run has by default. organs: whose cases of the verification a document names.
    """

    closed_forms: str
    runs: str
    sentences: str
    seeds: int = 10
    laws: str = ""
    organs: tuple[str, ...] = ()

    @property
    def measures(self) -> Mapping[str, tuple[str, str]]:
        """Label and unit of every measure."""
        found: Mapping[str, tuple[str, str]] = _module(self.closed_forms).MEASURES
        return found

    @property
    def main(self) -> tuple[str, ...]:
        """The measures that are compared before and after a safeguard."""
        found: tuple[str, ...] = _module(self.closed_forms).MAIN
        return found

    @property
    def conclusion(self) -> tuple[str, float]:
        """The measure that decides, and its limit, where a file states none."""
        found: tuple[str, float] = _module(self.closed_forms).CONCLUSION
        return found

    def safeguard(self, key: str) -> Safeguard:
        """One safeguard by its key in the file."""
        return Safeguard(*_module(self.closed_forms).SAFEGUARDS[key])

    def faults(self, deployment: Deployment) -> list[tuple[str, str]]:
        """Values that cannot be together: the section, and a sentence; most kinds have no more."""
        found: list[tuple[str, str]] = []
        for module in (_module(self.closed_forms), _module(self.runs)):
            if hasattr(module, "faults"):
                found += module.faults(deployment)
        return found

    def estimates(
        self, values: Mapping[str, float], deployment: Deployment, safeguards: Safeguards
    ) -> dict[Key, float]:
        """Every measure in closed form."""
        found: dict[Key, float] = _module(self.closed_forms).estimates(
            values, deployment, safeguards
        )
        return found

    def compared(
        self,
        values: Mapping[str, float],
        deployment: Deployment,
        safeguards: Safeguards,
        citizens: int | None,
    ) -> tuple[dict[Key, float], float]:
        """The closed forms with which runs of so many people are compared.

        For most kinds they are `estimates`. Also the part of a value that they may be off by.
        """
        module = _module(self.closed_forms)
        if not hasattr(module, "compared"):
            return self.estimates(values, deployment, safeguards), 0.0
        found: tuple[dict[Key, float], float] = module.compared(
            values, deployment, safeguards, citizens
        )
        return found

    def quick(
        self, values: Mapping[str, float], deployment: Deployment, safeguards: Safeguards
    ) -> dict[Key, float]:
        """The measures in closed form that are quickly found, for many draws of the inputs."""
        module = _module(self.closed_forms)
        how = getattr(module, "quick", module.estimates)
        found: dict[Key, float] = how(values, deployment, safeguards)
        return found

    def more_intervals(
        self,
        spans: Intervals,
        values: Mapping[str, float],
        deployment: Deployment,
        safeguards: Safeguards,
    ) -> Intervals:
        """Intervals of measures that no draw of the inputs computes, by those of others."""
        module = _module(self.closed_forms)
        if safeguards is None or not hasattr(module, "more_intervals"):
            return {}
        found: Intervals = module.more_intervals(spans, values, deployment, safeguards)
        return found

    def run(
        self,
        deployment: Deployment,
        seed: int,
        citizens: int | None,
        worlds: Mapping[str, Safeguards],
    ) -> dict[str, dict[Key, Measured]]:
        """One seed: every world on the same people."""
        found: dict[str, dict[Key, Measured]] = _module(self.runs).run(
            deployment, seed, citizens, worlds
        )
        return found

    def probes(
        self,
        deployment: Deployment,
        seed: int,
        citizens: int | None,
        worlds: Mapping[str, Safeguards],
    ) -> dict[str, dict[Key, Measured]]:
        """One seed: single laws of the kind, simulated alone; empty for most kinds."""
        if not self.laws:
            return {}
        found: dict[str, dict[Key, Measured]] = _module(self.laws).probes(
            deployment, seed, citizens, worlds
        )
        return found

    def findings(self, assessed: Assessed) -> list[Finding]:
        """Findings in sentences, the most important first; each names what it rests on."""
        made = (make(assessed) for make in _module(self.sentences).FINDINGS)
        return [finding for finding in made if finding is not None]

    def headline(self, assessed: Assessed) -> list[list[str]]:
        """The table of the console, its head first; empty where the kind has none."""
        module = _module(self.sentences)
        made: list[list[str]] = module.headline(assessed) if hasattr(module, "headline") else []
        return made


KINDS = {
    "watch-list camera": Kind(
        "closed_forms.watch_list",
        "worlds.watch_list",
        "worlds.watch_list_findings",
        organs=("M12",),
    ),
    "citizen score": Kind(
        "closed_forms.citizen_score",
        "worlds.citizen_score",
        "worlds.citizen_score_findings",
        seeds=5,
        laws="worlds.citizen_score_laws",
        organs=("M10", "M16", "M18"),
    ),
    "risk score": Kind(
        "closed_forms.risk_score_estimates",
        "worlds.risk_score",
        "worlds.risk_score_findings",
        organs=("M26",),
    ),
    "patrol allocation": Kind(
        "closed_forms.patrols_estimates",
        "worlds.patrols",
        "worlds.patrols_findings",
        organs=("M27",),
    ),
}


@cache  # asked for with every value of a measure
def _module(name: str) -> Any:
    return import_module(f"underwatch.assessments.{name}")
