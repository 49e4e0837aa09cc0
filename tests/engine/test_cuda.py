"""A day on a graphics card: the same bits, as far as that can be shown without one."""

import json
import os
import platform
import subprocess
import sys
import sysconfig
from pathlib import Path
from types import SimpleNamespace
from typing import ClassVar

import numpy as np
import pytest

from helpers import device, ptx
from underwatch.engine.cuda.launching import Launcher
from underwatch.engine.cuda.running import GRIDS
from underwatch.errors import UserError

ROOT = Path(__file__).parents[2]
DEVICE = ROOT / ".venv/device"  # numba-cuda and NVIDIA's compiler, which `make test` installs
CITIZENS, DAYS = 200, 34


def test_a_simulated_device_gives_the_state_and_the_counts_of_the_processor():
    arguments = [sys.executable, "-m", "tests.harness.cuda_simulator", str(CITIZENS), str(DAYS)]
    child = subprocess.Popen(
        arguments, cwd=ROOT, stdout=subprocess.PIPE, env={**os.environ, "NUMBA_ENABLE_CUDASIM": "1"}
    )
    simulation = device.run(CITIZENS, DAYS, "cpu")
    printed, _ = child.communicate(timeout=300)
    assert json.loads(printed) == device.digests(simulation)
    assert len(simulation.dead) and len(simulation.lines[-1])  # births and a panel are in it
    assert simulation.daily[:, 0].min() > 0


@pytest.mark.skipif(
    (sys.platform, platform.machine()) != ("linux", "x86_64"),
    reason="the compiler for devices is installed on Linux on x86-64",
)
def test_every_grid_compiles_without_a_device():
    assert GRIDS.keys() == ptx.arguments().keys()
    assert (DEVICE / "ready").exists(), "needs the compiler for devices: make .venv/device/ready"
    python = str(DEVICE / "bin/python")
    arguments = [python, "-m", "tests.harness.device_code", sysconfig.get_path("purelib")]
    compiling = {**os.environ, "NUMBA_ENABLE_CUDASIM": "0"}
    child = subprocess.run(
        arguments, cwd=ROOT, capture_output=True, text=True, timeout=300, env=compiling
    )
    assert set(child.stdout.split()) == set(GRIDS), child.stderr[-3000:]


def test_signals_without_their_table_are_those_of_the_processor():
    from underwatch.engine.cuda.functions import in_lanes
    from underwatch.model.state import SCORE_BITS, all_in_lanes

    flags = np.arange(1 << 11, dtype=np.uint32)
    words = flags << np.uint32(SCORE_BITS) | flags * np.uint32(479) & np.uint32(0xFFFFF)
    assert np.array_equal(in_lanes(words), all_in_lanes(words))


def test_a_mean_without_division_is_that_of_the_processor():
    from underwatch.engine.cuda.functions import mean
    from underwatch.model import state

    totals = np.append(np.arange(4096), (1 << 23) - 1 - np.arange(4096))
    for count in range(1, 32):
        exact = (totals << 16) // count
        assert np.array_equal(mean(totals, count), exact), count
        assert state.mean.py_func(int(totals[-1]), count) == exact[-1]
    assert mean(0, 0) == 0


def test_without_a_device_one_sentence_says_so_before_any_work(monkeypatch):
    import underwatch as uw

    monkeypatch.setattr("numba.cuda.is_available", lambda: False)  # wherever this is tried
    with pytest.raises(UserError, match="device cuda: .* the result is the same to the bit"):
        uw.run("unwatched", citizens=1000, days=1, device="cuda")
    with pytest.raises(UserError, match="device is 'gpu', but it is cpu or cuda."):
        uw.run("unwatched", citizens=1000, days=1, device="gpu")


def test_a_launch_converts_a_nation_once_and_all_else_anew(monkeypatch):
    converted, launched = [], []

    def prepare(kind, value, _stream, to_copy_back, words):
        to_copy_back += ["back"] * (value == "of the processor")
        converted.append(value)
        words += [kind, value]

    types = {"people": "world", "others": "world", "few": "another type", "ties": "work"}
    kernel = SimpleNamespace(
        argument_types=("world", "work", "day"),
        _prepare_args=prepare,
        _codelibrary=SimpleNamespace(get_cufunc=lambda: SimpleNamespace(kernel="compiled")),
    )

    class Grid:
        typeof_pyval = staticmethod(types.__getitem__)
        overloads: ClassVar[dict] = {}

        def __getitem__(self, shape):
            assert shape == (3, 128)
            return self

        def __call__(self, *arguments):  # the first launch: numba-cuda compiles it
            self.overloads["types"] = kernel
            launched.append(arguments)

        stream, griddim, blockdim = "stream", (3, 1, 1), (128, 1, 1)

    core = SimpleNamespace(
        LaunchConfig=lambda grid, block: (grid, block), launch=lambda *words: launched.append(words)
    )
    monkeypatch.setitem(sys.modules, "cuda.core", core)
    monkeypatch.setattr("numba.config.ENABLE_CUDASIM", 0, raising=False)
    launcher, grid, nation = Launcher(), Grid(), ("people", "ties")
    for day in range(3):
        launcher.start(grid, 3, 128, nation, (day,))
    how = "stream", ((3, 1, 1), (128, 1, 1)), "compiled"
    assert launched == [
        ("people", "ties", 0),
        (*how, "world", "people", "work", "ties", "day", 1),
        (*how, "world", "people", "work", "ties", "day", 2),
    ]
    assert converted == ["people", "ties", 1, 2]
    launcher.start(grid, 3, 128, ("others", "ties"), (3,))
    assert launched[-1] == (*how, "world", "others", "work", "ties", "day", 3)
    launcher.forget()
    launcher.start(grid, 3, 128, ("others", "ties"), (4,))
    assert converted[-3:] == ["others", "ties", 4]
    with pytest.raises(TypeError, match="in the processor's memory"):
        launcher.start(grid, 3, 128, ("others", "ties"), ("of the processor",))
    launcher.start(grid, 3, 128, ("few", "ties"), (5,))  # of other types: numba-cuda compiles anew
    assert launched[-1] == ("few", "ties", 5)
