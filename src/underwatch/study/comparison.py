"""The result of `compare`: worlds side by side."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from underwatch.errors import UserError
from underwatch.results import folder as store
from underwatch.results.record_schema import checked, readable
from underwatch.results.tables_read import read_tallies
from underwatch.scenario import Scenario
from underwatch.study.comparison_findings import ComparisonFindings
from underwatch.study.differences import Cell, Difference, by_world, check_known
from underwatch.study.result import load_record
from underwatch.study.statistics import seeds_phrase

if TYPE_CHECKING:
    import altair as alt
    import pandas as pd
    import pyarrow as pa
    import xarray as xr

_OWN = "own_"  # prefix of the user's own measures among the tallies of a folder


@dataclass(frozen=True, eq=False, repr=False)
class Comparison(ComparisonFindings):
    """Worlds side by side; made by `compare`.

    scenarios: by world, the first of them the baseline. diverge_day: the day on which the others
    branch off the first, 0 = the first day. differences: world -> measure -> `Difference`.
    values: world -> measure -> one value for each seed. cells: world -> measure -> the events
    that the values rest on. state_hashes: seed -> world -> SHA-256.
    """

    kind: ClassVar[str] = "compare"

    @classmethod
    def load(cls, folder: str | Path) -> Comparison:
        """Read a comparison from its folder; the tallies are read when they are first needed.

        Raises UserError if the folder has changed or holds something else.
        """
        path = store.as_path(folder)
        provenance, scenarios, found = load_record(path, cls.kind, store.TALLIES)
        with readable(path, "a comparison"):
            return cls._of(path, provenance, scenarios, found)

    @classmethod
    def _of(
        cls,
        path: Path,
        provenance: dict[str, Any],
        scenarios: dict[str, Scenario],
        found: dict[str, Any],
    ) -> Comparison:
        values = checked(dict[str, dict[str, list[float | None]]], found["values"])
        hashes = checked(dict[int, dict[str, str]], found["state_hashes"])
        cells = checked(dict[str, dict[str, Cell]], found.get("cells", {}))
        rows: dict[str, dict[str, Difference]] = {world: {} for world in scenarios}
        for row in checked(list[Difference], found["differences"]):
            rows[row["world"]][row["measure"]] = Difference(**row)
        first, *others = rows
        return cls(
            provenance=provenance,
            scenarios=scenarios,
            seeds=tuple(provenance["seeds"]),
            days=provenance["days"],
            diverge_day=checked(int, found["diverge_day"]),
            differences=by_world({world: rows[world] for world in others}, first),
            values=values,
            cells={
                world: {measure: Cell(*cell) for measure, cell in by_measure.items()}
                for world, by_measure in cells.items()
            },
            state_hashes={int(k): by_world for k, by_world in hashes.items()},
            read_data=lambda: _read_data(path),
        )

    def to_dataframe(self, against: str | None = None) -> pd.DataFrame:
        """One row for each world but one and each measure; columns as in `Difference`.

        against: the world that the others are compared with, by default the first. Raises
        UserError if there is no such world.

        Examples
        --------
        >>> import underwatch as uw
        >>> found = uw.compare("unwatched", "atlantic-2018", citizens=2000, days=60, seeds=1)
        >>> list(found.to_dataframe().columns[:3])
        ['world', 'measure', 'label']
        """
        from underwatch.study.schemas import DIFFERENCES, dataframe

        if against is None:
            return dataframe(self._rows(), DIFFERENCES)
        check_known([against], self.scenarios, "world")
        others = [world for world in self.scenarios if world != against]
        return dataframe([asdict(d) for d in self._against(against, others)], DIFFERENCES)

    def plot(self, measure: str = "chilled_share", by: str | None = None) -> alt.TopLevelMixin:
        """A chart of one measure: its course by month in every world, where it has one.

        Of another measure of the summary, the differences from the first world as bars. Raises
        UserError for an unknown measure, and for `by`: a comparison keeps no strata.
        """
        from underwatch.study.charts import comparison_chart

        if by is not None:
            raise UserError(
                f"A comparison has no values by {by}. Run one of its scenarios alone, and use "
                f"run.plot({measure!r}, by={by!r})."
            )

        return comparison_chart(self, measure)

    def findings(self) -> list[str]:
        """What the report says first: sentences about the differences, with their intervals.

        Examples
        --------
        >>> import underwatch as uw
        >>> found = uw.compare("unwatched", "atlantic-2018", citizens=2000, days=60, seeds=1)
        >>> len(found.findings()) > 0
        True
        """
        from underwatch.study.brief import comparison_brief

        return [str(finding) for finding in comparison_brief(self).findings]

    def _rows(self) -> list[dict[str, Any]]:
        return [asdict(d) for by_name in self.differences.values() for d in by_name.values()]

    def _record(self) -> dict[str, Any]:
        return {
            "differences": self._rows(),
            "values": self.values,
            "cells": self.cells,
            "state_hashes": {str(seed): found for seed, found in self.state_hashes.items()},
            "diverge_day": self.diverge_day,
        }

    def _tables(self) -> dict[str, pa.Table]:
        from underwatch.study.schemas import DIFFERENCES, VALUES, table

        rows = [
            {"world": world, "seed": seed, "measure": measure, "value": value}
            for world, by_measure in self.values.items()
            for measure, by_seed in by_measure.items()
            for seed, value in zip(self.seeds, by_seed, strict=True)
        ]
        return {"differences": table(self._rows(), DIFFERENCES), "values": table(rows, VALUES)}

    def _dataset(self) -> xr.Dataset:
        tallies, observations = self._data
        packed = {}
        for k, (name, values) in enumerate(observations.items()):
            dims = {dim: f"{_OWN}{k}_{dim}" for dim in values.dims if dim not in ("world", "seed")}
            packed[f"{_OWN}{k}"] = values.rename(dims).rename(f"{_OWN}{k}").assign_attrs(name=name)
        return tallies.assign(packed)

    def _page(self) -> str:
        from underwatch.study.pages import comparison_page

        return comparison_page(self)

    def _facts(self) -> list[tuple[str, str]]:
        return [
            ("title", self.title),
            ("worlds", ", ".join(self.scenarios)),
            ("citizens", f"{self.provenance['citizens']:,}"),
            ("days", f"{self.days:,}"),
            ("replicates", seeds_phrase(len(self.seeds))),
        ]


def _read_data(folder: Path) -> tuple[xr.Dataset, dict[str, xr.DataArray]]:
    """(tallies, observations) of a folder."""
    whole = read_tallies(folder / store.TALLIES, ("world", "seed"))
    own = [name for name in whole.data_vars if str(name).startswith(_OWN)]
    observations = {}
    for variable in own:
        values = whole[variable]
        name = str(values.attrs.pop("name"))
        dims = {dim: str(dim).removeprefix(f"{variable}_") for dim in values.dims}
        observations[name] = values.reset_coords(drop=True).rename(dims).rename(name)
    extra = {dim for name in own for dim in whole[name].dims if str(dim).startswith(_OWN)}
    return whole.drop_vars(own).drop_dims(extra), observations
