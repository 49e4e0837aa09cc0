"""A run on the command line that is ended from outside: a true sentence, and `resume`."""

import json
import os
import signal
import subprocess
import sys
import time

import underwatch as uw

LONG = ["run", "unwatched", "--citizens", "30000", "--days", "900", "--out", "a", "--json"]


def started(words, cwd):
    return subprocess.Popen(
        [sys.executable, "-m", "underwatch", *words], cwd=cwd, stderr=subprocess.PIPE,
        stdout=subprocess.PIPE, text=True, env=os.environ | {"COLUMNS": "100"},
        # A shell may start its children with Ctrl-C ignored.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )  # fmt: skip


def signalled(number, after, words, cwd):
    """(exit code, what was printed on standard error) of a run that gets a signal."""
    process = started(words, cwd)
    for line in process.stderr:
        if line.startswith(after):
            break
    process.send_signal(number)
    _, printed = process.communicate()
    assert "Traceback" not in printed
    return process.returncode, printed


def test_a_run_that_a_signal_ends_is_completed_by_resume(tmp_path):
    words = [*LONG, "--checkpoint-minutes", "0.001"]
    process = started(words, tmp_path)
    while not list(tmp_path.glob("a/checkpoint/day-*")) and process.poll() is None:
        time.sleep(0.01)
    process.send_signal(signal.SIGTERM)
    printed, code = process.communicate()[1], process.returncode
    assert "Traceback" not in printed
    assert code == 143 and "to resume: underwatch resume a" in printed
    assert os.listdir(tmp_path / "a") == ["checkpoint"]
    process = started(["resume", "a", "--json"], tmp_path)
    printed, complaints = process.communicate()
    assert process.returncode == 0 and "resuming from day" in complaints
    whole = uw.run("unwatched", citizens=30_000, days=900)
    assert json.loads(printed.splitlines()[-1])["state_hash"] == whole.state_hash
    assert uw.load(tmp_path / "a").provenance["command"] == ["underwatch", *words]


def test_ctrl_c_before_the_first_day_leaves_nothing(tmp_path):
    code, printed = signalled(signal.SIGINT, "generating", LONG, tmp_path)
    assert code == 130 and "Interrupted; nothing of the run is kept." in printed
    assert os.listdir(tmp_path) == []


def test_killed_at_random_moments_a_run_resumes_to_the_same_bits(tmp_path):
    words = ["--times", "3", "--citizens", "5000", "--days", "300", "--checkpoint-minutes", "5e-4"]
    done = subprocess.run(
        [sys.executable, "-m", "tests.harness.crash", *words], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "3 trials; 0 failed" in done.stdout and "resumed from a checkpoint" in done.stdout
