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
    judged,
    judged_sentence,
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
        """The differences of some worlds from one, by world and measure.

        Every measure of these worlds is judged with the others, whichever of them are wanted.
        """
        others = list(others)
        check_known([first, *others], self.scenarios, "world")
        known = list(self.values[first])
        wanted = known if measures is None else list(measures)
        check_known(wanted, known, "measure")
        about = next(iter(self.differences.values()))
        every = [
            of_pair(
                other,
                about[name],
                self.values[first][name],
                self.values[other][name],
                (self._cell(first, name), self._cell(other, name)),
                all(hashes[first] == hashes[other] for hashes in self.state_hashes.values()),
            )  # fmt: skip
            for other in others
            for name in known
        ]
        return [one for one in judged(every) if one.measure in wanted]

    def judged_sentence(self) -> str:
        """How intervals and marks of the differences are to be read; empty without intervals."""
        return judged_sentence(
            one for by_measure in self.differences.values() for one in by_measure.values()
        )

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
