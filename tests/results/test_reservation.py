"""A run's folder: reserved before the first day, resumed after any end, complete after the last."""

import errno
import os
import shutil
from pathlib import Path

import numpy as np
import pytest

import underwatch as uw
from underwatch import storage
from underwatch.engine import checkpoint as engine_checkpoint
from underwatch.engine.checkpoint import Checkpoints
from underwatch.engine.simulation import Simulation
from underwatch.errors import UserError
from underwatch.results import folder as store
from underwatch.results import reservation
from underwatch.results.reservation import Reservation, reserved
from underwatch.results.run_result import Run
from underwatch.results.settings import settings_of
from underwatch.scenario import Scenario

SIZE = {"citizens": 2000, "days": 130, "panel": 50}
FILES = {"run.json", "tallies.nc", "people.parquet", "panel.parquet", "report.html",
         "codebook.csv", "MANIFEST.sha256"}  # fmt: skip


@pytest.fixture(scope="module")
def world():
    return Scenario.load("atlantic-2018", ["first_day=2020-01-02"])


@pytest.fixture(scope="module")
def whole(world, tmp_path_factory):
    """A run that was never interrupted, saved."""
    made = uw.run(world, **SIZE)
    made.save(tmp_path_factory.mktemp("whole") / "run")
    return made


@pytest.fixture(autouse=True)
def no_charts(monkeypatch):
    """Charts take longer than these runs."""
    monkeypatch.setattr("underwatch.report.page.begin", lambda *_: lambda *_: "<!DOCTYPE html>")


def interrupted(world, folder, day=70, **more):
    """A run that ended early, with a checkpoint after every stride."""

    def stop(step):
        if step.stage == "days" and step.done > day:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        uw.run(world, **SIZE, checkpoint=folder, checkpoint_minutes=1e-9, progress=stop, **more)
    assert len(Checkpoints(folder / "checkpoint").kept()) == 2
    return folder


def assert_complete(folder, whole):
    assert {path.name for path in folder.iterdir()} == FILES
    storage.check_folder(folder)
    assert uw.load(folder).state_hash == whole.state_hash


def test_a_run_that_ended_early_is_completed_from_its_folder_alone(world, whole, tmp_path):
    folder = interrupted(world, tmp_path / "run")
    made = uw.resume(folder, threads=1)
    assert_complete(folder, whole)
    assert made.simulation.days_here < SIZE["days"]
    assert made.tallies.identical(whole.tallies) and made.panel.equals(whole.panel)
    assert made.people.equals(whole.people)
    assert uw.load(folder).scenario == whole.scenario
    assert uw.resume(folder).state_hash == whole.state_hash  # a complete run is read


def test_a_run_is_kept_where_it_was_simulated_until_it_is_saved_there(world, whole, tmp_path):
    folder = tmp_path / "new" / "run"
    uw.run(world, **SIZE, checkpoint=folder)
    with pytest.raises(UserError, match="holds an interrupted run; `underwatch resume`"):
        uw.load(folder)
    with pytest.raises(UserError, match="holds an interrupted run, which `underwatch resume"):
        uw.run(world, citizens=10, days=1).save(folder)
    again = uw.run(world, **SIZE, checkpoint=folder)
    assert again.simulation.days_here == 0
    again.save(folder)
    assert_complete(folder, whole)
    with pytest.raises(UserError, match="already holds a run"):
        uw.run(world, **SIZE, checkpoint=folder)


def test_own_measures_survive_and_their_functions_are_asked_for(world, tmp_path):
    observing = {"observe": {"risk": lambda columns: columns.risk.mean()}}
    folder = interrupted(world, tmp_path / "run", **observing)
    with pytest.raises(UserError, match=r"own measures \(risk\), .* observe="):
        uw.resume(folder)
    with pytest.raises(UserError, match="differs in the functions of `observe`"):
        uw.resume(folder, observe={"risk": lambda columns: columns.risk.max()})
    uw.resume(folder, **observing)
    expected = uw.run(world, **SIZE, **observing).observations["risk"]
    assert uw.load(folder).observations["risk"].equals(expected)


def test_another_run_in_the_folder_is_refused_with_what_differs(world, tmp_path, monkeypatch):
    folder = interrupted(world, tmp_path / "run")
    for other, words in (
        ({"days": 120}, r"days \(130 there, 120 here\); go on with that"),
        ({"citizens": 2001}, r"citizens \(2,000 there, 2,001 here\)"),
        ({"seed": 3}, r"seed \(2,018 there, 3 here\)"),
        ({"panel": 51}, "panel"),
    ):
        with pytest.raises(UserError, match=f"interrupted run that differs in {words}"):
            uw.run(world, **SIZE | other, checkpoint=folder)
    with pytest.raises(UserError, match="differs in the scenario;"):
        uw.run("unwatched", **SIZE, checkpoint=folder)
    made_by = engine_checkpoint.made_by() | {"code": "0"}
    monkeypatch.setattr(engine_checkpoint, "made_by", lambda: made_by)
    with pytest.raises(UserError, match="cannot be resumed here: it differs in the code of Under"):
        uw.resume(folder)


