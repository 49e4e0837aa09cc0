"""Settings of the compiler that prevent a run are refused in a sentence."""

import os
import subprocess
import sys

import pytest

from underwatch.errors import UserError
from underwatch.kernel.environment import check_environment, short_waits


@pytest.mark.parametrize(
    "name, value, sentence",
    [
        ("NUMBA_NUM_THREADS", "0", "NUMBA_NUM_THREADS is 0, but a run needs at least 1 thread"),
        ("NUMBA_NUM_THREADS", "-3", "NUMBA_NUM_THREADS is -3"),
        ("NUMBA_DISABLE_JIT", "1", "NUMBA_DISABLE_JIT is 1, which switches the compiler off"),
    ],
)
def test_a_setting_that_prevents_a_run_is_named(monkeypatch, name, value, sentence):
    monkeypatch.setenv(name, value)
    with pytest.raises(UserError, match=sentence):
        check_environment()


@pytest.mark.parametrize("value", ["4", "", "many"])
def test_what_the_compiler_accepts_or_ignores_is_accepted(monkeypatch, value):
    monkeypatch.setenv("NUMBA_NUM_THREADS", value)
    check_environment()


@pytest.mark.parametrize("setting", ["NUMBA_NUM_THREADS=0", "NUMBA_DISABLE_JIT=1"])
def test_the_engine_refuses_to_start_under_such_a_setting(setting):
    name, value = setting.split("=")
    found = subprocess.run(
        [sys.executable, "-c", "from underwatch.engine.warmup import *; compile_the_day()"],
        env={**os.environ, name: value},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert found.returncode != 0 and f"UserError: environment: {name} is {value}" in found.stderr


def test_threads_start_with_short_waits_and_nothing_of_it_is_left():
    """In a process of its own, as threads start once: whether they read the setting is asked."""
    code = (
        "import os, numba\n"
        "from underwatch.engine.resources import use_threads\n"
        "start, seen = numba.set_num_threads, []\n"
        "numba.set_num_threads = lambda n: (seen.append(os.environ['GOMP_SPINCOUNT']), start(n))\n"
        "use_threads(1, 10)\n"
        "from numba.np.ufunc import parallel\n"
        "print(seen, 'GOMP_SPINCOUNT' in os.environ, parallel._is_initialized)"
    )
    names = ("GOMP_SPINCOUNT", "OMP_WAIT_POLICY")
    kept = {name: value for name, value in os.environ.items() if name not in names}
    found = subprocess.run([sys.executable, "-c", code], env=kept, capture_output=True, text=True)
    assert found.stdout.strip() == "['10000'] False True", found.stderr


@pytest.mark.parametrize("name, value", [("GOMP_SPINCOUNT", "7"), ("OMP_WAIT_POLICY", "active")])
def test_a_users_own_setting_of_waits_holds(monkeypatch, name, value):
    for other in ("GOMP_SPINCOUNT", "OMP_WAIT_POLICY"):
        monkeypatch.setenv(other, "")  # as before, afterwards
        monkeypatch.delenv(other)
    monkeypatch.setenv(name, value)
    before = dict(os.environ)
    with short_waits():
        assert dict(os.environ) == before
    assert dict(os.environ) == before
