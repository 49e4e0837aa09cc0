"""The ledger of a study: whole or not at all, nothing damaged believed, one process at a time."""

import sqlite3
import subprocess
import sys

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

from underwatch.errors import UserError
from underwatch.results.ledger import FILE, Ledger, discard, entries, facts
from underwatch.results.ledger_rows import digest
from underwatch.results.records import decode, encode

plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.floats(allow_nan=False),
    lambda inner: (
        st.lists(inner)
        | st.dictionaries(st.text() | st.integers(), inner)
        | st.tuples(inner, inner)
    ),
    max_leaves=8,
)


@given(plain)
def test_a_value_is_read_back_as_it_was_written(value):
    assert decode(encode(value)) == value


def test_arrays_and_datasets_are_read_back_to_the_bit_and_objects_are_refused():
    table = xr.Dataset(
        {"a": ("day", np.arange(3, dtype=np.uint8), {"units": "acts"}), "b": ((), np.nan)},
        {"day": np.array(["2018-01-01", "2018-01-02", "2018-01-03"], "datetime64[D]"),
         "group": ("group", ["A", "Bé"])},
        {"title": "T"},
    )  # fmt: skip
    assert decode(encode(table)).identical(table)
    assert np.isnan(decode(encode({"x": (float("nan"), float("-inf"))}))["x"][0])
    for wrong in (object(), np.array([object()]), {1, 2}):
        with pytest.raises(TypeError, match="cannot be kept"):
            encode(wrong)
    for data in (b"", b"PK\3\4", encode(1)[:-9], encode(1).replace(b"value", b"valve")):
        with pytest.raises(ValueError, match="record"):
            decode(data)


def filled(folder, study="s", code="c", runs=40):
    with Ledger(folder, study, code, {"citizens": 7}) as ledger:
        for k in range(runs):
            ledger.put(f"run {k}", {"value": k, "array": np.full(50, k)})
        ledger.put_all({}, {"bad": "It failed."})


def test_what_is_put_is_there_for_the_next_process_and_readable_meanwhile(tmp_path):
    folder = tmp_path / ".x.partial"
    filled(folder)
    with Ledger(folder, "s", "c") as ledger:
        assert ledger.get("run 3").content["value"] == 3 and ledger.get("run 99") is None
        assert ledger.get("bad").failed and ledger.get("bad").message == "It failed."
        ledger.put("run 99", 1)
        assert entries(folder)["run 99"].content == 1  # read while another holds the lock
    assert facts(folder)["about"] == {"citizens": 7}
    (folder / "mine.txt").touch()
    discard(folder)
    assert [path.name for path in folder.iterdir()] == ["mine.txt"]


