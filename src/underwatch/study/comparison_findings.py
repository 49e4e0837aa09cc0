"""What `compare` finds: the measures of several worlds and their differences."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from underwatch.scenario import Scenario
from underwatch.study.differences import (
    UNKNOWN,
    Cell,
    Difference,
    DifferencesByWorld,
    check_known,
    of_pair,
)
from underwatch.study.result import Study

if TYPE_CHECKING:
    import xarray as xr


@dataclass(frozen=True, eq=False, repr=False)
class ComparisonFindings(Study):
    """The findings of a comparison, which its tables, charts and pages read."""

    provenance: dict[str, Any]
    scenarios: dict[str, Scenario]
    seeds: tuple[int, ...]
    days: int
    diverge_day: int
    differences: DifferencesByWorld
    values: dict[str, dict[str, list[float | None]]]
    cells: dict[str, dict[str, Cell]]
    state_hashes: dict[int, dict[str, str]]
    read_data: Callable[[], tuple[xr.Dataset, dict[str, xr.DataArray]]]

    def difference(self, first: str, other: str, measure: str) -> Difference:
        """One measure in one world beside another, for any two worlds of the comparison.

        Returns
        -------
        Difference
            Of `other` from `first`, with the same statistics as those in `differences`.

        Raises
        ------
        UserError
            if a world or the measure is unknown.
        """
        return self._against(first, [other], [measure])[0]

    def _against(
        self, first: str, others: Iterable[str], measures: Iterable[str] | None = None
    ) -> list[Difference]:
        """The differences of some worlds from one, by world and measure."""
        others = list(others)
        check_known([first, *others], self.scenarios, "world")
        measures = list(self.values[first] if measures is None else measures)
        check_known(measures, self.values[first], "measure")
        about = next(iter(self.differences.values()))
        return [
            of_pair(
                other,
                about[name],
                self.values[first][name],
                self.values[other][name],
                (self._cell(first, name), self._cell(other, name)),
                all(hashes[first] == hashes[other] for hashes in self.state_hashes.values()),
            )  # fmt: skip
            for other in others
            for name in measures
        ]

    def _cell(self, world: str, measure: str) -> Cell:
        return self.cells.get(world, {}).get(measure, UNKNOWN)

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
