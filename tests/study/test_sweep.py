"""A sweep: each run of a plan once, in one Dataset that is the same however it came about."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import own_outputs
import pytest
from typer.testing import CliRunner

import underwatch as uw
from underwatch.cli import app
from underwatch.cli.sweep import load_functions
from underwatch.errors import UserError
from underwatch.results.ledger import FILE, entries
from underwatch.study.sweep.gathered import DONE
from underwatch.study.sweep.points import points_of
from underwatch.study.sweep.sensitivity import estimated

SMALL = {"citizens": 600, "days": 25}
GRID = {"scoring.association": [0, 0.5], "cameras.uptime": [0.2, 1]}


@pytest.fixture(scope="module")
def grid():
    outputs = {"mean_days": own_outputs.mean_days, "by_group": own_outputs.by_group}
    return uw.sweep("atlantic-2018", GRID, seeds=2, outputs=outputs, **SMALL)


def test_each_value_of_the_dataset_is_that_of_the_run_alone(grid):
    place = {"scenario": "atlantic-2018", "scoring.association": 0.5, "cameras.uptime": 0.2,
             "seed": 2019}  # fmt: skip
    cell = grid.dataset.sel(place)
    changes = {"scoring.association": 0.5, "cameras.uptime": 0.2}
    alone = uw.run(uw.Scenario.load("atlantic-2018").with_(changes), seed=2019, **SMALL)
    assert str(cell["state_hash"].values) == alone.state_hash
    assert len({*grid.dataset["state_hash"].values.flat}) > 4
    for name, value in alone.summary.items():
        expected = np.nan if value.value is None else value.value
        assert np.array_equal(cell[name].values, expected, equal_nan=True), name
        assert cell[name].attrs["units"] == value.unit
    assert cell["mean_days"] == own_outputs.mean_days(alone)
    assert np.array_equal(cell["by_group"].values, own_outputs.by_group(alone))


def test_a_sweep_has_the_verbs_of_every_result(grid, tmp_path):
    same = uw.load(grid.save(tmp_path / "here"))
    lines = (tmp_path / "here" / "codebook.csv").read_text("utf-8").splitlines()[1:]
    assert {line.split(",")[1] for line in lines} == {*map(str, grid.dataset.variables)}
    assert "Intended lawful acts of expression that" in "".join(lines)
    resumed = CliRunner().invoke(app, ["resume", str(tmp_path / "here")])
    assert "is a complete study" in str(resumed.exception)
    assert same.dataset.identical(grid.dataset) and same.points == grid.points
    assert len(repr(grid)) < 300 and "8 of 8 done" in grid._repr_html_()
    frame = grid.to_dataframe()
    assert len(frame) == 8 and {*GRID, "seed", "status", "chilled_acts"} <= {*frame.columns}
    assert grid.plot("mean_days", x="cameras.uptime").to_dict()
    assert "8 of 8 runs are done" in grid.report()
    for measure, x, why in (("chiled_acts", None, "chilled_acts"), ("imposed", "x", "no factor")):
        with pytest.raises(UserError, match=why):
            grid.plot(measure, x)
    with pytest.raises(UserError, match="of the kind sobol"):
        grid.sensitivity("imposed")


def test_drawn_points_lie_between_their_ends_and_are_the_same_on_every_machine():
    ends = {"scoring.association": {"low": 0.1, "high": 0.3},
            "restrictions.below": {"low": 800, "high": 802}}  # fmt: skip
    declared = uw.Plan(scenarios=["thaw"], plan="latin-hypercube", factors=ends, samples=30)
    points = points_of(declared).points
    assert points == points_of(declared).points
    weights = sorted(point["scoring.association"] for point in points)
    slices = np.linspace(0.1, 0.3, 31)  # a Latin hypercube has one point in each slice
    assert all(a <= w <= b for w, a, b in zip(weights, slices[:-1], slices[1:], strict=True))
    whole = [point["restrictions.below"] for point in points]
    assert {*whole} == {800, 801, 802} and all(isinstance(value, int) for value in whole)
    sobol = points_of(declared.model_copy(update={"plan": "sobol", "samples": 8})).points
    assert len(sobol) == 8 * 4
    for k in range(8):  # A with a column of B
        a, b, first = sobol[k], sobol[8 + k], sobol[16 + k]
        assert first == a | {"scoring.association": b["scoring.association"]}


def test_sobol_indices_are_those_of_a_function_whose_indices_are_known():
    """Ishigami's function: first order .3139, .4424, 0; total .5576, .4424, .2437."""
    ends = {"low": -np.pi, "high": np.pi}
    keys = ["scoring.association", "cameras.uptime", "courts.serious"]
    plan = uw.Plan(scenarios=["thaw"], plan="sobol", factors=dict.fromkeys(keys, ends),
                   samples=1024)  # fmt: skip
    x = np.array([[*point.values()] for point in points_of(plan).points])
    y = np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])
    found = estimated(y, 1024)
    known = [(0.3139, 0.5576), (0.4424, 0.4424), (0, 0.2437)]
    for row, (first, total) in zip(found, known, strict=True):
        assert abs(row["first"] - first) < 0.06 and abs(row["total"] - total) < 0.06
        assert row["total_low"] <= row["total"] <= row["total_high"]
    for row in estimated(np.ones_like(y), 1024):  # no variance: no share of it, not even zero
        assert all(np.isnan(value) for value in row.values())


