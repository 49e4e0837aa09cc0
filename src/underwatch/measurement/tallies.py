"""Tallies as plain arrays with named dimensions, for what the end of a run computes.

`Run.tallies` is a Dataset of xarray, whose import takes as long as a tenth of a small run. What is
computed of tallies needs of them no more than `TallyTable` names, and a Dataset has that, too.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import numpy as np

if TYPE_CHECKING:
    import xarray as xr


class Counted(Protocol):
    """One variable: an array with a name for each dimension."""

    @property
    def dims(self) -> tuple[Hashable, ...]: ...
    @property
    def values(self) -> Any: ...
    @property
    def attrs(self) -> Any: ...


class TallyTable(Protocol):
    """What is computed of tallies reads these: variables by name, dimensions among them."""

    def __contains__(self, name: object, /) -> bool: ...
    def __getitem__(self, name: str, /) -> Counted: ...
    @property
    def data_vars(self) -> Any: ...
    @property
    def variables(self) -> Any: ...


class Variable(NamedTuple):
    """An array with the names of its dimensions; attrs hold its unit and its meaning."""

    dims: tuple[str, ...]
    values: np.ndarray
    attrs: dict[str, Any]


class Tallies:
    """The tallies of one run.

    data_vars: the counts by name. coords: the labels of each dimension. attrs: title and hash of
    the scenario.
    """

    def __init__(
        self, data_vars: dict[str, Variable], coords: dict[str, Variable], attrs: dict[str, Any]
    ):
        self.data_vars, self.coords, self.attrs = data_vars, coords, attrs

    @property
    def variables(self) -> dict[str, Variable]:
        """Counts, and then the labels of dimensions."""
        return self.data_vars | self.coords

    def __contains__(self, name: object) -> bool:
        return name in self.data_vars or name in self.coords

    def __iter__(self) -> Iterator[str]:
        return iter(self.data_vars)

    def __getitem__(self, name: str) -> Variable:
        return self.data_vars[name] if name in self.data_vars else self.coords[name]

    def to_xarray(self) -> xr.Dataset:
        """The same as a Dataset."""
        import xarray as xr

        return xr.Dataset(self.data_vars, self.coords, self.attrs)


def summed(counted: Counted, *kept: str, skip_missing: bool = True) -> np.ndarray:
    """Sums over all dimensions but those that are kept, which come in this order.

    skip_missing: a missing number counts as 0; else a sum with one is missing.

    Examples
    --------
    >>> summed(Variable(("month", "group"), np.array([[1, 2], [3, 4]]), {}), "group")
    array([4, 6])
    """
    others = tuple(k for k, dim in enumerate(counted.dims) if dim not in kept)
    add = np.nansum if skip_missing and counted.values.dtype.kind == "f" else np.sum
    left = tuple(str(dim) for dim in counted.dims if dim in kept)
    return in_order(Variable(left, np.asarray(add(counted.values, axis=others)), {}), *kept)


def in_order(counted: Counted, *dims: str) -> np.ndarray:
    """The values with their dimensions in this order."""
    found: np.ndarray = counted.values.transpose([counted.dims.index(dim) for dim in dims])
    return found


def at_label(counts: TallyTable, name: str, dim: str, label: str) -> np.ndarray:
    """The values of a variable at one label of one of its dimensions."""
    place = counts[dim].values.tolist().index(label)
    found: np.ndarray = counts[name].values.take(place, counts[name].dims.index(dim))
    return found
