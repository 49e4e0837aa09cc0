"""Small versions of the trials in tests/harness: damage on disk, faults of the disk, odd input."""

import pytest
from tests.harness import corrupt, faults, fuzz
from tests.harness.prefork import Server


@pytest.mark.parametrize(
    "kind, times", [("run", 24), ("cache", 8), ("checkpoint", 16), ("ledger", 24)]
)
def test_damage_on_disk_is_named_or_the_last_good_one_is_used(kind, times):
    for _, damage, outcome, remark in corrupt.trials(times, seed=1, kinds=[kind]):
        assert outcome != corrupt.MISSED, f"{damage}: {remark}"


@pytest.fixture(scope="module")
def server():
    with Server() as server:
        yield server


@pytest.mark.parametrize(
    "fault", [("once", "EIO", "settings.json"), ("lasting", "ENOSPC", "codebook.csv")]
)
def test_a_fault_of_the_disk_ends_a_run_in_a_sentence_and_leaves_nothing_half_written(
    tmp_path, server, fault
):
    injected = ["tests.harness.injected", *fault]
    code, err, broken = faults.trial(faults.COMMANDS["run"], tmp_path, injected, server)
    assert code == 2 and not broken, (code, err, broken)


@pytest.mark.parametrize("trials, times", [(fuzz.documents, 40), (fuzz.commands, 40)])
def test_malformed_input_is_refused_in_a_sentence(trials, times):
    for case, outcome, remark in trials(times, seed=2):
        assert outcome not in fuzz.BAD, (case, outcome, remark)
