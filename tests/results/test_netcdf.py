"""Tallies are written without xarray and pandas, and the files are those that these would write."""

import subprocess
import sys

import netCDF4
import numpy as np
import pyarrow as pa
import pytest

from underwatch.measurement.tallies import Tallies, Variable, summed
from underwatch.results import folder as store
from underwatch.results.parquet import column

DAYS = np.datetime64("2014-06-14") + np.arange(3)


def tallies(days: int = 3) -> Tallies:
    counts = np.arange(2 * 4, dtype=np.int64).reshape(2, 4)
    levels = np.where(counts % 3 == 0, np.nan, counts / 7)
    return Tallies(
        {
            "posts": Variable(("day",), np.arange(days), {"units": "acts", "days_apart": 7}),
            "posts_by_month": Variable(("month", "group"), counts, {"units": "acts"}),
            "trust_by_month": Variable(("month", "group"), levels, {"units": "−1 to 1"}),
            "class_moves": Variable(("year", "group"), np.zeros((0, 4), np.int64), {}),
            "assortativity": Variable((), np.array(np.nan), {"long_name": "correlation"}),
        },
        {
            "day": Variable(("day",), DAYS[:days], {"long_name": "day"}),
            "month": Variable(("month",), DAYS[[0, 2]], {"long_name": "month"}),
            "group": Variable(("group",), np.array([*"ABC", "Δ"]), {}),
            "year": Variable(("year",), np.arange(0), {}),
        },
        {"title": "a nation – invented", "scenario_hash": "0" * 64},
    )


def held(path) -> list:
    """All that a file of NetCDF holds, in its order."""
    with netCDF4.Dataset(path) as file:
        file.set_auto_maskandscale(False)
        found = [{name: len(dim) for name, dim in file.dimensions.items()}, repr(file.__dict__)]
        for name, one in file.variables.items():
            values = one[...]
            raw = values.tolist() if values.dtype.kind == "O" else values.tobytes()
            found.append((name, one.dtype, one.dimensions, one.filters(), one.chunking(),
                          repr(one.__dict__), raw))  # fmt: skip
    return found


@pytest.mark.parametrize("days", [1, 3])
def test_a_file_of_tallies_is_the_one_that_xarray_writes(tmp_path, days):
    made = tallies(days)
    store.write_netcdf(tmp_path / "plain.nc", made)
    store.write_netcdf(tmp_path / "xarray.nc", made.to_xarray())
    assert held(tmp_path / "plain.nc") == held(tmp_path / "xarray.nc")


def test_a_sum_over_dimensions_is_that_of_xarray():
    made = tallies()
    dataset = made.to_xarray()
    for name in ("posts_by_month", "trust_by_month"):
        assert (summed(made[name], "group") == dataset[name].sum("month").values).all()
        turned = summed(made[name], "group", "month", skip_missing=False)
        assert np.array_equal(turned, dataset[name].values.T, equal_nan=True)


def test_a_column_is_what_arrow_makes_of_an_array():
    numbers = np.arange(-4, 9)
    for values in (numbers, numbers.astype(np.float32), numbers.astype(np.uint8), numbers % 3 == 0,
                   DAYS, np.array(["a", "", "Δ"], object), numbers[::2], numbers[:0]):  # fmt: skip
        expected = pa.array(values)
        found = column(values)
        found.validate(full=True)
        assert found.type == expected.type and found.equals(expected)
    missing = numbers % 5 == 0
    assert column(numbers, missing).equals(pa.array(numbers, mask=missing))


def test_no_run_needs_xarray_or_pandas_to_be_written():
    code = """
import sys
import netCDF4, pyarrow as pa, numpy as np
import underwatch.cli.run, underwatch.report.page, underwatch.results.people
import underwatch.results.run_result, underwatch.results.tables
from underwatch.results.netcdf import write_tallies
from underwatch.results.parquet import column, write_parquet
made = [column(np.array([*"ab"])), pa.DictionaryArray.from_arrays(column(np.arange(2)), column(np.array([*"ab"])))]
write_parquet(sys.argv[1], pa.Table.from_arrays(made, names=["a", "b"]))
print([name for name in ("xarray", "pandas", "altair") if name in sys.modules])
"""  # noqa: E501
    done = subprocess.run(
        [sys.executable, "-c", code, "/dev/null"], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