@pytest.mark.parametrize("harm", ["flip", "truncate", "empty", "remove", "manifest"])
def test_a_damaged_checkpoint_is_named_and_the_one_before_it_is_used(
    world, whole, tmp_path, harm, recwarn
):
    folder = interrupted(world, tmp_path / "run")
    newest, before = Checkpoints(folder / "checkpoint").kept()
    damage(newest / ("MANIFEST.sha256" if harm == "manifest" else "state.npz"), harm)
    made = uw.resume(folder)
    assert "checkpoint is damaged and not used" in str(recwarn[0].message)
    assert str(newest) in str(recwarn[0].message)
    assert made.simulation.days_here == SIZE["days"] - int(before.name[4:])
    assert_complete(folder, whole)


def damage(path, harm):
    content = bytearray(path.read_bytes())
    if harm == "remove":
        path.unlink()
        return
    if harm in ("flip", "manifest"):
        content[len(content) // 2] ^= 1
    path.write_bytes({"empty": b"", "truncate": content[: len(content) // 2]}.get(harm, content))


def test_without_a_whole_checkpoint_a_run_starts_again_from_its_settings(
    world, whole, tmp_path, recwarn
):
    folder = interrupted(world, tmp_path / "run")
    for place in Checkpoints(folder / "checkpoint").kept():
        damage(place / "state.npz", "flip")
    made = uw.resume(folder)
    assert len(recwarn) == 2 and made.simulation.days_here == SIZE["days"]
    assert_complete(folder, whole)


def test_damaged_settings_are_taken_from_a_checkpoint_or_named(world, whole, tmp_path):
    folder = interrupted(world, tmp_path / "run")
    damage(folder / "checkpoint" / "settings" / "settings.json", "flip")
    other = shutil.copytree(folder, tmp_path / "other")
    uw.resume(folder)
    assert_complete(folder, whole)
    for place in Checkpoints(other / "checkpoint").kept():
        shutil.rmtree(place)
    with pytest.raises(UserError, match="settings.json has changed .* cannot be resumed"):
        uw.resume(other)


def test_a_second_run_to_one_folder_is_told_before_it_starts(world, tmp_path):
    settings = settings_of(world, **SIZE)
    with reserved(tmp_path / "run", settings):
        held = (tmp_path / "run" / "checkpoint" / "lock").read_text()
        assert f"process {os.getpid()} on " in held
        with pytest.raises(UserError, match=rf"in use by process {os.getpid()} on .*; wait"):
            uw.run(world, **SIZE, checkpoint=tmp_path / "run")
        with pytest.raises(UserError, match="in use by process"):
            uw.resume(tmp_path / "run")
    assert list(tmp_path.iterdir()) == []  # nothing was simulated, so nothing is left


def test_runs_without_a_name_that_start_together_have_folders_of_their_own(world, tmp_path):
    settings = settings_of(world, **SIZE)
    first = reservation.reserved_fresh(tmp_path / "runs", "x", settings, 5, print)
    second = reservation.reserved_fresh(tmp_path / "runs", "x", settings, 5, print)
    with first as a, second as b:
        assert (a.folder.name, b.folder.name) == ("x", "x-2")
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written_is_refused_and_left_as_it_is(world, tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr(Simulation, "run", lambda *_, **__: pytest.fail("a day was simulated"))
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere")
    (tmp_path / "file").write_text("mine")
    for name in ("notes", "theirs/checkpoint", "odd/checkpoint/settings", "odd"):
        (tmp_path / name).mkdir(parents=True, exist_ok=True)
        (tmp_path / name / "mine.txt").write_text("mine")
    before = sorted(tmp_path.rglob("*"))
    for place in (
        "dangling", "file", "file/x", "notes", "theirs", "odd", "x" * 240, "a\0b", "/proc/x/y",
        "/dev/null/x", ".", "/",
    ):  # fmt: skip
        with pytest.raises(UserError):
            uw.run(world, **SIZE, checkpoint=tmp_path / place)
        assert sorted(tmp_path.rglob("*")) == before, place
    with pytest.raises(UserError, match="notes already exists and is not a run"):
        uw.run(world, **SIZE, checkpoint="~/notes")


def test_a_full_disk_is_found_before_the_first_day(world, tmp_path, monkeypatch):
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=100_000))
    with pytest.raises(UserError, match="needs about . MB with its checkpoints, but 0 MB"):
        uw.run(world, **SIZE, checkpoint=tmp_path / "run")
    assert list(tmp_path.iterdir()) == []


def full(*_, **__):
    raise OSError(errno.ENOSPC, "No space left on device")


def test_a_checkpoint_that_cannot_be_written_does_not_stop_the_run(
    world, whole, tmp_path, monkeypatch
):
    monkeypatch.setattr(engine_checkpoint, "save_state", full)
    with pytest.warns(UserWarning, match=r"No checkpoint of day .* \(No space left on device\)"):
        made = uw.run(world, **SIZE, checkpoint=tmp_path / "run", checkpoint_minutes=1e-9)
    assert made.state_hash == whole.state_hash
    assert not list((tmp_path).rglob(".*"))


@pytest.mark.parametrize("error", [OSError(errno.EIO, "I/O error"), MemoryError(), UserError("no")])
def test_a_run_that_cannot_be_saved_is_kept_and_saved_later_without_a_day_more(
    world, whole, tmp_path, monkeypatch, error
):
    def broken(*_, **__):
        raise error

    folder, settings = tmp_path / "run", settings_of(world, **SIZE)
    with monkeypatch.context() as patched:
        patched.setattr(store, "write_netcdf", broken)
        with pytest.raises(UserError, match="The final state is kept; `underwatch resume .*run`"):
            with reserved(folder, settings) as place:
                place.complete(whole_again(world))
    assert not store.is_run(folder)
    monkeypatch.setattr(Simulation, "_stride", broken)
    uw.resume(folder)
    assert_complete(folder, whole)


def whole_again(world):
    return uw.run(world, **SIZE)


def test_a_writer_killed_at_any_step_of_completing_leaves_what_the_next_completes(
    world, whole, tmp_path, monkeypatch
):
    kept, saved = tmp_path / "kept", tmp_path / "saved"
    uw.run(world, **SIZE, checkpoint=kept)
    whole.save(saved)
    monkeypatch.setattr(Run, "_write", lambda _, folder, *more: copied(saved, folder))

    class Killed(BaseException):
        pass

    def dying(module, name):
        genuine = getattr(module, name)

        def step(*args, **options):
            left[0] -= 1
            if left[0] <= 0:  # and a killed process cleans nothing up
                raise Killed
            return genuine(*args, **options)

        return step

    for steps in range(1, 100):
        folder, left = shutil.copytree(kept, tmp_path / f"run-{steps}"), [steps]
        with monkeypatch.context() as patched:
            for module, name in ((os, "rename"), (os, "unlink"), (shutil, "rmtree"),
                                 (os, "rmdir"), (Path, "rename"), (Path, "unlink"),
                                 (Path, "rmdir")):  # fmt: skip
                patched.setattr(module, name, dying(module, name))
            try:
                whole_of(folder, whole)
                assert store.is_run(folder)
                break
            except Killed:
                pass
        result = folder / "checkpoint" / "result"
        if store.is_run(result):  # what has a manifest is whole, at every moment
            storage.check_folder(result)
        uw.resume(folder)
        assert_complete(folder, whole)
    assert steps > 10


def test_a_run_whose_files_cannot_all_move_up_is_completed_by_the_next_attempt(
    world, whole, tmp_path, monkeypatch
):
    folder, settings, genuine = tmp_path / "run", settings_of(world, **SIZE), Path.rename

    def full(path, target):
        if path.name == "run.json":
            raise OSError(errno.ENOSPC, "No space left on device", str(path))
        return genuine(path, target)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "rename", full)
        with pytest.raises(UserError, match="whole, but not yet in their places; `underwatch res"):
            with reserved(folder, settings) as place:
                place.complete(whole_again(world))
    assert not store.is_run(folder / "checkpoint" / "result")
    monkeypatch.setattr(Simulation, "_stride", full)
    uw.resume(folder)
    assert_complete(folder, whole)


def copied(saved, folder):
    """Write a run as fast as a copy can be written."""
    with store.whole(folder) as part:
        for path in saved.iterdir():
            if path.name != storage.MANIFEST:
                shutil.copy(path, part)


def whole_of(folder, whole):
    place = Reservation(folder, Checkpoints(folder / "checkpoint"), is_new=False)
    with storage.held_lock(folder / "checkpoint" / "lock", folder):
        place.complete(whole)


def test_a_strangers_file_in_a_reserved_folder_is_left_and_named(world, whole, tmp_path):
    folder = tmp_path / "run"
    uw.run(world, **SIZE, checkpoint=folder)
    place = Reservation(folder, Checkpoints(folder / "checkpoint"), is_new=False)
    (folder / "run.json").write_text("mine")
    with pytest.raises(UserError, match="run.json is not part of the run; .* is kept"):
        place.complete(whole)
    assert (folder / "run.json").read_text() == "mine"
    (folder / "run.json").unlink()
    uw.resume(folder)
    assert_complete(folder, whole)


@pytest.mark.parametrize("minutes", [-1, float("nan"), float("inf"), "5", None, True])
def test_minutes_between_checkpoints_are_a_number_from_zero_on(world, minutes):
    with pytest.raises(UserError, match="checkpoint_minutes is .* a number of minutes"):
        uw.run(world, **SIZE, checkpoint_minutes=minutes)


def test_no_more_than_one_checkpoint_lies_beside_the_newest_and_zero_minutes_means_none(
    world, tmp_path
):
    folder = tmp_path / "run"
    uw.run(world, **SIZE, checkpoint=folder, checkpoint_minutes=0)
    assert [path.name for path in Checkpoints(folder / "checkpoint").kept()] == ["day-00130"]
    with np.load(folder / "checkpoint" / "day-00130" / "state.npz", allow_pickle=False) as kept:
        assert all(kept[name].dtype != object for name in kept.files)
