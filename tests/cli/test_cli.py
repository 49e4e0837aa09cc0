"""The command line as its users meet it: the numbers of the API, sentences, no lost run."""

import json
import os
import re
import subprocess
import sys

import pytest
import typer
from typer.testing import CliRunner

import underwatch as uw
from helpers.command import underwatch
from underwatch import cli
from underwatch.cli import streams
from underwatch.cli.options import whole
from underwatch.measurement.summary import remembered

SMALL = ("--citizens", "2000", "--days", "40")


def process(*words, cwd, **more):
    """The same as `underwatch`, in a process of its own."""
    options = {"capture_output": True, "text": True, "env": os.environ | {"COLUMNS": "100"}} | more
    words = [sys.executable, "-m", "underwatch", *map(str, words)]
    return subprocess.run(words, cwd=cwd, **options)


def test_help_names_the_commands_and_loads_no_heavy_library():
    code = (
        "import sys; sys.argv = ['underwatch', '--help']\n"
        "from underwatch import cli\n"
        "try: cli.app()\n"
        "except SystemExit: pass\n"
        "heavy = {'numpy', 'numba', 'xarray', 'pyarrow', 'pandas', 'altair'}\n"
        "print('heavy:', sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    for word in ("run", "scenarios", "schema", "show", "--version", "--install-completion"):
        assert word in done.stdout
    assert "heavy: []" in done.stdout


@pytest.mark.parametrize("command", cli.COMMANDS, ids=lambda command: command.__name__)
def test_a_command_that_is_named_has_the_help_that_it_has_among_all(command):
    words = [command.__name__, "--help"]
    alone = CliRunner().invoke(cli._with_commands([command]), words)
    assert alone.exit_code == 0
    assert alone.output == CliRunner().invoke(cli.app, words).output


def test_the_version_is_that_of_the_package(tmp_path):
    assert process("--version", cwd=tmp_path).stdout == f"underwatch {uw.__version__}\n"


def test_a_run_of_the_command_line_is_a_run_of_the_api(tmp_path):
    done = underwatch("run", "atlantic-2018", *SMALL, "--json", "--out", "here", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    printed = json.loads(done.stdout.splitlines()[-1])
    assert {"run", "citizens", "days", "seconds", "citizen_days_per_second", "state_hash",
            "scenario_hash", "summary"} <= set(printed)  # fmt: skip
    stored, made = uw.load(tmp_path / "here"), uw.run("atlantic-2018", citizens=2000, days=40)
    assert stored.state_hash == printed["state_hash"] == made.state_hash
    assert dict(stored.summary) == dict(made.summary)
    assert printed["summary"] == {
        value.name: {"value": value.value, "unit": value.unit}
        | ({"note": value.note} if value.note else {})
        for value in made.summary.values()
    }
    assert (tmp_path / "here" / "report.html").exists()
    shown = underwatch("show", "here", cwd=tmp_path)
    assert shown.returncode == 0 and len(shown.stdout.splitlines()) <= 13
    assert set(shown.stdout.split()) <= set(done.stderr.split())  # as it was printed at first
    every = underwatch("show", "here", "--all", cwd=tmp_path).stdout
    assert "Stated goal" in every and len(every.splitlines()) > len(made.summary)
    again = underwatch("run", "--citizens", 10, "--days", 1, "--out", "here", cwd=tmp_path)
    assert again.returncode == 2 and "already holds a run" in again.stderr


def test_a_run_with_several_seeds_is_an_ensemble_of_the_api_and_resumes_from_what_is_kept(tmp_path):
    made = uw.run("thaw", 500, 40, seeds=2, panel=100, checkpoint=tmp_path / ".x.partial")
    refused = underwatch("resume", "x", cwd=tmp_path)  # as if the command had been killed
    assert refused.returncode == 2 and "the same command with the same --out" in refused.stderr
    words = ("run", "thaw", "--citizens", 500, "--days", 40, "--seeds", 3, "--out", "x", "--json")
    done = underwatch(*words, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    printed, kept = json.loads(done.stdout), uw.load(tmp_path / "x")
    assert printed["seeds"] == [*kept.seeds] == [2018, 2019, 2020]
    assert [run.state_hash for run in kept.runs[:2]] == [run.state_hash for run in made.runs]
    share = printed["summary"]["chilled_share"]
    assert share["low"] <= share["value"] <= share["high"]
    assert share["value"] == kept.summary["chilled_share"].value
    assert [path.name for path in tmp_path.iterdir()] == ["x"]
    shown = underwatch("show", "x", cwd=tmp_path)
    assert {*shown.stdout.split()} <= {*done.stderr.split()}


def test_show_prints_a_scenario_with_its_sources(tmp_path):
    shown = underwatch("show", "met-lfr", cwd=tmp_path)
    assert shown.returncode == 0 and "cameras" in shown.stdout and "source" in shown.stdout.lower()
    wrong = underwatch("show", "met-lrf", cwd=tmp_path)
    assert wrong.returncode == 2 and "did you mean met-lfr" in wrong.stderr


def test_the_summary_of_another_version_is_shown_unchanged():
    lines = remembered(
        {"bygone": {"value": 3, "unit": "acts"}, "posts": {"value": 7, "unit": "posts"}}
    )
    assert [(x.label, x.value, x.unit, x.kind) for x in lines] == [
        ("Critical posts made", 7, "posts", "expression"), ("bygone", 3, "acts", "others"),
    ]  # fmt: skip


def test_all_problems_of_a_file_are_listed_at_once_and_nothing_is_written(tmp_path):
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
    done = underwatch("run", "harsh.yaml", "--set", "files.half_life_days=many", cwd=tmp_path)
    assert done.returncode == 2
    for text in ("harsh.yaml:6:", "did you mean", "harsh.yaml:7:", "harsh.yaml:9:", "--set"):
        assert text in done.stderr, text
    assert "Traceback" not in done.stderr
    assert [p.name for p in tmp_path.iterdir()] == ["harsh.yaml"]


@pytest.mark.parametrize("words, sentence", [
    (["run", "atlantic"], "atlantic-2018"),
    (["run", "--citizens", "-5"], "citizens"),
    (["run", "--days", "0"], "days"),
    (["run", "--citizens", "3900000000"], "fit: write --citizens"),
    (["run", "--threads", "4000"], "threads"),
    (["run", "--panel", "-1"], "panel is -1"),
    (["run", "--seed", "9223372036854775808"], "seed"),
    (["run", "--out", "."], "does not name a new folder"),
    (["run", "--out", "/proc/none"], "cannot be written"),
    (["show", "nowhere"], "nowhere"),
])  # fmt: skip
def test_one_clear_sentence_and_exit_2(tmp_path, monkeypatch, capsys, words, sentence):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["underwatch", *words])
    from underwatch.cli import _exit_code

    assert _exit_code() == 2
    assert sentence in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("redirect", [">&- 2>&- <&-", ">/dev/full"])
def test_a_closed_or_full_stream_costs_no_run(tmp_path, redirect):
    command = f"{sys.executable} -m underwatch run {' '.join(SMALL)} --out kept {redirect}"
    done = subprocess.run(["sh", "-c", command], cwd=tmp_path, capture_output=True, text=True)
    assert "Traceback" not in done.stderr
    uw.load(tmp_path / "kept")
    if redirect == ">/dev/full":
        assert done.returncode == 2 and "The run is complete and kept in kept." in done.stderr
    else:
        assert done.returncode == 0


def test_an_encoding_of_few_letters_and_no_home_folder_cost_no_run_and_brackets_are_text(tmp_path):
    (tmp_path / "odd.yaml").write_text(
        "extends: atlantic-2018\n"
        'title: "Watch [/b] out :smile: Één – \\e[31mred"\n'
        "text: Pilot [draft] two.\n",
        "utf-8",
    )
    words = ("run", "odd.yaml", *SMALL, "--out", "[b]x[/b]")
    env = {k: v for k, v in os.environ.items() if k != "HOME"} | {"PYTHONIOENCODING": "ascii"}
    done = process(*words, cwd=tmp_path, env=env, encoding="ascii")
    assert done.returncode == 0, done.stderr
    assert "Watch [/b] out :smile: " in done.stdout and "\x1b" not in done.stdout
    assert "Folder and report: [b]x[/b]" in done.stdout
    made = uw.load(tmp_path / "[b]x[/b]")
    assert "Één" in made.scenario.title and "\x1b" not in repr(made)


def test_a_letter_that_an_encoding_lacks_is_replaced_by_the_nearest_one():
    streams.prepare()
    assert "Één – 3 × 4 …".encode("ascii", "underwatch") == b"Een - 3 x 4 ..."


def test_a_picture_is_drawn_into_a_new_file_only(tmp_path):
    uw.run("unwatched", citizens=500, days=40).save(tmp_path / "run")
    for picture in ("nowhere/x.svg", "run/run.json"):
        refused = underwatch("show", "run", "--picture", picture, cwd=tmp_path)
        assert refused.returncode == 2 and picture in refused.stderr
    uw.load(tmp_path / "run")
    assert underwatch("show", "run", "--picture", "x.svg", cwd=tmp_path).returncode == 0
    assert re.match(r"\s*<svg", (tmp_path / "x.svg").read_text())


def test_the_schema_is_json_and_the_scenarios_are_listed(tmp_path):
    schema = json.loads(underwatch("schema", cwd=tmp_path).stdout)
    assert "cameras" in schema["properties"]
    listed = json.loads(underwatch("scenarios", "--json", cwd=tmp_path).stdout)
    assert {"atlantic-2018", "unwatched", "credit-bureau"} <= {x["name"] for x in listed}


@pytest.mark.parametrize("written", ["10.000", "10,000", "½", "1e3", "", "9" * 2000])
def test_an_option_that_is_a_whole_number_is_written_in_digits(written):
    with pytest.raises(typer.BadParameter):
        whole(written)
    assert whole(" 1_000 ") == whole(1000) == 1000


@pytest.mark.parametrize(
    ("words", "begins"),
    [
        (["run", "atlantic-2018"], True),
        (["resume", "runs/a"], True),
        (["run", "--help"], False),
        (["run", "atlantic-2018", "--estimate"], False),
        (["run", "atlantic-2018", "--seeds=5"], False),
        (["compare", "atlantic-2018", "unwatched"], False),
        ([], False),
    ],
)
def test_only_a_run_starts_the_engine_for_charts_before_anything_is_imported(words, begins):
    code = (
        "import sys; from underwatch import __main__\n"
        f"__main__._start_charts({words!r})\n"
        "begun = sys.modules.get('underwatch.report.rendering')\n"
        "print(bool(begun and begun._ahead))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout.strip() == str(begins)


def test_a_command_leaves_with_its_code_after_all_that_waits_for_its_end():
    code = (
        "import atexit, sys, threading, time\n"
        "from underwatch import __main__, cli\n"
        "def ends():\n"
        "    atexit.register(print, 'handler')\n"
        "    work = lambda: (time.sleep(0.1), print('thread'))\n"
        "    threading.Thread(target=work).start()\n"
        "    sys.exit(3)\n"
        "cli.main = ends\n"
        "__main__.main()"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (3, "thread\nhandler\n")
