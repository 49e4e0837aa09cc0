"""NetCDF files of tallies, written without xarray: the same variables, types and attributes.

A run has some 260 variables, most of them small, and xarray takes twice as long for them as the
library of the format itself.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from underwatch.measurement.tallies import Tallies, Variable

if TYPE_CHECKING:
    import netCDF4

PACKED: Mapping[str, Any] = {"zlib": True, "complevel": 1, "shuffle": True}


def write_tallies(path: Path, tallies: Tallies) -> None:
    """Write tallies as `xarray.Dataset.to_netcdf` would; arrays of two dimensions are packed.

    Raises RuntimeError or OSError if the file cannot be written.
    """
    import netCDF4

    with netCDF4.Dataset(path.absolute(), "w", format="NETCDF4") as file:
        file.set_auto_maskandscale(False)
        file.setncatts(tallies.attrs)
        variables = {name: _encoded(each) for name, each in tallies.variables.items()}
        # All are declared before the first is filled: the library goes through all that are
        # declared whenever one is filled after a declaration.
        for name, each in variables.items():
            _declare(file, name, each, PACKED if name in tallies.data_vars else {})
        for name, each in variables.items():
            file[name][...] = each.values


def _declare(
    file: "netCDF4.Dataset", name: str, variable: Variable, packed: Mapping[str, Any]
) -> None:
    dims, values, attrs = variable
    for dim, size in zip(dims, values.shape, strict=True):
        if dim not in file.dimensions:
            file.createDimension(dim, size)
    missing = np.nan if values.dtype.kind == "f" else None
    options = packed if values.ndim > 1 else {}
    kind = str if values.dtype.kind == "O" else values.dtype
    made = file.createVariable(name, kind, dims, fill_value=missing, **options)
    made.set_auto_maskandscale(False)
    made.setncatts(attrs)


def _encoded(variable: Variable) -> Variable:
    """Dates as days since the first of them, and labels as texts of any length."""
    dims, values, attrs = variable
    if values.dtype.kind == "M":
        days = values.astype("datetime64[D]")
        units = {"units": f"days since {days[0]} 00:00:00", "calendar": "proleptic_gregorian"}
        return Variable(dims, (days - days[0]).astype(np.int64), attrs | units)
    if values.dtype.kind == "U":
        return Variable(dims, values.astype(object), attrs)
    return variable
