"""`assess` and `new assessment` at the console: refused before any work, or true to the end."""

import errno

import pytest

from helpers.assessed import station
from helpers.command import underwatch
from underwatch.assessments import assessing
from underwatch.assessments.assessment import Assessment
from underwatch.results.held_folder import held_folder

FILES = ("--export", "atrs", "--document", "own.html")


@pytest.fixture
def at_once(monkeypatch):
    """An assessment that takes no time."""
    monkeypatch.setattr(assessing, "assess", lambda *_, **__: Assessment(station()))


@pytest.fixture
def never(monkeypatch):
    """Nothing may be simulated."""
    monkeypatch.setattr(assessing, "assess", lambda *_, **__: pytest.fail("it began to work"))


def test_a_folder_that_another_process_will_write_is_refused_at_once(tmp_path, never):
    with held_folder(tmp_path / "out", "station"):
        done = underwatch("assess", "station", "--out", "out", cwd=tmp_path)
    assert done.returncode == 2 and "out is in use by process " in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_two_without_a_name_that_begin_together_have_folders_of_their_own(tmp_path):
    with held_folder(None, "x", tmp_path / "runs") as one:
        with held_folder(None, "x", tmp_path / "runs") as two:
            assert (one.name, two.name) == ("x", "x-2")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "words, sentence",
    [
        (("--document", "mine.docx"), "mine.docx already exists; choose another file"),
        (("--document", "no/mine.docx"), "no is not a folder"),
        (("--out", "kept", "--document", "kept/mine.html"), "kept already exists and is not"),
    ],
)
def test_what_cannot_be_written_is_refused_before_the_work(tmp_path, never, words, sentence):
    (tmp_path / "mine.docx").write_text("edited by hand")
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / "file").write_text("mine")
    done = underwatch("assess", "station", *words, cwd=tmp_path)
    assert done.returncode == 2 and sentence in done.stderr
    assert (tmp_path / "mine.docx").read_text() == "edited by hand"


def test_an_export_takes_a_new_name_where_somebody_has_filled_one_in(tmp_path, at_once):
    (tmp_path / "station-atrs.md").write_text("filled in")
    done = underwatch("assess", "station", "--out", "out", *FILES, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "Wrote own.html." in done.stderr and "Wrote station-atrs-2.md: A draft" in done.stderr
    assert (tmp_path / "station-atrs.md").read_text() == "filled in"


def test_on_a_full_disk_the_findings_are_printed_and_what_is_kept_is_said(
    tmp_path, at_once, monkeypatch
):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Assessment, "save", full)
    done = underwatch("assess", "station", "--out", "out", *FILES, cwd=tmp_path)
    assert done.returncode == 2 and station().findings[0].sentence[:40] in done.stdout
    assert "out cannot be written (No space left on device). The assessment is not kept in a" in (
        done.stderr
    )
    assert (tmp_path / "own.html").exists() and (tmp_path / "station-atrs.md").exists()


def test_ctrl_c_leaves_nothing_and_says_so(tmp_path, monkeypatch):
    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(assessing, "assess", interrupted)
    done = underwatch("assess", "station", cwd=tmp_path)
    assert (done.returncode, done.stderr.split("\n")[-2:]) == (
        130, ["Interrupted. Nothing is kept.", ""],
    )  # fmt: skip
    assert list(tmp_path.iterdir()) == []


def test_questions_are_asked_only_where_the_file_can_be_written(tmp_path, monkeypatch):
    def interrupted(_):
        raise KeyboardInterrupt

    monkeypatch.setattr("builtins.input", interrupted)
    done = underwatch("new", "assessment", "mine.yaml", cwd=tmp_path)
    assert done.returncode == 130 and "Interrupted. No file is written." in done.stderr
    assert list(tmp_path.iterdir()) == []
    done = underwatch("new", "assessment", "no/mine.yaml", cwd=tmp_path)
    assert done.returncode == 2 and "no is not a folder" in done.stderr
