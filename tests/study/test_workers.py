"""Jobs on workers: none is lost, whatever ends a worker; and no worker outlives its parent."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import slow_jobs

from underwatch.engine import resources
from underwatch.errors import UserError
from underwatch.study import scheduling
from underwatch.study.memory import fitting
from underwatch.study.scheduling import Job, run_jobs
from underwatch.study.worker import Failure

HERE = Path(__file__).parent


def job(key, function, *args):
    return Job(key, function, args, 1, 1000)


def results(jobs, **how):
    found = {}
    run_jobs(jobs, lambda one, result: found.update({one.key: result}), **how)
    return found


def test_a_killed_worker_costs_its_run_a_retry_and_a_run_that_kills_twice_a_sentence(tmp_path):
    jobs = [
        job("once", slow_jobs.dies, tmp_path, "once", 1),
        job("always", slow_jobs.dies, tmp_path, "always", 9),
        Job("own", slow_jobs.ends_in_a_function, (7,), 1, 1000, own=("observe: a", "output b")),
        job("wrong", slow_jobs.fails, 0),
        *(job(str(k), slow_jobs.square, k) for k in range(4)),
    ]
    found = results(jobs, workers=2)
    assert len(found) == len(jobs)  # each once: a dictionary would hide a second delivery
    assert found["once"] == "once"
    assert all(found[str(k)] == k * k for k in range(4))
    assert found["wrong"] == Failure("ZeroDivisionError: nothing to divide by")
    assert "ended twice (SIGKILL)" in found["always"].message
    assert found["own"].message == "output b ended its process twice (exit code 7)."
    assert len(list(tmp_path.glob("always-*"))) == 2


def test_where_every_worker_dies_the_study_ends_with_one_sentence(tmp_path):
    jobs = [job(str(k), slow_jobs.dies, tmp_path, str(k), 9) for k in range(4)]
    with pytest.raises(UserError, match="No run of the study can be simulated"):
        results(jobs, workers=2)


SCRIPT = """
import sys
import slow_jobs
from underwatch.study.scheduling import Job, run_jobs
jobs = [Job(str(k), slow_jobs.sleeps, (sys.argv[1], 60), 1, 1000) for k in range(4)]
run_jobs(jobs, lambda job, found: None, workers=2)
"""


def alive(pid):
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_workers_end_when_their_parent_ends_however_it_ends(tmp_path, how):
    path = os.pathsep.join([str(HERE), *sys.path])
    parent = subprocess.Popen(
        [sys.executable, "-c", SCRIPT, str(tmp_path)], env=os.environ | {"PYTHONPATH": path},
        stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    started = wait_for(lambda: len(list(tmp_path.glob("pid-*"))) == 2, 60)
    workers = [int(path.name.partition("-")[2]) for path in tmp_path.glob("pid-*")]
    assert started and all(map(alive, workers))
    parent.send_signal(how)
    parent.wait(10)
    assert wait_for(lambda: not any(map(alive, workers)), 10)
    assert not parent.stderr.read()  # what is left is removed without a warning


def wait_for(condition, seconds):
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.05)
    return condition()


def test_as_many_runs_start_at_once_as_have_memory(monkeypatch):
    one = Job("", slow_jobs.square, (), 1, 1_000_000)
    need = resources.bytes_for(one.citizens, kept=True)
    monkeypatch.setattr("underwatch.study.memory.cores", lambda: 8)
    for free, expected in ((100 * need, (5, 1)), (3.5 * need, (3, 2)), (need, (1, 8))):
        monkeypatch.setattr("underwatch.study.memory.free_bytes", lambda free=free: int(free))
        assert fitting([one] * 5) == expected
    monkeypatch.setattr("underwatch.study.memory.free_bytes", lambda: need - 1)
    monkeypatch.setattr(resources, "free_bytes", lambda: need - 1)
    with pytest.raises(UserError, match="citizens need about"):
        fitting([one] * 5)


def test_the_limits_of_control_groups_count(tmp_path, monkeypatch):
    own = Path("/proc/self/cgroup")
    if not own.exists():
        pytest.skip("no control groups on this system")
    inside = [line.split(":", 2)[2] for line in own.read_text().splitlines() if line[0] == "0"]
    if not inside:
        pytest.skip("control groups of the first version only")
    folder = tmp_path / inside[0].lstrip("/")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "memory.max").write_text("1000\n")
    (folder / "memory.current").write_text("300\n")
    assert min(resources._left_in_groups(tmp_path)) == 700
    (folder / "memory.max").write_text("max\n")
    assert not list(resources._left_in_groups(tmp_path))


def test_small_jobs_run_in_this_process_and_a_failing_one_stops_no_other():
    assert scheduling.SMALL > 2000
    found = results([job("a", slow_jobs.fails, 0), job("b", slow_jobs.square, 3)])
    assert isinstance(found["a"], Failure) and found["b"] == 9
