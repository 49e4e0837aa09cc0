"""A codebook names every column of a folder; a methods paragraph and a snippet reproduce it."""

import csv

import pyarrow.parquet as pq
import pytest
import xarray as xr

import underwatch as uw
from underwatch.report.methods import python_snippet

SIZE = {"citizens": 2000, "days": 30}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    place = tmp_path_factory.mktemp("codebook") / "run"
    with pytest.MonkeyPatch.context() as patch:  # charts take longer than this run
        patch.setattr("underwatch.report.page.begin", lambda *_: lambda *_: "<!DOCTYPE html>")
        uw.run("atlantic-2018", **SIZE, panel=3).save(place)
    return place


def test_every_column_of_every_file_has_a_unit_and_a_meaning_in_the_codebook(folder):
    with (folder / "codebook.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert all(row["unit"] and row["meaning"] and row["type"] for row in rows)
    found = {(row["file"], row["column"]) for row in rows}
    assert len(found) == len(rows)
    for name in ("people.parquet", "panel.parquet"):
        assert {c for f, c in found if f == name} == set(pq.read_schema(folder / name).names)
    with xr.open_dataset(folder / "tallies.nc") as tallies:
        assert {c for f, c in found if f == "tallies.nc"} == {*map(str, tallies.variables)}
    run = uw.load(folder)
    assert {f"summary.{name}.value" for name in run.summary} == {
        c for f, c in found if f == "run.json"
    }
    assert run.codebook() == (folder / "codebook.csv").read_text()


def test_the_snippet_of_a_page_simulates_the_run_of_its_folder_again(folder):
    snippet = python_snippet(uw.load(folder).provenance).replace("FOLDER", str(folder))
    assert "assert again.state_hash == found.state_hash" in snippet
    exec(snippet, {})


def test_the_methods_of_a_run_give_its_size_its_seed_and_its_hashes(folder):
    run = uw.load(folder)
    text = run.methods()
    for part in ("2,000 invented citizens", "30 days from 2014-06-14", "one seed (2018)",
                 run.scenario.hash, run.state_hash, uw.__version__,
                 "correspond to no real person"):  # fmt: skip
        assert part in text
