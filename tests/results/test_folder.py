"""A result folder is written whole or not at all, and a change to it is always noticed."""

import os
import resource
import subprocess
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
import xarray as xr

from helpers.records import run_record
from underwatch.errors import UserError
from underwatch.measurement.tallies import Tallies, Variable
from underwatch.results import contents
from underwatch.results import folder as store
from underwatch.results.parquet import read_parquet, schema, write_parquet
from underwatch.storage import folders

PROVENANCE = run_record()


def tallies() -> xr.Dataset:
    first = np.datetime64("2014-06-14", "s")
    days = first + np.arange(40) * np.timedelta64(86400, "s")
    counts = np.random.default_rng(1).poisson(3, (2, 4)).astype(np.int64)
    return xr.Dataset(
        {
            "posts": ("day", np.arange(40) * 3, {"units": "acts", "long_name": "posts written"}),
            "appeal_days": ("day", np.arange(40), {"units": "days", "long_name": "days waited"}),
            "posts_by_month": (
                ("month", "group"), counts, {"units": "acts", "long_name": "posts by stratum"},
            ),
        },
        coords={"day": days, "month": days[[0, 20]], "group": list("ABCD")},
    )  # fmt: skip


def panel() -> pa.Table:
    return pa.table({"person": [1, 1, 2], "true_cause": ["own", "none", "own"]})


def written(folder: Path, **more) -> Path:
    parts = {"panel": panel(), "report": "<!DOCTYPE html>", **more}
    store.save(folder, PROVENANCE, tallies(), **parts)
    return folder


def message(folder: Path) -> str:
    with pytest.raises(UserError) as caught:
        contents.load(folder)
    return str(caught.value)


def test_what_is_read_back_equals_what_was_written(tmp_path):
    run = contents.load(written(tmp_path / "run"))
    assert run.provenance == PROVENANCE
    assert read_parquet(tmp_path / "run" / store.PANEL).equals(panel())
    found = store.read_netcdf(tmp_path / "run" / store.TALLIES)
    assert found.identical(tallies())
    assert found["appeal_days"].dtype == np.int64  # counts of days are not time spans
    assert all({"units", "long_name"} <= set(v.attrs) for v in found.data_vars.values())


def test_the_manifest_satisfies_sha256sum_and_names_every_other_file(tmp_path):
    folder = written(tmp_path / "run")
    subprocess.run(["sha256sum", "--check", "--strict", store.MANIFEST], cwd=folder, check=True)
    lines = (folder / store.MANIFEST).read_text().splitlines()[1:]
    named = {line.split("  ")[1] for line in lines}
    assert named == {path.name for path in folder.iterdir()} - {store.MANIFEST}
    assert named == {"run.json", "tallies.nc", "panel.parquet", "report.html"}


def test_a_run_that_followed_nobody_has_no_panel(tmp_path):
    folder = written(tmp_path / "run", panel=None, report=None)
    assert contents.load(folder).panel is None
    with pytest.raises(UserError, match="tallies.nc has no tally"):
        contents.load(folder).tallies  # noqa: B018
    assert not (folder / store.REPORT).exists()


@pytest.mark.parametrize("name", [store.RUN, store.TALLIES, store.PANEL, store.REPORT])
def test_one_flipped_bit_is_noticed(tmp_path, name):
    path = written(tmp_path / "run") / name
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    assert f"{path} has changed since the run was written" in message(path.parent)


def test_every_missing_and_every_changed_file_is_named_at_once(tmp_path):
    folder = written(tmp_path / "run")
    (folder / store.PANEL).unlink()
    (folder / store.RUN).write_text("{}")
    assert len(message(folder).splitlines()) == 2
    assert f"{folder / store.PANEL} is missing" in message(folder)


def test_a_folder_without_its_manifest_is_not_a_run(tmp_path):
    folder = written(tmp_path / "run")
    (folder / store.MANIFEST).unlink()
    assert not store.is_run(folder)
    assert "is not a run: it has no MANIFEST.sha256" in message(folder)
    assert "does not exist" in message(tmp_path / "nowhere")


@pytest.mark.parametrize("module, fails", [
    (store, "write_netcdf"), (store, "write_parquet"), (os, "rename"),
    (folders, "hash_files"), (folders, "seal"), (folders, "sync"),
])  # fmt: skip
def test_a_failure_leaves_nothing_behind(tmp_path, monkeypatch, module, fails):
    def broken(*_):
        raise OSError("no space left")

    monkeypatch.setattr(module, fails, broken)
    with pytest.raises(OSError):
        written(tmp_path / "runs" / "run")
    assert list((tmp_path / "runs").iterdir()) == []


def test_a_run_is_never_overwritten(tmp_path):
    folder = written(tmp_path / "run")
    before = (folder / store.MANIFEST).read_bytes()
    with pytest.raises(UserError, match="a run is never overwritten; choose another name"):
        written(folder, report="another")
    assert (folder / store.MANIFEST).read_bytes() == before


