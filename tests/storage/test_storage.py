"""What is written is whole or not there, and what is read is as it was written."""

import os
from pathlib import Path

import pytest

from underwatch.errors import UserError
from underwatch.storage import MANIFEST, check_folder, folders, whole_folder, write_whole


def written(folder: Path) -> Path:
    with whole_folder(folder) as part:
        (part / "a.txt").write_text("first")
        (part / "inside").mkdir()
        (part / "inside" / "b.txt").write_text("second")
    return folder


def fault(folder: Path) -> str:
    with pytest.raises(UserError) as caught:
        check_folder(folder)
    return str(caught.value)


def test_an_unchanged_folder_passes_and_its_files_are_listed(tmp_path):
    assert sorted(check_folder(written(tmp_path / "x"))) == ["a.txt", "inside/b.txt"]
    assert [path.name for path in tmp_path.iterdir()] == ["x"]


@pytest.mark.parametrize("change, sentence", [
    (lambda x: (x / "a.txt").write_text("other"), "a.txt has changed"),
    (lambda x: (x / "a.txt").write_text(""), "a.txt has changed"),
    (lambda x: (x / "inside/b.txt").unlink(), "inside/b.txt is missing"),
    (lambda x: (x / "c.txt").touch(), "c.txt is not part of this folder"),
    (lambda x: os.mkfifo(x / "c"), "c is not part of this folder"),
    (lambda x: ((x / "a.txt").unlink(), os.mkfifo(x / "a.txt")), "a.txt is a link, a pipe"),
    (lambda x: ((x / "a.txt").unlink(), (x / "a.txt").symlink_to("inside/b.txt")), "is a link"),
    (lambda x: ((x / "inside").rename(x.parent / "y"), (x / "inside").symlink_to(x.parent / "y")),
     "inside/b.txt is missing"),
    (lambda x: (x / MANIFEST).write_text(""), f"{MANIFEST} is damaged"),
    (lambda x: (x / MANIFEST).unlink(), f"it has no {MANIFEST}"),
    (lambda x: ((x / MANIFEST).unlink(), (x / MANIFEST).mkdir()), f"{MANIFEST} is damaged"),
])  # fmt: skip
def test_every_change_to_a_folder_is_named(tmp_path, change, sentence):
    folder = written(tmp_path / "x")
    change(folder)
    assert sentence in fault(folder)


def test_any_flipped_bit_of_the_manifest_is_blamed_on_the_manifest_alone(tmp_path):
    folder = written(tmp_path / "x")
    whole = (folder / MANIFEST).read_bytes()
    for place in range(len(whole)):
        damaged = bytearray(whole)
        damaged[place] ^= 1 << place % 8
        (folder / MANIFEST).write_bytes(damaged)
        assert fault(folder) == f"{folder / MANIFEST} is damaged; restore it from a copy."
    for line in range(3):  # a lost line
        lines = whole.splitlines(keepends=True)
        del lines[line]
        (folder / MANIFEST).write_bytes(b"".join(lines))
        assert "is damaged" in fault(folder)


def test_a_manifest_with_a_path_out_of_the_folder_is_not_followed(tmp_path, monkeypatch):
    (tmp_path / "secret").write_text("secret")
    folder = written(tmp_path / "x")
    for name in ("../secret", str(tmp_path / "secret"), "inside/../../secret"):
        from underwatch.storage import hash_file, seal

        seal(folder, {name: hash_file(tmp_path / "secret")})
        assert "lies outside the folder" in fault(folder)


def test_a_file_is_written_whole_and_never_over_another(tmp_path, monkeypatch):
    path = tmp_path / "x"
    write_whole(path, b"first")
    with pytest.raises(FileExistsError):
        write_whole(path, b"second")
    write_whole(path, b"second", replace=True)
    assert path.read_bytes() == b"second"

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError):
        write_whole(path, b"third", replace=True)
    assert path.read_bytes() == b"second"
    assert [path.name for path in tmp_path.iterdir()] == ["x"]


def test_what_a_killed_writer_left_is_removed_and_nothing_else_is(tmp_path):
    code = folders._MINE
    left = tmp_path / f".x.part-{'0' * 16}"
    left.mkdir()
    (left / code).write_text(str(left.stat().st_ino))
    foreign = {".x.part-mine", f".x.part-{'1' * 16}", f".x.part-{'2' * 16}", f".y.part-{'3' * 16}"}
    for name in foreign:  # by a name like ours, or as a copy of a folder of ours
        (tmp_path / name).mkdir()
        (tmp_path / name / "precious.txt").touch()
    (tmp_path / f".x.part-{'2' * 16}" / code).write_text(str(left.stat().st_ino))
    with folders._part(tmp_path / "x") as running:
        written(tmp_path / "x")
        assert running.exists() and not left.exists()
    assert {path.name for path in tmp_path.iterdir()} == foreign | {"x"}
    assert all((tmp_path / name / "precious.txt").exists() for name in foreign)
