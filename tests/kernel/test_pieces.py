"""Pieces of a loop are compiled apart, kept in files of their own, and made again if lost."""

import subprocess
import sys

import pytest

MODULE = """
import sys
import numpy as np
from underwatch.kernel.compile import apart, nopython, serial

FOLDER = sys.argv[1]

@nopython
def halved(x):
    return x // 2

@apart(seconds=2, folder=FOLDER)
def fill(out, x):
    for k in range(out.shape[0]):
        out[k] = halved(x) + k

@apart(seconds=1, folder=FOLDER)
def double(out):
    for k in range(out.shape[0]):
        out[k] *= 2

def _both(out, x):
    fill(out, x)
    double(out)

both = serial(_both, FOLDER)
"""
USE = """
import sys
sys.path.insert(0, sys.argv[2])
import loop
out = loop.np.zeros(3, loop.np.int64)
loop.both(out, 10)
print(out.tolist(), bool(loop.both.stats.cache_hits))
"""
HELP = """
import sys
sys.path.insert(0, sys.argv[2])
import loop
from underwatch.kernel.pieces import do_a_job
print(do_a_job(loop.FOLDER), do_a_job(loop.FOLDER))
"""


@pytest.fixture
def place(tmp_path):
    (tmp_path / "loop.py").write_text(MODULE)
    (tmp_path / "kept").mkdir(mode=0o700)
    return tmp_path


def started(place, code):
    arguments = [sys.executable, "-c", code, str(place / "kept"), str(place)]
    return subprocess.run(arguments, capture_output=True, text=True, check=True)


def test_a_loop_and_its_pieces_are_made_again_if_one_of_them_is_lost_or_damaged(place):
    first = started(place, USE)
    pieces = sorted(place.glob("kept/loop.*.nbc"))
    assert first.stdout == "[10, 12, 14] False\n" and len(pieces) == 3
    assert not [*place.glob("kept/*.job")]
    damaged, lost = (path for name in ("fill", "double") for path in pieces if name in path.name)
    damaged.write_bytes(damaged.read_bytes()[:-1])
    lost.unlink()
    again = started(place, USE)
    assert again.stdout == "[10, 12, 14] False\n" and "is damaged" in again.stderr
    assert started(place, USE).stdout == "[10, 12, 14] True\n"


def test_a_job_whose_process_has_ended_is_done_by_another(place):
    killed = USE.replace("loop.both(", "loop.fill.piece.dispatcher.compile = _end; loop.both(")
    killed = killed.replace("import loop\n", "import loop, os\ndef _end(_): os._exit(3)\n")
    with pytest.raises(subprocess.CalledProcessError):
        started(place, killed)
    assert len([*place.glob("kept/*.job")]) == 2
    assert started(place, HELP).stdout == "True True\n"
    assert not [*place.glob("kept/*.job")]
    assert started(place, USE).stdout.startswith("[10, 12, 14]")