PLAN = """\
scenarios: [atlantic-2018, no-such]
plan: grid
factors:
  scoring.asociation: [0, 0.2]
  cameras.uptime:
    - 0.5
    - 1.3
  restrictions.below: 800
measures: [chiled_acts]
samples: 3.5
sead: 1
"""


def test_a_plan_file_is_refused_with_every_fault_and_its_line_before_any_run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("bad.yaml").write_text(PLAN)
    with pytest.raises(UserError) as caught:
        uw.Plan.load("bad.yaml")
    lines = str(caught.value).splitlines()
    expected = [(1, "no-such"), (4, "scoring.association?"), (7, "cameras.uptime is 1.3"),
                (8, "restrictions.below has a list"), (9, "chilled_acts?"), (10, "samples is 3.5"),
                (11, "did you mean seed?")]  # fmt: skip
    assert len(lines) == len(expected)
    for line, (number, words) in zip(lines, expected, strict=True):
        assert line.startswith(f"bad.yaml:{number}: ") and words in line


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"factors": {"society.seed": [1]}}, "is no factor of a plan; write `seeds:`"),
        ({"factors": {"scoring.association": [1, 1]}}, "lists 1 twice"),
        ({"factors": {"scoring.floor": [900], "scoring.ceiling": [800]}}, "ceiling"),
        ({"factors": {"society.citizens": {"low": 9, "high": 5}}, "plan": "sobol"}, "low is below"),
        ({"factors": {"cameras.uptime": {"low": 0, "high": 2}}, "plan": "latin-hypercube",
          "samples": 9}, "is a probability"),
        ({"factors": {"cameras.uptime": [0.5]}, "plan": "circle"}, "is one of grid, list"),
        ({"factors": [{"cameras.uptime": 3}]}, "is a probability"),
        ({"factors": {}, "measures": ["x"]}, "x is not a measure"),
        ({"factors": {}, "samples": 0}, "samples is 0"),
        ({"factors": {}, "outputs": {"imposed": max}}, "has the name of something else"),
        ({"factors": "cameras.uptime"}, "factors is a mapping such as"),
        ({"factors": [0.5]}, "factors is a mapping such as"),
        ({"factors": {"cameras.uptime": [0.5]}, "scheduler": " "}, "scheduler is empty"),
    ],
)  # fmt: skip
def test_what_cannot_be_swept_is_a_sentence(given, why):
    with pytest.raises(UserError, match=why):
        uw.sweep("atlantic-2018", **given)


def test_a_run_that_fails_is_recorded_with_its_message_while_the_others_go_on(tmp_path):
    partial = tmp_path / ".x.partial"
    again = dict(outputs={"own": own_outputs.fails_for_2019}, seeds=3, checkpoint=partial, **SMALL)
    points = [{"cameras.uptime": 0.5}, {"cameras.uptime": {"2014-06-14": 1, "2014-06-24": 0.1}}]
    found = uw.sweep("atlantic-2018", points, **again)
    assert found.counts == {"runs": 6, "done": 4, "failed": 2, "waiting": 0}
    (first, second) = found.failures
    assert (first.seed, second.seed) == (2019, 2019) and first.point == points[0]
    assert first.message == "output own failed: ValueError: not this one"
    with pytest.raises(UserError, match="the same command with the same --out resumes"):
        uw.resume(tmp_path / "x")
    shown = CliRunner().invoke(app, ["show", str(partial)])
    assert shown.exit_code == 0 and "4 of 6 runs are done" in shown.output
    growing = uw.load(partial)  # the partial results are the same Dataset
    assert growing.dataset.identical(found.dataset) and growing.failures == found.failures
    with pytest.raises(UserError, match="with other scenarios"):
        uw.sweep("atlantic-2018", points[:1], **again)
    path = partial / FILE
    data = bytearray(path.read_bytes())
    data[data.index(b"2020 atlantic-2018 1")] ^= 4  # of the entry, or of the index
    path.write_bytes(data)
    notes = []
    resumed = uw.sweep("atlantic-2018", points, progress=lambda step: notes.append(step.note),
                       **again)  # fmt: skip
    assert resumed.dataset.identical(found.dataset)
    assert any("changed" in note or "damaged" in note for note in notes)


