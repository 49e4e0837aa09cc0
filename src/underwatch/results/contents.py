"""Where the data of a run come from: a simulation of this process, a folder, or tables."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from underwatch.errors import UserError
from underwatch.results import folder as store
from underwatch.results.tables_read import OTHER, read_panel, read_people, read_tallies

if TYPE_CHECKING:
    import pyarrow as pa
    import xarray as xr

    from underwatch.engine.simulation import Simulation
    from underwatch.measurement.tallies import Tallies

Observations = dict[str, "xr.DataArray"]


class Contents(Protocol):
    """What a run consists of, besides its scenario and provenance.

    counts: the tallies, for what is computed of them; of a run of this process without xarray.
    """

    @property
    def counts(self) -> Tallies | xr.Dataset: ...
    @property
    def tallies(self) -> xr.Dataset: ...
    @property
    def panel(self) -> pa.Table | None: ...
    @property
    def people(self) -> pa.Table: ...
    @property
    def observations(self) -> Observations: ...


class Simulated:
    """The data of a simulation that has ended; each table is made when it is first read."""

    def __init__(self, simulation: Simulation):
        self.simulation = simulation

    @cached_property
    def counts(self) -> Tallies:
        from underwatch.results.tables import tallies

        return tallies(self.simulation)

    @cached_property
    def tallies(self) -> xr.Dataset:
        return self.counts.to_xarray()

    @cached_property
    def panel(self) -> pa.Table | None:
        from underwatch.results.tables import records

        return records(self.simulation) if len(self.simulation.followed) else None

    @cached_property
    def people(self) -> pa.Table:
        from underwatch.results.people import people_table

        return people_table(self.simulation)

    @cached_property
    def observations(self) -> Observations:
        found = getattr(self.simulation, "observations", {})
        first = np.datetime64(self.simulation.scenario.first_day, "D")
        return {name: observation(name, first, *each) for name, each in found.items()}


@dataclass(frozen=True)
class Stored:
    """The data of a folder; a file is read when it is first needed."""

    folder: Path
    provenance: dict[str, Any]

    @cached_property
    def tallies(self) -> xr.Dataset:
        """Counts by day, and by month and stratum."""
        return read_tallies(self.folder / store.TALLIES)

    @property
    def counts(self) -> Tallies | xr.Dataset:
        """The tallies."""
        return self.tallies

    @cached_property
    def panel(self) -> pa.Table | None:
        """The records of the followed citizens, or None if the run followed nobody."""
        path = self.folder / store.PANEL
        if not path.exists():
            return None
        return read_panel(path)

    @cached_property
    def people(self) -> pa.Table:
        """One row per citizen. Raises UserError for a folder of an earlier version."""
        path = self.folder / store.PEOPLE
        if not path.exists():
            raise UserError(f"{self.folder} has no {store.PEOPLE}; run its scenario again.")
        return read_people(path)

    @cached_property
    def observations(self) -> Observations:
        """The user's own measures by name; none if the run had none."""
        path = self.folder / store.OBSERVATIONS
        if not path.exists():
            return {}
        try:
            return unpack(store.read_netcdf(path))
        except (KeyError, ValueError):
            raise UserError(f"{path} {OTHER}") from None


def load(folder: Path) -> Stored:
    """The data of a run whose folder is unchanged; see `folder.load_provenance`."""
    return Stored(folder, store.load_provenance(folder, store.TALLIES))


@dataclass(frozen=True)
class Tables:
    """The data of a run whose simulation is gone."""

    tallies: xr.Dataset
    panel: pa.Table | None
    people: pa.Table
    observations: Observations = field(default_factory=dict)

    @property
    def counts(self) -> Tallies | xr.Dataset:
        """The tallies."""
        return self.tallies


def observation(
    name: str, first: np.datetime64, days: np.ndarray, values: np.ndarray
) -> xr.DataArray:
    """One of the user's measures: its first dimension is the day, the others are its own."""
    import xarray as xr

    values = np.asarray(values)
    dims = ("day", *(f"dim_{k}" for k in range(1, values.ndim)))
    return xr.DataArray(values, {"day": first + np.asarray(days, int)}, dims, name)


def pack(observations: Observations) -> xr.Dataset | None:
    """The user's measures as one dataset, or None if there is none.

    Names are kept as attributes, because NetCDF does not accept every name.
    """
    if not observations:
        return None
    import xarray as xr

    packed = {}
    for k, (name, values) in enumerate(observations.items()):
        dims = {dim: f"values_{k}_{dim}" for dim in values.dims}
        packed[f"values_{k}"] = values.rename(dims).assign_attrs(name=name)
    return xr.Dataset({name: each.rename(name) for name, each in packed.items()})


def unpack(packed: xr.Dataset) -> Observations:
    """The inverse of `pack`."""
    found = {}
    for variable, values in packed.data_vars.items():
        name = str(values.attrs.pop("name"))
        dims = {dim: str(dim).removeprefix(f"{variable}_") for dim in values.dims}
        found[name] = values.rename(dims).rename(name)
    return found
