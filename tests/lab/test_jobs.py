"""The queue is fair, bounded and survives its server; a cancelled process is gone."""

import os
import threading
import time
from pathlib import Path

import pytest

from underwatch.lab.jobs import made
from underwatch.lab.jobs.process import Worker
from underwatch.lab.jobs.queue import Queue
from underwatch.lab.json_files import read_json, write_json
from underwatch.lab.refusals import Refused
from underwatch.lab.settings import Settings

HERE = Path(__file__).parents[1]


class Fake:
    """A process that ends when the test says so."""

    def __init__(self, job):
        self.job, self._ended, self.code = job, threading.Event(), 0

    def end(self, outcome=None):
        (self.job.folder / "data").write_bytes(b"x" * 1_000)
        write_json(self.job.folder / "outcome.json", outcome or {})
        self._ended.set()

    def wait(self, timeout=None):
        self._ended.wait(timeout)
        return self.code

    def stop(self, grace):
        self._ended.set()

    def close(self):
        pass


class Lab:
    """A queue whose processes are fakes, in the order in which they were started."""

    def __init__(self, runs: Path, **settings):
        self.started: list[Fake] = []
        self.queue = Queue(Settings(runs=runs, **settings), self._start)
        self.queue.open()

    def _start(self, job):
        self.started.append(Fake(job))
        return self.started[-1]

    def submit(self, name, group="a", kind="world"):
        return self.queue.submit(kind, {"name": name}, group, name)

    def end(self, k, **outcome):
        fake = self.started[k]
        fake.end(outcome)
        until = time.monotonic() + 5
        while not fake.job.finished and time.monotonic() < until:
            time.sleep(0.005)
        with self.queue._lock:  # what follows an end is done under the lock
            return fake.job


def test_groups_take_turns_and_everyone_knows_their_place(tmp_path):
    lab = Lab(tmp_path, processes=1)
    first = [lab.submit(f"a{k}") for k in range(4)]
    other = lab.submit("b0", "b")
    assert [lab.queue.place(job) for job in (*first, other)] == [None, 2, 3, 4, 1]
    for k in range(3):
        lab.end(k)
    assert [fake.job.title for fake in lab.started] == ["a0", "b0", "a1", "a2"]


def test_studies_give_way_to_single_runs_and_never_take_every_place(tmp_path):
    lab = Lab(tmp_path, processes=2)
    for name in ("s0", "s1"):
        lab.submit(name, "a", "bands")
    assert [fake.job.title for fake in lab.started] == ["s0"]
    lab.submit("w0", "a"), lab.submit("w1", "a")
    lab.end(1)
    assert [fake.job.title for fake in lab.started] == ["s0", "w0", "w1"]
    lab.end(0)
    assert lab.started[-1].job.title == "s1"


def test_equal_requests_share_a_job_and_a_finished_one_needs_no_new_run(tmp_path):
    lab = Lab(tmp_path)
    job = lab.submit("x")
    assert lab.submit("x", "b") is job
    lab.end(0)
    assert job.state == "done" and lab.submit("x") is job and len(lab.started) == 1


def test_a_job_that_failed_says_why_and_may_be_tried_again(tmp_path):
    lab = Lab(tmp_path)
    lab.submit("x")
    job = lab.end(0, sentence="citizens is too large.")
    assert (job.state, job.sentence) == ("failed", "citizens is too large.")
    assert lab.submit("x").state == "running"


def test_a_process_that_dies_leaves_a_sentence(tmp_path):
    lab = Lab(tmp_path)
    job = lab.submit("x")
    (job.folder / "log.txt").write_text("Traceback …\nMemoryError\n")
    lab.started[0].code = -9
    lab.started[0].stop(0)
    while not job.finished:
        time.sleep(0.005)
    assert job.state == "failed" and "MemoryError" in job.sentence


def test_what_is_too_much_is_refused_with_a_sentence(tmp_path):
    lab = Lab(tmp_path, processes=1, waiting=2)
    for k in range(3):
        lab.submit(f"x{k}")
    with pytest.raises(Refused, match="2 jobs wait already") as refused:
        lab.submit("x3")
    assert refused.value.status == 429
    lab = Lab(tmp_path / "other", jobs_a_minute=2)
    lab.submit("x0"), lab.submit("x1")
    with pytest.raises(Refused, match="wait a minute"):
        lab.submit("x2")


