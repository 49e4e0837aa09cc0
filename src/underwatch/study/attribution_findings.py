"""What `attribute` finds: the shares of components in a measure, and how they were computed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from underwatch.report.few import beside
from underwatch.study.keyed import Keyed
from underwatch.study.multiplicity import beyond_chance
from underwatch.study.result import Study
from underwatch.study.statistics import Estimate


@dataclass(frozen=True)
class Share:
    """The share of one component, in the unit of the measure.

    value: None where the measure is undefined in one of the worlds. low, high: the 95 %
    interval, see `Attribution.interval_over`; None without one.
    """

    key: str
    name: str
    value: float | None
    low: float | None
    high: float | None


def _value(share: Share) -> float:
    return share.value or 0.0


def _reach(share: Share) -> tuple[float, float]:
    return share.low or 0.0, share.high or 0.0


@dataclass(frozen=True)
class Undefined:
    """A world in which the measure has no value (nothing to divide by).

    present: the components that are present there. world: the same in words. seeds: under which
    seeds the measure is undefined.
    """

    present: tuple[str, ...]
    world: str
    seeds: tuple[int, ...]


@dataclass(frozen=True, eq=False, repr=False)
class AttributionFindings(Study):
    """The findings of an attribution, which its tables, charts and pages read."""

    provenance: dict[str, Any]
    measure: str
    label: str
    unit: str
    definition: str
    components: str
    without: float | None
    with_all: float | None
    total: float | None
    shares: Keyed[Share]
    all_orders: bool
    interval_over: str | None
    few: str
    seeds: tuple[int, ...]
    undefined: tuple[Undefined, ...]
    values: list[tuple[tuple[str, ...], int, float | None]]
    limited: str = ""

    @property
    def worlds(self) -> int:
        """How many different worlds were simulated, each under one seed or more."""
        return len({present for present, _, _ in self.values})

    def percent(self, share: Share) -> float | None:
        """A share in percent of the total.

        None if either is undefined, the total is zero, or it rests on too few events.
        """
        if share.value is None or not self.total or self.few:
            return None
        return 100 * share.value / self.total

    def method(self) -> str:
        """How the shares were computed and what their intervals cover, in a sentence."""
        seeds = "1 seed" if len(self.seeds) == 1 else f"{len(self.seeds):,} seeds"
        orders = "averaged over all orders" if self.all_orders else "averaged over sampled orders"
        interval = "95 % intervals over seeds" if self.interval_over else "no interval"
        return f"Shapley values, {orders}, from {self.worlds:,} worlds; {seeds}: {interval}."

    @property
    def largest(self) -> list[Share]:
        """The largest share, and those whose intervals overlap with its interval.

        Shares whose 95 % intervals do not overlap differ beyond chance, however they depend.
        Empty if shares are not ranked: for too few events, or without intervals.
        """
        shares = list(self.shares.values())
        if self.few or self.undefined or any(one.low is None for one in shares):
            return []
        first = shares[0]

        def overlaps(one: Share) -> bool:
            (low, high), (lowest, highest) = _reach(one), _reach(first)
            return low <= highest and lowest <= high

        return [one for one in shares if overlaps(one)]

    @property
    def reducing(self) -> list[Share]:
        """The shares below zero that are beyond chance, all judged together; lowest first."""
        shares = list(self.shares.values())
        estimates = [(Estimate(one.value, one.low, one.high), len(self.seeds)) for one in shares]
        beyond = beyond_chance(estimates) if shares and not self.undefined else []
        lower = [
            one for one, known in zip(shares, beyond, strict=False) if known and _value(one) < 0
        ]
        return sorted(lower, key=_value)

    def cautions(self) -> list[str]:
        """What a reader must know before the shares are ranked, one sentence each."""
        made = []
        if self.few:
            made.append(
                f"The shares are not ranked: {beside(self.few)} without these {self.components} "
                "and with all of them."
            )
        elif self.interval_over is None:
            many = "One seed gives" if len(self.seeds) == 1 else f"{len(self.seeds)} seeds give"
            made.append(f"{many} no interval, which is too little for a ranking.")
        if "M18" in self.shares:
            made.append(
                "M18 is the mechanism by which acts are withheld; its share is not the effect of "
                "a rule."
            )
        if self.limited:
            made.append(self.limited)
        return made

    def undefined_sentence(self) -> str:
        """In which worlds the measure is undefined, in words; empty if in none."""
        if not self.undefined:
            return ""
        many = len(self.undefined)
        listed = "; ".join(one.world for one in self.undefined[:8])
        more = f"; and {many - 8} more" if many > 8 else ""
        return (
            f"{self.measure} is undefined in {many:,} of {self.worlds:,} worlds, where there is "
            f"nothing to divide by, so it has no shares. These worlds have {listed}{more}."
        )
