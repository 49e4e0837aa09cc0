"""The result of `diffusion`: adoption by state and year, and what follows for the people."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from underwatch.errors import UserError
from underwatch.results import folder as store
from underwatch.results.parquet import write_parquet
from underwatch.study.diffusion.findings import DiffusionFindings

if TYPE_CHECKING:
    import altair as alt
    import pandas as pd
    import pyarrow as pa


@dataclass(frozen=True, eq=False, repr=False)
class Diffusion(DiffusionFindings):
    """Organs spread over invented states; made by `diffusion`.

    study: as declared. index: adoption beside a published index, one mapping for each type of
    regime, all states, and face recognition. states: an xarray Dataset by state, organ and year.
    """

    kind: ClassVar[str] = "diffusion"

    @classmethod
    def load(cls, folder: str | Path) -> Diffusion:
        """Read a study of diffusion from its folder.

        Raises UserError if the folder has changed or holds something else.
        """
        from underwatch.study.diffusion.declaration import Study

        path = store.as_path(folder)
        provenance = store.load_provenance(path, store.STATES)
        try:
            study = Study.model_validate_json(json.dumps(provenance["study"]), strict=True)
            index = provenance["comparison"]
        except (KeyError, ValueError):
            raise UserError(
                f"{path} holds no study of diffusion that this version can read."
            ) from None
        return cls(provenance, study, index, lambda: store.read_netcdf(path / store.STATES))

    def to_dataframe(self) -> pd.DataFrame:
        """One row for each state: its traits, years of adoption, and ratios of its population."""
        by_state = [name for name, v in self.states.data_vars.items() if v.dims == ("state",)]
        frame = self.states[by_state].to_dataframe()
        for organ in self.states["organ"].values:
            frame[f"adopted_{organ}"] = self.states["adopted"].sel(organ=organ).values
        return frame

    def plot(self) -> alt.TopLevelMixin:
        """How many states hold each group of organs, by year."""
        from underwatch.study.charts import to_chart
        from underwatch.study.diffusion.tables import holders_series

        return to_chart(holders_series(self), self.title, self.provenance)

    def save(self, folder: str | Path) -> Path:
        """Write the study to a new folder that `underwatch.load` reads back.

        Raises UserError if the folder holds something already.
        """
        from underwatch.results.codebook import as_csv, of_table, of_tallies
        from underwatch.study.schemas import MEANINGS

        path, page = store.as_path(folder), self.report()
        with store.whole(path) as part:
            store.write_json(part / store.RUN, self.provenance)
            store.write_netcdf(part / store.STATES, self.states)
            for name, rows in self._tables().items():
                write_parquet(part / f"{name}.parquet", rows)
            store.write_text(part / store.REPORT, page)
            columns = of_tallies(self.states, store.STATES)
            for name, rows in self._tables().items():
                columns += of_table(rows, f"{name}.parquet", MEANINGS)
            store.write_text(part / store.CODEBOOK, as_csv(columns))
        return path

    def _page(self) -> str:
        from underwatch.study.diffusion.brief import diffusion_page

        return diffusion_page(self)

    def _record(self) -> dict[str, Any]:
        return {}

    def _tables(self) -> dict[str, pa.Table]:
        from underwatch.study.schemas import INDEX, table

        return {"index": table(self.index, INDEX)}

    def _facts(self) -> list[tuple[str, str]]:
        about, years = self.provenance, self.study.years
        return [
            ("title", self.title),
            ("states", f"{about['states']:,} invented, {about['adopters']:,} adopt an organ"),
            ("years", f"{years.first} to {years.last}"),
            ("citizens", f"{about['citizens']:,} in each population"),
            ("replicates", f"{self.study.index.replicates:,} of adoption, 1 of the populations"),
        ]