def test_a_folder_is_called_what_it_holds(tmp_path):
    for kind, noun in (("sweep", "a study"), ("replicates", "an ensemble"), ("run", "a run")):
        folder = tmp_path / kind
        with store.whole(folder) as part:
            store.write_json(part / store.RUN, {"kind": kind})
        with pytest.raises(UserError, match=f"already holds {noun}, and {noun} is never"):
            store.check_writable(folder)
        (folder / "more.txt").touch()
        with pytest.raises(UserError, match=f"is not part of this {noun.split()[1]}; move"):
            store.load_provenance(folder)


def test_a_foreign_folder_is_refused_and_an_empty_one_is_filled(tmp_path):
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "mine.txt").write_text("mine")
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere")
    for name in ("notes", "dangling"):
        with pytest.raises(UserError, match="already exists and is not a run"):
            written(tmp_path / name)
    (tmp_path / "empty").mkdir()
    assert store.is_run(written(tmp_path / "empty"))


def test_a_fresh_folder_is_the_first_free_name(tmp_path):
    assert store.fresh_folder(tmp_path, "run") == tmp_path / "run"
    (tmp_path / "run").mkdir()
    (tmp_path / "run-2").mkdir()
    assert store.fresh_folder(tmp_path, "run") == tmp_path / "run-3"


@pytest.mark.parametrize("name", [".", "/", "", "..", "a/.."])
def test_a_path_that_names_no_new_folder_is_refused(name):
    with pytest.raises(UserError, match="does not name a new folder"):
        store.check_writable(Path(name))


def test_a_folder_that_cannot_be_written_is_refused_in_a_sentence_and_nothing_is_left(tmp_path):
    (tmp_path / "file").touch()
    for name in ("file/run", "n" * 245, "n" * 300, "x\0y"):
        with pytest.raises(UserError, match="cannot be written"):
            store.check_writable(tmp_path / name)
    store.check_writable(tmp_path / "new" / "deep" / "run")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_provenance_that_is_no_json_object_is_refused(tmp_path):
    for name, text in {"deep": "[" * 100_000, "number": "3", "cut": "{"}.items():
        folder = tmp_path / name
        with store.whole(folder) as part:
            (part / store.RUN).write_text(text)
        with pytest.raises(UserError, match="is not the provenance of a result"):
            store.load_provenance(folder)


def test_tables_of_one_seed_and_of_five_are_read_together(tmp_path):
    columns = schema(measure="str", low="float", seeds="int", sets="str[]")
    one = [{"measure": "posts", "low": None, "seeds": 1, "sets": []}]
    five = [{"measure": "posts", "low": 0.5, "seeds": 5, "sets": ["wall"]}]
    for name, rows in (("one", one), ("five", five), ("none", [])):
        write_parquet(tmp_path / f"{name}.parquet", rows, columns)
    read = [read_parquet(tmp_path / f"{name}.parquet") for name in ("one", "five", "none")]
    assert pa.concat_tables(read).to_pylist() == one + five
    with pytest.raises(ValueError, match="not in the schema"):
        write_parquet(tmp_path / "x.parquet", [{"mesure": "posts"}], columns)


def test_columns_that_never_fall_are_stored_as_differences_and_read_back(tmp_path):
    numbers = np.arange(100_000, dtype=np.uint32)
    table = pa.table({"citizen": numbers, "age": (numbers % 90).astype(np.uint8)})
    sizes = {}
    for name, ascending in (("plain", ()), ("differences", ("citizen",))):
        path = tmp_path / name
        write_parquet(path, table, ascending=ascending)
        assert read_parquet(path).equals(table)
        sizes[name] = path.stat().st_size
    assert sizes["differences"] < 0.3 * sizes["plain"]


def plain_tallies() -> Tallies:
    many = np.random.default_rng(1).random((100, 100))
    return Tallies({"many": Variable(("a", "b"), many, {})}, {}, {})


@pytest.mark.parametrize("table", [tallies(), plain_tallies()], ids=["xarray", "plain"])
def test_a_table_that_the_library_cannot_write_is_an_error_of_the_disk(tmp_path, table):
    """As on a full disk, where NetCDF gives no more than "HDF error"."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, before[1]))
    try:
        with pytest.raises(OSError, match="error|space") as caught:
            store.write_netcdf(tmp_path / "x.nc", table)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert caught.value.filename == str(tmp_path / "x.nc")


def test_a_name_that_is_taken_while_a_run_is_written_is_refused_and_kept(tmp_path):
    with pytest.raises(UserError, match="already exists and is not a run"):
        with store.whole(tmp_path / "run") as part:
            (part / "x").touch()
            (tmp_path / "run").mkdir()
            (tmp_path / "run" / "precious.txt").touch()
    assert [path.name for path in tmp_path.rglob("*")] == ["run", "precious.txt"]
