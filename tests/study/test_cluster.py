"""Runs on a Dask cluster: a scheduler and two workers of this machine, one killed on the way."""

import os
import re
import subprocess
import sys
import time
from pathlib import Path

import own_outputs
import pytest

import underwatch as uw
from underwatch.errors import UserError
from underwatch.results.ledger import entries

pytest.importorskip("distributed")
SETTINGS = {"citizens": 500, "days": 20, "seeds": 4, "outputs": {"slow": own_outputs.slow}}
FACTORS = {"cameras.uptime": [0, 0.5, 1]}


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    """(address of a scheduler, the processes: the scheduler and its two workers)."""
    folder = tmp_path_factory.mktemp("dask")
    path = os.pathsep.join([str(Path(__file__).parent), *sys.path])
    environment = os.environ | {
        "PYTHONPATH": path,
        "DASK_DISTRIBUTED__SCHEDULER__WORKER_TTL": "30s",
        "DASK_DISTRIBUTED__ADMIN__TICK__LIMIT": "60s",
    }

    def start(*words):
        log = (folder / f"{len(list(folder.iterdir()))}.log").open("w+")
        command = [sys.executable, "-m", "distributed.cli." + words[0], *words[1:]]
        made = subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log)
        return made, Path(log.name)

    started = [start("dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard")]
    try:
        address = found_in(started[0][1], r"Scheduler at:\s+(tcp://\S+)")
        for _ in range(2):
            started.append(
                start(
                    "dask_worker",
                    address,
                    "--nthreads",
                    "1",
                    "--no-nanny",
                    "--no-dashboard",
                    "--host",
                    "127.0.0.1",
                )  # fmt: skip
            )
        for _, log in started[1:]:
            found_in(log, r"(Registered to)")
        yield address, [process for process, _ in started]
    finally:
        for process, _ in started:
            process.kill()
            process.wait()


def found_in(log, pattern):
    end = time.monotonic() + 60
    while time.monotonic() < end:
        if match := re.search(pattern, log.read_text()):
            return match[1]
        time.sleep(0.1)
    raise AssertionError(log.read_text())


def test_a_worker_killed_in_the_middle_of_a_sweep_costs_no_run_and_changes_no_bit(cluster):
    address, (_, first, _) = cluster
    killed = []

    def kill(step):
        if step.runs >= 3 and not killed:
            killed.append(step.runs)
            first.kill()

    found = uw.sweep("atlantic-2018", FACTORS, scheduler=address, progress=kill, **SETTINGS)
    assert killed and killed[0] < 12 and first.wait(10)
    assert found.counts == {"runs": 12, "done": 12, "failed": 0, "waiting": 0}
    here = uw.sweep("atlantic-2018", FACTORS, **SETTINGS)
    assert found.dataset.identical(here.dataset)
    pair = [uw.compare("unwatched", "thaw", citizens=500, days=20, scheduler=where).state_hashes
            for where in (address, None)]  # fmt: skip
    assert pair[0] == pair[1]


def test_a_scheduler_that_does_not_answer_is_a_sentence(monkeypatch):
    monkeypatch.setattr("underwatch.study.cluster.ANSWER", 1)
    with pytest.raises(UserError, match="no Dask scheduler answers at"):
        uw.sweep("thaw", {}, scheduler="tcp://127.0.0.1:9", **SETTINGS)
    with pytest.raises(UserError, match="no Dask scheduler answers at"):
        uw.sweep("thaw", {}, scheduler="nonsense://x", **SETTINGS)


def test_a_scheduler_that_dies_in_the_middle_is_a_sentence_and_the_sweep_resumes(cluster, tmp_path):
    """The last test of this scheduler."""
    address, (scheduler, *_) = cluster
    given = SETTINGS | {"checkpoint": tmp_path / ".x.partial"}

    def kill(step):
        if step.runs >= 2:
            scheduler.kill()

    with pytest.raises(UserError, match="The Dask scheduler at .* is gone. Finished runs are kept"):
        uw.sweep("atlantic-2018", FACTORS, scheduler=address, progress=kill, **given)
    before = entries(tmp_path / ".x.partial")
    assert 2 <= len(before) < 12
    runs = []
    found = uw.sweep(
        "atlantic-2018", FACTORS, progress=lambda step: runs.append(step.runs), **given
    )
    assert runs[0] == len(before) and found.counts["done"] == 12  # none of them is simulated twice