def test_another_study_other_code_another_process_and_a_folder_of_something_else_are_refused(
    tmp_path,
):
    filled(tmp_path / "a", runs=1)
    with pytest.raises(UserError, match="with other scenarios"):
        Ledger(tmp_path / "a", "t", "c").__enter__()
    with pytest.raises(UserError, match="another version of the code"):
        Ledger(tmp_path / "a", "s", "d").__enter__()
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "notes.txt").touch()
    with pytest.raises(UserError, match="are not partial results"):
        Ledger(tmp_path / "b", "s", "c").__enter__()
    script = (
        "import sys; from underwatch.results.ledger import Ledger; "
        "Ledger(sys.argv[1], 's', 'c').__enter__(); print(1, flush=True); sys.stdin.read()"
    )
    child = subprocess.Popen([sys.executable, "-c", script, tmp_path / "a"], text=True,
                             stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # fmt: skip
    with child:
        assert child.stdout.readline()
        with pytest.raises(UserError, match=f"in use by process {child.pid}"):
            Ledger(tmp_path / "a", "s", "c").__enter__()
        child.kill()
        child.wait()
        with Ledger(tmp_path / "a", "s", "c") as ledger:  # a dead script's lock is taken over
            assert ledger.get("run 0")


@settings(max_examples=60)
@given(st.data())
def test_after_any_flipped_bit_every_entry_is_right_or_gone_and_what_is_gone_is_named(
    tmp_path_factory, data
):
    folder = tmp_path_factory.mktemp("ledger") / "x"
    filled(folder, runs=12)
    path = folder / FILE
    content = bytearray(path.read_bytes())
    place = data.draw(st.integers(0, 8 * len(content) - 1))
    content[place // 8] ^= 1 << place % 8
    path.write_bytes(content)
    with Ledger(folder, "s", "c") as ledger:
        found = {k: ledger.get(f"run {k}") for k in range(12)}
        for k, entry in found.items():
            assert entry is None or entry.content["value"] == k
            assert entry is None or (entry.content["array"] == k).all()
        gone = [k for k, entry in found.items() if entry is None]
        assert not gone or any("chang" in note or "damaged" in note for note in ledger.notes)
        for k in gone:
            ledger.put(f"run {k}", {"value": k, "array": np.full(50, k)})
    assert {e.content["value"] for e in entries(folder).values() if not e.failed} == {*range(12)}


def test_a_ledger_whose_tables_are_named_in_no_text_is_damaged_and_no_more(tmp_path):
    filled(tmp_path / "whole", runs=3)
    content = (tmp_path / "whole" / FILE).read_bytes()
    first = content.index(b"CREATE TABLE study")
    for place in range(first - 20, first + 40, 3):
        folder = tmp_path / str(place)
        folder.mkdir()
        bad = bytes([content[place] ^ 0x80])  # no longer ASCII, and alone no UTF-8
        (folder / FILE).write_bytes(content[:place] + bad + content[place + 1 :])
        with Ledger(folder, "s", "c") as ledger:
            assert ledger.notes and all(note.startswith(str(folder)) for note in ledger.notes)
            ledger.put("run 0", {"value": 0})
        assert entries(folder)["run 0"].content == {"value": 0}


def test_a_truncated_ledger_gives_back_what_is_left_and_an_empty_one_starts_anew(tmp_path):
    for share in (0.7, 0.3, 0.0):
        folder = tmp_path / str(share)
        filled(folder)
        data = (folder / FILE).read_bytes()
        (folder / FILE).write_bytes(data[: int(share * len(data))])
        with Ledger(folder, "s", "c") as ledger:
            kept = [k for k in range(40) if ledger.get(f"run {k}")]
            assert all(ledger.get(f"run {k}").content["value"] == k for k in kept)
            assert len(kept) < 40 and (ledger.notes or share == 0)
            ledger.put("run 0", {"value": 0})
        assert entries(folder)["run 0"].content == {"value": 0}


def test_a_disk_that_is_full_ends_in_a_sentence_and_what_was_kept_stays(tmp_path, monkeypatch):
    filled(tmp_path / "a", runs=3)
    with Ledger(tmp_path / "a", "s", "c") as ledger:
        ledger._db.execute("PRAGMA max_page_count=1")
        with pytest.raises(UserError, match="database or disk is full"):
            ledger.put("large", np.random.default_rng(1).integers(0, 255, 1 << 20, np.uint8))
    with Ledger(tmp_path / "a", "s", "c") as ledger:
        assert ledger.get("run 2") and ledger.get("large") is None


def test_a_ledger_runs_nothing_that_is_in_it(tmp_path):
    import pickle

    filled(tmp_path / "a", runs=1)
    db = sqlite3.connect(tmp_path / "a" / FILE)
    db.execute("UPDATE runs SET content = ?", (pickle.dumps(print),))
    db.commit()
    db.close()
    with Ledger(tmp_path / "a", "s", "c") as ledger:
        assert ledger.get("run 0") is None and "has changed" in ledger.notes[0]


def test_a_ledger_that_is_a_link_is_refused_and_what_it_points_to_is_untouched(tmp_path):
    other = tmp_path / "mine.sqlite"
    with sqlite3.connect(other) as db:
        db.execute("CREATE TABLE mine (x)")
    db.close()
    before = other.read_bytes()
    for name in (FILE, f"{FILE}-wal"):
        folder = tmp_path / f".{name}.partial"
        filled(folder, runs=1)
        (folder / name).unlink(missing_ok=True)
        (folder / name).symlink_to(other)
        with pytest.raises(UserError, match="is a link or no plain file"), Ledger(folder, "s"):
            pass
    assert other.read_bytes() == before
    assert [*tmp_path.glob("mine*")] == [other]


LATER = {
    "format": ("UPDATE study SET value = '2', sha256 = ? WHERE name = 'format'",
               (digest("format", "2"),)),
    "column": ("ALTER TABLE runs ADD COLUMN seconds REAL", ()),
    "table": ("CREATE TABLE notes (x)", ()),
}  # fmt: skip


@pytest.mark.parametrize("change", LATER)
def test_a_ledger_of_a_later_format_is_refused_in_a_sentence_and_never_touched(tmp_path, change):
    filled(tmp_path / "a", runs=2)
    path = tmp_path / "a" / FILE
    db = sqlite3.connect(path)
    db.execute(*LATER[change])
    db.commit()
    db.close()
    before = path.read_bytes()
    for reads in (Ledger(tmp_path / "a", "s", "c").__enter__, lambda: entries(tmp_path / "a")):
        with pytest.raises(UserError, match="in the format of a later version"):
            reads()
    assert path.read_bytes() == before
    assert not [*path.parent.glob("ledger.damaged*")]
