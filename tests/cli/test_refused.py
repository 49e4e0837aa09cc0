"""Command lines that cannot be done are refused in a sentence, before anything starts."""

import pytest
from tests.harness.fuzz import NONSENSE, REFUSED, judged_command, nothing_starts

SIZE = ("--citizens", "100", "--days", "5")
RUN = ("run", "unwatched", *SIZE)


@pytest.mark.parametrize("line, sentence", [
    ((*RUN, "--panel", "-1"), "panel is -1"),
    (("compare", "unwatched", "thaw", "--seeds", "2", "--seed", str(2**63 - 1)), "last seed"),
    (("run", "met-lfr", "--set", "first_day=2026-01-01"), "before first_day"),
    (("run", "unwatched", "--days", "3000000"), "days is 3,000,000"),
    (("run", "unwatched", "--days", "60000", "--set", "blacklist.days=20000"), "is too long"),
    ((*RUN, "--out", "."), "does not name a new folder"),
    ((*RUN, "--out", "/"), "does not name a new folder"),
    ((*RUN, "--out", ""), "does not name a new folder"),
    ((*RUN, "--out", "n" * 300), "cannot be written"),
    ((*RUN, "--out", "dangling"), "already exists"),
    ((*RUN, "--out", "taken.txt"), "already exists"),
    ((*RUN, "--out", "~nobody-here/x"), "a user who does not exist"),
    ((*RUN, "--set", "scoring.floor=5000"), "scoring.floor"),
    ((*RUN, "--set", "society.share_under_15=1", "--set", "society.share_over_60=1"), "together"),
    ((*RUN, "--set", "cameras.watch_list_gallery=1e30"), "cameras.watch_list_gallery"),
    (("attribute", "atlantic-2018", "--measure", "restricted", "--organs", ",", *SIZE), "organ"),
    (("show", "taken.txt"), "neither a result folder nor a scenario"),
    (("run", "atlantc-2018"), "did you mean atlantic-2018"),
])  # fmt: skip
def test_what_cannot_be_done_is_refused_in_a_sentence(tmp_path, monkeypatch, line, sentence):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "taken.txt").touch()
    (tmp_path / "dangling").symlink_to("nowhere")
    with nothing_starts():
        outcome, text = judged_command(line)
    assert outcome == REFUSED and sentence in text, (outcome, text)
    assert {path.name for path in tmp_path.iterdir()} == {"taken.txt", "dangling"}


def test_a_command_that_can_be_done_starts(tmp_path, monkeypatch):
    """Or else the trials above would prove nothing."""
    monkeypatch.chdir(tmp_path)
    with nothing_starts():
        assert judged_command(RUN)[0] == NONSENSE
