"""A picture, a table or a page is a file of its own: whole, and never inside a result."""

import pytest

from helpers.records import run_record
from underwatch.errors import UserError
from underwatch.results import folder as store
from underwatch.results.base import write_page
from underwatch.results.single_file import check_new_file, write_file
from underwatch.storage import check_folder


def test_no_file_is_written_into_a_result_folder(tmp_path):
    with store.whole(tmp_path / "run") as part:
        store.write_json(part / store.RUN, run_record())
    for name in ("run/x.svg", "run/run.json", "run/new/x.svg"):
        with pytest.raises(UserError, match="lies in the result folder"):
            check_new_file(tmp_path / name, "--picture", ".svg" if "svg" in name else ".json")
        with pytest.raises(UserError, match="lies in the result folder"):
            write_page("<html>", tmp_path / name)
    check_folder(tmp_path / "run")


@pytest.mark.parametrize("name, sentence", [
    ("taken.svg", "already exists"), ("dangling.svg", "already exists"),
    ("nowhere/x.svg", "is not a folder"), ("taken.svg/x.svg", "is not a folder"),
    ("x" * 300 + ".svg", "cannot be written"), ("a\0b.svg", "cannot be written"),
    ("x.png", "write --picture x.svg"), ("", "write --picture"),
])  # fmt: skip
def test_a_file_that_cannot_be_written_is_refused_before_any_work(tmp_path, name, sentence):
    (tmp_path / "taken.svg").write_text("mine")
    (tmp_path / "dangling.svg").symlink_to("nowhere")
    with pytest.raises(UserError, match=sentence):
        check_new_file(tmp_path / name, "--picture", ".svg")
    assert (tmp_path / "taken.svg").read_text() == "mine"


def test_a_file_is_checked_without_a_trace_and_then_written_once(tmp_path):
    path = tmp_path / "new.csv"
    check_new_file(path, "--csv")
    assert not any(tmp_path.iterdir())
    write_file(path, "a,b", "--csv")
    with pytest.raises(UserError, match="--csv .* already exists"):
        write_file(path, "c,d", "--csv")
    assert path.read_text() == "a,b"