def test_a_server_that_was_killed_finds_its_jobs_again(tmp_path):
    lab = Lab(tmp_path, processes=1)
    done, running, waiting = lab.submit("x0"), lab.submit("x1"), lab.submit("x2")
    lab.end(0)
    cancelled = lab.queue.cancel(waiting.id)
    lab.queue.store.close()  # as the system does for a process that is killed
    again = Lab(tmp_path, processes=1)
    states = {job.title: job.state for job in again.queue}
    assert states == {"x0": "done", "x1": "running", "x2": "cancelled"}
    assert again.queue.get(done.id).size > 1_000 and cancelled.finished
    assert [fake.job.id for fake in again.started] == [running.id]


def test_requests_for_files_that_are_made_first_never_take_every_thread(tmp_path, monkeypatch):
    lab, hold = Lab(tmp_path), threading.Event()
    job = lab.submit("x")
    monkeypatch.setattr(made, "_make", lambda *_: hold.wait(10))
    refused = []

    def ask():
        try:
            made.made(job, "data.csv", 0)
        except Refused:
            refused.append(hold.is_set())

    asking = [threading.Thread(target=ask) for _ in range(20)]
    for thread in asking:
        thread.start()
    while len(refused) < 12:
        time.sleep(0.005)
    assert refused == [False] * 12  # at once, while eight wait
    hold.set()
    for thread in asking:
        thread.join(10)
    assert len(refused) == 20


def test_damaged_folders_are_left_alone(tmp_path):
    lab = Lab(tmp_path)
    job = lab.submit("x")
    lab.end(0)
    lab.queue.store.close()
    for name, text in (("0" * 16, "{"), ("1" * 16, "[]"), ("2" * 16, '{"kind": "world"}')):
        (tmp_path / "lab" / name).mkdir()
        (tmp_path / "lab" / name / "job.json").write_text(text)
    (tmp_path / "lab" / ("3" * 16)).symlink_to("/")
    assert [job.id for job in Lab(tmp_path).queue] == [job.id]


def test_the_run_that_was_used_longest_ago_makes_room(tmp_path):
    lab = Lab(tmp_path, processes=1, kept=3_500)
    first, second, third = (lab.submit(f"x{k}") for k in range(3))
    lab.end(0), lab.end(1)
    lab.queue.get(first.id)  # somebody looks at it
    lab.end(2)
    assert {job.id for job in lab.queue} == {first.id, third.id}
    assert not second.folder.exists()


def test_one_lab_holds_a_folder(tmp_path):
    lab = Lab(tmp_path)
    with pytest.raises(Exception, match="in use by another lab"):
        Lab(tmp_path)
    lab.queue.close()
    Lab(tmp_path)


@pytest.fixture
def deaf(tmp_path, monkeypatch):
    """Starts a process that has a child, and gives the worker and the number of the child."""
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(map(str, (HERE, HERE.parent / "src"))))
    made = []

    def start(*more):
        made.append(Worker(tmp_path, "helpers.deaf", *more))
        until = time.monotonic() + 60
        while not (children := read_json(tmp_path / "children.json")):
            assert made[0].wait(0) is None and time.monotonic() < until, "it did not start"
            time.sleep(0.02)
        return made[0], children[0]

    yield start
    for worker in made:
        worker.stop(0)


def test_a_process_that_ignores_its_signal_is_gone_within_two_seconds(deaf):
    worker, child = deaf()
    begun = time.monotonic()
    worker.stop(1.0)
    assert time.monotonic() - begun < 2
    time.sleep(0.1)
    assert not _lives(worker.pid) and not _lives(child)


def test_a_process_ends_when_its_server_does(deaf):
    worker, _ = deaf("listening")
    worker.close()  # the system does this when the server ends
    assert worker.wait(10) is not None


def _lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().split(") ")[1][0] != "Z"
    except OSError:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return False
        return not Path("/proc").exists()
