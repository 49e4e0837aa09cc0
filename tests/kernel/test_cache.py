"""Compiled code is kept on disk for the next process, and only what is ours and intact is used."""

import os
import pickle

import numpy as np
import pytest

from underwatch.kernel import cache
from underwatch.kernel.compile import serial
from underwatch.storage import private


def double(values):
    total = 0
    for value in values:
        total += 2 * value
    return total


@pytest.fixture(autouse=True)
def unreported(monkeypatch):
    """The next note is the first of this process; afterwards all is as before."""
    monkeypatch.setenv(private._REPORTED, "")
    monkeypatch.delenv(private._REPORTED)


@pytest.fixture
def kept(tmp_path):
    """The file of a function that was compiled once."""
    assert serial(double, str(tmp_path / "cache"))(np.arange(4)) == 12
    (path,) = (tmp_path / "cache").iterdir()
    return path


def hits(folder) -> int:
    """How often the next process finds its function in the cache, which gives the right result."""
    function = serial(double, str(folder))
    assert function(np.arange(4)) == 12
    return sum(function.stats.cache_hits.values())


def test_the_next_process_compiles_nothing(kept):
    assert hits(kept.parent) == 1


def halved(n):
    if n % 2:
        raise ValueError("an odd number", n)
    return np.full(3, n // 2).sum() // 3


def test_of_loaded_code_only_what_it_mentions_is_kept_and_it_still_fails_in_words(tmp_path):
    for found in (0, 1):  # in the cache
        function = serial(halved, str(tmp_path))
        assert function(8) == 4 and sum(function.stats.cache_hits.values()) == found
        with pytest.raises(ValueError, match="an odd number.*7"):
            function(7)
    (path,) = tmp_path.iterdir()
    kept, _ = pickle.loads(private.read_checked(path))
    assert [each.env_name for each in pickle.loads(kept)[-1]] == [
        next(iter(function.overloads.values())).fndesc.env_name
    ]


def test_loaded_code_can_be_linked_to_a_function_that_is_compiled_later(kept):
    loaded = serial(double, str(kept.parent))
    assert loaded(np.arange(4)) == 12 and sum(loaded.stats.cache_hits.values()) == 1

    def more(values):
        return loaded(values) + 1

    assert serial(more, "")(np.arange(4)) == 13


def other_owner(path):
    if os.geteuid() != 0:
        pytest.skip("only root can give a file away")
    os.chown(path, 12345, 12345)


def a_link(path):
    path.rename(path.with_suffix(".moved"))
    path.symlink_to(path.with_suffix(".moved"))


@pytest.mark.parametrize("harm, why", [
    (lambda path: path.write_bytes(b""), "is damaged"),
    (lambda path: path.write_bytes(path.read_bytes()[:-1]), "is damaged"),
    (lambda path: path.write_bytes(path.read_bytes() + b"."), "is damaged"),
    (lambda path: path.write_bytes(b"not compiled code"), "is damaged"),
    (other_owner, "belongs to another user"),
    (lambda path: path.chmod(0o666), "can be written by other users"),
    (a_link, "cannot be read"),
    (lambda path: (path.unlink(), os.mkfifo(path)), "is not a file"),
])  # fmt: skip
def test_a_file_that_is_not_ours_or_not_intact_is_replaced_and_said_once(kept, harm, why, capfd):
    harm(kept)
    assert hits(kept.parent) == 0
    assert hits(kept.parent) == 1
    printed = capfd.readouterr().err
    assert why in printed and printed.count("\n") == 1 and str(kept) in printed


def test_any_flipped_bit_is_noticed_before_anything_is_unpickled(kept):
    whole = kept.read_bytes()
    for place in {*range(0, len(whole), 97), len(whole) - 1}:
        damaged = bytearray(whole)
        damaged[place] ^= 1 << place % 8
        kept.write_bytes(damaged)
        with pytest.raises(private.Unusable, match="is damaged"):
            private.read_checked(kept)


@pytest.mark.parametrize("fails", ["mkdir", "write_whole"])
def test_a_full_disk_costs_the_cache_and_no_result(tmp_path, monkeypatch, capfd, fails):
    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(*((cache.Path, fails) if fails == "mkdir" else (cache, fails)), full)
    assert hits(tmp_path / "cache") == 0
    assert "cannot be kept" in capfd.readouterr().err


def test_a_folder_of_somebody_else_is_never_used(tmp_path, capfd):
    (tmp_path / "open" / "underwatch").mkdir(parents=True)
    (tmp_path / "open" / "underwatch").chmod(0o777)
    (tmp_path / "file").touch()
    found = private.private_folder([None, tmp_path / "open", tmp_path / "file", tmp_path], "x")
    assert found == str(tmp_path / "underwatch" / "x")
    assert (tmp_path / "underwatch" / "x").stat().st_mode & 0o077 == 0
    assert "can be written by other users" in capfd.readouterr().err
    if os.geteuid() == 0:
        os.chown(tmp_path / "underwatch" / "x", 12345, 12345)
        assert private.private_folder([tmp_path], "x") == ""
        (tmp_path / "l").mkdir()
        (tmp_path / "l" / "underwatch").symlink_to(tmp_path / "underwatch")
        os.chown(tmp_path / "l" / "underwatch", 12345, 12345, follow_symlinks=False)
        assert private.private_folder([tmp_path / "l"], "y") == ""
