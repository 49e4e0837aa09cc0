"""The command line as its users meet it."""

import json
import os
import signal
import subprocess
import sys

import pytest

from underwatch.measurement.summary import remembered
from underwatch.results import folder as store


def underwatch(*words, cwd):
    return subprocess.run(
        [sys.executable, "-m", "underwatch", *map(str, words)],
        cwd=cwd, capture_output=True, text=True, env=os.environ | {"COLUMNS": "100"},
    )  # fmt: skip


def test_help_names_the_commands_and_loads_no_heavy_library(tmp_path):
    code = (
        "import sys; sys.argv = ['underwatch', '--help']\n"
        "from underwatch import cli\n"
        "try: cli.app()\n"
        "except SystemExit: pass\n"
        "heavy = {'numpy', 'numba', 'xarray', 'pyarrow', 'pandas'}\n"
        "print('heavy:', sorted(heavy & set(sys.modules)))"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout
    for command in ("run", "scenarios", "schema", "show"):
        assert command in said
    assert "heavy: []" in said


def test_a_run_leaves_a_folder_that_can_be_shown_and_says_the_same_in_json(tmp_path):
    done = underwatch("run", "atlantic-2018", "--citizens", 3000, "--days", 40, "--json",
                      "--out", "here", cwd=tmp_path)  # fmt: skip
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout.splitlines()[-1])
    assert {"run", "citizens", "days", "seconds", "citizen_days_per_second", "state_hash",
            "scenario_hash", "summary"} <= set(said)  # fmt: skip
    assert said["citizens"] == 3000 and said["days"] == 40
    assert all({"value", "unit"} <= set(v) for v in said["summary"].values())
    stored = store.load(tmp_path / "here")
    assert stored.provenance["state_hash"] == said["state_hash"]
    assert (tmp_path / "here" / "report.html").exists()
    shown = underwatch("show", "here", cwd=tmp_path)
    assert "stated goal" in shown.stdout and shown.returncode == 0
    assert set(shown.stdout.split()) <= set(done.stderr.split())  # as it was told at first
    again = underwatch("run", "--citizens", 10, "--days", 1, "--out", "here", cwd=tmp_path)
    assert again.returncode == 2 and "holds a run already" in again.stderr


def test_the_summary_of_another_version_is_shown_as_it_stands():
    lines = remembered(
        {"bygone": {"value": 3, "unit": "acts"}, "posts": {"value": 7, "unit": "posts"}}
    )
    assert [(x.label, x.value, x.unit, x.kind) for x in lines] == [
        ("Critical posts made", 7, "posts", "expression"), ("bygone", 3, "acts", "others"),
    ]  # fmt: skip


def test_ctrl_c_keeps_what_is_lived_and_the_same_command_goes_on_to_the_same_bits(tmp_path):
    words = ["run", "unwatched", "--citizens", "200000", "--days", "500", "--json"]
    started = subprocess.Popen(
        [sys.executable, "-m", "underwatch", *words, "--out", "a"], cwd=tmp_path,
        stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True,
        # A shell may start its children deaf to Ctrl-C.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )  # fmt: skip
    for line in started.stderr:
        if line.startswith("living"):
            break
    started.send_signal(signal.SIGINT)
    _, said = started.communicate()
    assert started.returncode == 130 and "go on with the same command" in said
    assert (tmp_path / ".a.halfway").exists() and not (tmp_path / "a").exists()
    ends = [underwatch(*words, "--out", out, cwd=tmp_path).stdout for out in ("a", "b")]
    resumed, whole = (json.loads(said.splitlines()[-1]) for said in ends)
    assert resumed["state_hash"] == whole["state_hash"]
    assert not list(tmp_path.glob(".a*"))


def test_bad_input_is_told_all_at_once_without_a_traceback_and_nothing_is_written(tmp_path):
    (tmp_path / "harsh.yaml").write_text(
        "extends: atlantic-2018\n"
        "title: Harsh\n"
        "text: Wrong in every line.\n"
        "cameras:\n"
        '  source: "assumption: a test"\n'
        "  uptme: 0.5\n"
        "  miss_rate: 1.3\n"
        "society:\n"
        "  citizens: {value: 0, source: census_2021}\n"
    )
    told = underwatch("run", "harsh.yaml", "--set", "files.half_life_days=many", cwd=tmp_path)
    assert told.returncode == 2
    for text in ("harsh.yaml:6:", "did you mean", "harsh.yaml:7:", "harsh.yaml:9:", "--set"):
        assert text in told.stderr, text
    assert "Traceback" not in told.stderr
    assert [p.name for p in tmp_path.iterdir()] == ["harsh.yaml"]


@pytest.mark.parametrize("words, sentence", [
    (["run", "atlantic"], "atlantic-2018"),
    (["run", "--citizens", "-5"], "citizens"),
    (["run", "--days", "0"], "days"),
    (["run", "--citizens", "3900000000"], "fit: write --citizens"),
    (["run", "--threads", "4000"], "threads"),
    (["show", "nowhere"], "nowhere"),
])  # fmt: skip
def test_one_clear_sentence_and_exit_2(tmp_path, words, sentence):
    told = underwatch(*words, cwd=tmp_path)
    assert told.returncode == 2
    assert sentence in told.stderr and "Traceback" not in told.stderr
    assert not list(tmp_path.iterdir())


def test_the_schema_is_json_and_the_scenarios_are_listed(tmp_path):
    schema = json.loads(underwatch("schema", cwd=tmp_path).stdout)
    assert "cameras" in schema["properties"]
    listed = json.loads(underwatch("scenarios", "--json", cwd=tmp_path).stdout)
    assert {"atlantic-2018", "unwatched", "credit-bureau"} <= {x["name"] for x in listed}
