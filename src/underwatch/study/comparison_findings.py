"""What `compare` finds: the measures of several worlds and their differences."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from underwatch.scenario import Scenario
from underwatch.study.keyed import Keyed
from underwatch.study.result import Study

if TYPE_CHECKING:
    import xarray as xr


@dataclass(frozen=True)
class Difference:
    """One measure in one world beside the first.

    first, here: mean over the seeds in which the measure is defined in both worlds. difference:
    here - first. low, high: its 95 % interval; None with fewer than three such seeds.
    unpaired_seeds: how many seeds unpaired worlds would take for an interval of equal width.
    seeds: in how many seeds the measure is defined in both worlds. None = not defined.
    """

    world: str
    measure: str
    label: str
    kind: str
    unit: str
    definition: str
    first: float | None
    here: float | None
    difference: float | None
    low: float | None
    high: float | None
    unpaired_seeds: float | None
    seeds: int


Differences = Keyed[Difference]


@dataclass(frozen=True, eq=False, repr=False)
class ComparisonFindings(Study):
    """The findings of a comparison, which its tables, charts and pages read."""

    provenance: dict[str, Any]
    scenarios: dict[str, Scenario]
    seeds: tuple[int, ...]
    days: int
    diverge_day: int
    differences: Keyed[Differences]
    values: dict[str, dict[str, list[float | None]]]
    state_hashes: dict[int, dict[str, str]]
    read_data: Callable[[], tuple[xr.Dataset, dict[str, xr.DataArray]]]

    @cached_property
    def _data(self) -> tuple[xr.Dataset, dict[str, xr.DataArray]]:
        return self.read_data()

    @property
    def tallies(self) -> xr.Dataset:
        """All tallies, with the dimensions `world` and `seed`."""
        return self._data[0]

    @property
    def observations(self) -> dict[str, xr.DataArray]:
        """The user's own measures by name, with the dimensions `world`, `seed` and `day`."""
        return self._data[1]