@pytest.mark.parametrize(
    ("output", "why"),
    [(own_outputs.leaves, "SystemExit: 3"), (own_outputs.ragged, "inhomogeneous shape")],
)
def test_an_output_that_ends_the_process_or_is_ragged_fails_its_run_by_name(output, why):
    found = uw.sweep(
        "atlantic-2018", {}, outputs={"own": output}, seeds=1, citizens=500, days=3, measures=[]
    )
    (failure,) = found.failures
    assert failure.message.startswith("output own failed: ") and why in failure.message


@pytest.mark.long
def test_a_function_that_ends_its_process_fails_its_own_run_by_name_and_no_other():
    later = {"2014-06-14": 1, "2014-07-04": 0.123}  # the days before are shared with the other
    found = uw.sweep(
        "atlantic-2018", {"cameras.uptime": [1, later]}, seeds=2, citizens=500, days=25,
        outputs={"own": own_outputs.ends_its_process},
    )  # fmt: skip
    (failure,) = found.failures
    assert (failure.seed, failure.point) == (2019, {"cameras.uptime": later})
    assert failure.message == "output own ended its process twice (exit code 7)."
    assert found.counts["done"] == 3


def test_a_plan_of_too_many_runs_is_refused_before_its_values_are_looked_at(tmp_path, monkeypatch):
    monkeypatch.setattr("underwatch.study.sweep.faults._of_points", None)
    values = ", ".join(str(k / 2000) for k in range(1000))
    keys = ("cameras.uptime", "scoring.association", "platforms.read")
    factors = "".join(f"  {key}: [{values}]\n" for key in keys)
    (tmp_path / "huge.yaml").write_text(f"scenarios: [thaw]\nfactors:\n{factors}seeds: 1\n")
    with pytest.raises(UserError, match="1,000,000,000 runs, but at most 1,000,000"):
        uw.Plan.load(tmp_path / "huge.yaml")


PLAN_TO_KILL = """\
scenarios: [atlantic-2018]
factors: {cameras.uptime: [0, 0.5, 1]}
seeds: 5
citizens: 500
days: 20
outputs: [slow]
"""


def kept(folder):
    """The runs that are kept so far; none before the study has begun."""
    try:
        return entries(folder)
    except UserError:
        return {}


def test_a_sweep_killed_at_random_ends_in_the_same_dataset_with_no_run_lost_or_doubled(tmp_path):
    plan = tmp_path / "plan.yaml"
    plan.write_text(PLAN_TO_KILL)
    words = ["sweep", str(plan), "--functions", str(Path(own_outputs.__file__)), "--workers", "2"]
    command = [sys.executable, "-m", "underwatch", *words, "--out", "out", "--json"]
    done = []
    for _ in range(2):  # the harness kills more often
        process = subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.DEVNULL)
        partial, end = tmp_path / ".out.partial", time.monotonic() + 90
        while time.monotonic() < end:
            if len(kept(partial)) > len(done):
                break
            time.sleep(0.1)
        process.send_signal(signal.SIGKILL)
        process.wait()
        before = done
        done = sorted(kept(partial))
        assert {*before} < {*done} and len(done) < 15
    ended = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    assert json.loads(ended.stdout)["runs"]["done"] == 15  # nothing else is printed there
    found = uw.load(tmp_path / "out")
    outputs = {"slow": own_outputs.slow}
    assert (found.dataset["status"] == DONE).all()
    whole = uw.sweep(uw.Plan.load(plan), outputs=outputs)
    assert found.dataset.identical(whole.dataset)
    assert not partial.exists()


def test_functions_that_are_not_there_are_refused(tmp_path):
    file = tmp_path / "f.py"
    for text, why in ((None, "is not a Python file"), ("other = 3\n", "no function slow"),
                      ("1 / 0\n", "ZeroDivisionError"), ("exit(3)", "SystemExit: 3")):  # fmt: skip
        if text is not None:
            file.write_text(text)
        with pytest.raises(UserError, match=why):
            load_functions(file, ["slow"])
    with pytest.raises(UserError, match="--functions FILE.py"):
        load_functions(None, ["slow"])
